import {looking, memberOf} from '../lib/given.ts';
import {isPlainObject} from '../lib/json.ts';
import {checkRecord} from './check.ts';
import type {OptionRecord, OptionsOf} from './option.ts';
import {text} from './option.ts';
import type {Named} from './ranges.ts';

/** The options that are there in any case: they have a default, or must be given. */
type Given<Described> = {
  [Key in keyof Described]: Described[Key] extends {readonly default: unknown} | {readonly required: true}
    ? Key
    : never;
}[keyof Described];

/** Options with their defaults: what has one, or must be given, is there. */
export type WithDefaults<Options, Described> = Required<Pick<Options, Given<Described> & keyof Options>> &
  Omit<Options, Given<Described> | 'name'>;

/**
 * Checks options against their description and fills in the defaults.
 *
 * @param where who complains, such as `'adam'`
 * @throws RegularizerError as {@link checkOption}, or with code `unreadable` for an object that throws
 */
export function readOptions<Options extends object, Described extends OptionsOf<Options>>(
  where: string,
  options: Options,
  described: Described,
): WithDefaults<Options, Described> {
  return checkedOptions(where, options, described as OptionRecord) as WithDefaults<Options, Described>;
}

const pluginName = text({
  about: 'Name of the plugin: two of one technique in a trainer need different ones.',
});

/**
 * The same for the options of a technique, which may give its plugin another name.
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
): WithDefaults<Options, Described> & {readonly name: Name} {
  const fields: OptionRecord = {name: pluginName, ...(described as OptionRecord)};
  const given = memberOf(options, 'name');
  const where = typeof given === 'string' && given !== '' ? given : technique;
  // Without a name of the user's, `Name` is the technique's.
  return {name: technique, ...checkedOptions(where, options, fields)} as never;
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
        return value === undefined ? [] : [[key, value]];
      }),
    );
  });
}
