import {
  type AnyOption,
  checkTechnique,
  computed,
  type OptionRecord,
  searchSpace,
  type Technique,
} from '@regularizers/core';
import {
  type Condition,
  type IntervalParameter,
  isActive,
  isInterval,
  type Parameter,
  type Point,
} from './parameter.ts';

type Options = Readonly<Record<string, unknown>>;

/** A technique as a search may take it into a composition, or leave it out. */
export interface Part {
  /** What it is called in points and reports: the technique's name, unless it is there twice. */
  readonly name: string;
  readonly technique: Technique;
  /** Options that are not searched. */
  readonly options: Options;
  /** What is searched, in the order of the technique's options. */
  readonly parameters: readonly Parameter[];
  /** How strong it is, where a number says so: what it is tuned by alone. */
  readonly strength: IntervalParameter | undefined;
}

/** A technique to search over, with options that stay as they are. */
export interface PartChoice {
  readonly technique: Technique;
  /** Options that are not searched. @defaultValue the technique's `example` */
  readonly options?: Options;
  /** @defaultValue the technique's name */
  readonly name?: string;
}

/**
 * What a search draws for a technique: from what the technique says of itself, less what is given.
 *
 * @throws RegularizerError for what is no technique
 *
 * @example
 * ```ts
 * import {techniques} from '@regularizers/dropout';
 *
 * const [dropout] = techniques;
 * partOf({technique: dropout}).parameters[0];
 * // {key: 'dropout.rate', search: {from: 0.05, to: 0.7, scale: 'linear'}, integer: false, default: 0.5, when: []}
 * ```
 */
export function partOf(choice: PartChoice): Part {
  return computed('partOf', {choice}, () => {
    const {technique, options = technique.example ?? {}, name = technique.name} = choice;
    checkTechnique(technique);
    const parameters = parametersOfTechnique(technique, options, name);
    return {name, technique, options, parameters, strength: strengthAmong(parameters, technique, name)};
  });
}

/**
 * The space of compositions: settings of training, whether each part is on, and the options of those that are.
 *
 * @param settings what belongs to training itself, such as the learning rate
 * @throws RegularizerError with code `not-computable` for what are no parts
 */
export function parametersOf(
  parts: readonly Part[],
  settings: readonly Parameter[] = [],
): readonly Parameter[] {
  return computed('parametersOf', {parts, settings}, () => [
    ...settings,
    ...parts.flatMap(({name, parameters}) => [
      {key: name, search: {values: [false, true]}, integer: false, when: []},
      ...parameters.map((parameter) => ({
        ...parameter,
        when: [{key: name, values: [true]}, ...parameter.when],
      })),
    ]),
  ]);
}

/** A part of a composition, with all its options: what a recipe has. */
export interface ChosenPart {
  readonly name: string;
  readonly technique: Technique;
  readonly options: Options;
}

/** The parts that are on at a point, with their options. */
export function chosenParts(parts: readonly Part[], point: Point): readonly ChosenPart[] {
  return computed('chosenParts', {parts, point}, () =>
    parts
      .filter(({name}) => point[name] === true)
      .map(({name, technique, options, parameters}) => ({
        name,
        technique,
        options: parameters
          .filter((parameter) => isActive(parameter, point) && point[parameter.key] !== undefined)
          .reduce<Options>((all, {key}) => withOption(all, pathOf(key, name), point[key]), options),
      })),
  );
}

const pathOf = (key: string, name: string): readonly string[] => key.slice(name.length + 1).split('.');

function withOption(options: Options, [key = '', ...rest]: readonly string[], value: unknown): Options {
  if (rest.length === 0) return {...options, [key]: value};
  return {...options, [key]: withOption((options[key] ?? {}) as Options, rest, value)};
}

function parametersOfTechnique(technique: Technique, given: Options, name: string): readonly Parameter[] {
  const free = searchSpace(technique).filter(({path}) => valueIn(given, path.split('.')) === undefined);
  const keys = new Set(free.map(({path}) => path));
  return free.flatMap(({path, search, integer, default: initial, when = {}}) => {
    const beside = path.split('.').slice(0, -1);
    const conditions = Object.entries(when).map(([key, values]) => {
      const other = [...beside, key];
      const otherwise = valueIn(given, other) ?? optionAt(technique.options, other)?.default;
      return {key: other.join('.'), values, otherwise};
    });
    // What is not searched is what it is: its condition is met always, or never.
    const fixed = conditions.filter(({key}) => !keys.has(key));
    if (!fixed.every(({values, otherwise}) => values.includes(otherwise))) return [];
    const open: readonly Condition[] = conditions
      .filter(({key}) => keys.has(key))
      .map((condition) => ({...condition, key: `${name}.${condition.key}`}));
    const start = initial === undefined ? {} : {default: initial};
    return [{key: `${name}.${path}`, search, integer, ...start, when: open}];
  });
}

/** The first interval of an option at which the technique can do nothing; else the first interval. */
function strengthAmong(
  parameters: readonly Parameter[],
  {options}: Technique,
  name: string,
): IntervalParameter | undefined {
  const intervals = parameters.filter(isInterval);
  const isStrength = ({key}: Parameter): boolean =>
    optionAt(options, pathOf(key, name))?.nothing !== undefined;
  return intervals.find(isStrength) ?? intervals[0];
}

const valueIn = (options: Options, [key = '', ...rest]: readonly string[]): unknown =>
  rest.length === 0 ? options[key] : valueIn((options[key] ?? {}) as Options, rest);

function optionAt(fields: OptionRecord, [key = '', ...rest]: readonly string[]): AnyOption | undefined {
  const found = fields[key];
  if (rest.length === 0 || !found) return found;
  return found.kind === 'record' ? optionAt(found.fields, rest) : undefined;
}
