import type {Named} from '../options.ts';
import {checkRecord} from './check.ts';
import type {OptionRecord, OptionsOf} from './option.ts';
import {text} from './option.ts';

/** Options with their defaults: what has one, or must be given, is there. */
export type WithDefaults<Options, Described> = {
  readonly [Key in keyof Omit<Options, 'name'>]-?: Described[Key & keyof Described] extends
    | {readonly default: unknown}
    | {readonly required: true}
    ? Exclude<Options[Key & keyof Options], undefined>
    : Options[Key & keyof Options] | undefined;
};

/**
 * Checks options against their description and fills in the defaults.
 *
 * @param where who complains, such as `'adam'`
 * @throws RegularizerError as {@link checkOption}
 */
export function readOptions<Options extends object, Described extends OptionsOf<Options>>(
  where: string,
  options: Options,
  described: Described,
): WithDefaults<Options, Described> {
  const fields = described as OptionRecord;
  checkRecord(where, '', options, fields);
  return withDefaults(options as Readonly<Record<string, unknown>>, fields) as WithDefaults<
    Options,
    Described
  >;
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
  const given = (options as {readonly name?: unknown} | null | undefined)?.name;
  checkRecord(typeof given === 'string' && given !== '' ? given : technique, '', options, fields);
  // Without a name of the user's, `Name` is the technique's.
  return {name: technique, ...withDefaults(options as never, fields)} as never;
}

function withDefaults(
  options: Readonly<Record<string, unknown>>,
  fields: OptionRecord,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, option]) => {
      const value = options[key] ?? option.default;
      return value === undefined ? [] : [[key, value]];
    }),
  );
}
