import type {LayerInfo, PortInfo, Settings, SiteInfo, WeightInfo} from '../info.ts';
import {looking, memberOf} from '../lib/given.ts';
import {isPlainObject} from '../lib/json.ts';
import {checkRecord} from './check.ts';
import {checkDescription} from './check-description.ts';
import {type Choice, choosing} from './choose.ts';
import type {AnyOption, OptionRecord, OptionsOf, SelectorOption} from './option.ts';
import {text} from './option.ts';
import type {Named} from './ranges.ts';
import type {Selector} from './selector.ts';

/** The options that are there in any case: they have a default, or must be given. */
type Given<Described> = {
  [Key in keyof Described]: Described[Key] extends {readonly default: unknown} | {readonly required: true}
    ? Key
    : never;
}[keyof Described];

/** Options as they are read: what has a default, or must be given, is there, and selectors have become choices. */
export type WithDefaults<Options, Described> = Read<
  Required<Pick<Options, Given<Described> & keyof Options>> & Omit<Options, Given<Described> | 'name'>
>;

type Read<Options> = {
  readonly [Key in keyof Options]:
    | Chosen<Exclude<Options[Key], undefined>>
    | Extract<Options[Key], undefined>;
};

type Chosen<Value> =
  Is<Value, Selector<WeightInfo>> extends true
    ? Choice<WeightInfo>
    : Is<Value, Selector<SiteInfo>> extends true
      ? Choice<SiteInfo>
      : Is<Value, Selector<PortInfo>> extends true
        ? Choice<PortInfo>
        : Is<Value, Selector<LayerInfo>> extends true
          ? Choice<LayerInfo>
          : Value;

/** The same type, neither wider nor narrower. */
type Is<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;

/**
 * Checks options against their description, and fills in the defaults. A selector becomes a {@link Choice}: a function
 * from what `setup` is given to what it selects there.
 *
 * @param where who complains, such as `'adam'`
 * @throws RegularizerError as {@link checkOption}, or with code `unreadable` for an object that throws; for a
 *   description that is none, too
 */
export function readOptions<Options extends object, Described extends OptionsOf<Options>>(
  where: string,
  options: Options,
  described: Described,
): WithDefaults<Options, Described> {
  checkDescription(where, '', described);
  return checkedOptions(where, options, described) as WithDefaults<Options, Described>;
}

const pluginName = text({
  about: 'Name of the plugin: two of one technique in a trainer need different ones.',
});

/** What a technique's factory begins with: beside its options the plugin's `name` and `settings`, to be handed on. */
export type ReadTechnique<Name extends string, Options, Described> = WithDefaults<Options, Described> & {
  readonly name: Name;
  readonly settings: Settings;
};

/**
 * The same for the options of a technique, which may give its plugin another name. All of them together are the plugin's
 * `settings`, so that no factory lists them again.
 *
 * @param technique what it is called otherwise
 * @throws RegularizerError as {@link checkOption}
 */
export function readTechnique<
  Name extends string,
  Options extends Named<Name>,
  Described extends OptionsOf<Options>,
>(
  technique: string,
  options: Options & Named<Name>,
  described: Described,
): ReadTechnique<Name, Options, Described> {
  checkDescription(technique, '', described);
  const fields: OptionRecord = {name: pluginName, ...described};
  const given = memberOf(options, 'name');
  const where = typeof given === 'string' && given !== '' ? given : technique;
  const {name = technique, ...settings} = checkedOptions(where, options, fields);
  // Without a name of the user's, `Name` is the technique's.
  return {...settings, name, settings} as never;
}

function chosenBy(
  where: string,
  key: string,
  option: AnyOption,
  given: unknown,
): Choice<{readonly name: string}> {
  return choosing(where, key, option as SelectorOption<{readonly name: string}>, given as string | undefined);
}

/** Looks at what was given once, so that what is used is what was checked. */
function checkedOptions(
  where: string,
  given: unknown,
  fields: OptionRecord,
): Readonly<Record<string, unknown>> {
  return looking(where, 'options', () => {
    const options: unknown = isPlainObject(given) ? {...given} : given;
    checkRecord(where, '', options, fields);
    return Object.fromEntries(
      Object.entries(fields).flatMap(([key, option]) => {
        const value = options[key] ?? option.default;
        if (value === undefined) return [];
        return [[key, option.kind === 'selector' ? chosenBy(where, key, option, options[key]) : value]];
      }),
    );
  });
}
