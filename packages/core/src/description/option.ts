import type {LayerInfo, PortInfo, SiteInfo, WeightInfo} from '../info.ts';
import type {NumberRange} from './ranges.ts';
import type {Selector} from './selector.ts';

declare const type: unique symbol;

/** Holds the type of an option's values, exactly: neither a wider nor a narrower one stands for it. */
interface Typed<Value> {
  readonly [type]?: (value: Value) => Value;
}

/** What every option says of itself. */
export interface OptionWords {
  /** One sentence on what it does. */
  readonly about: string;
  /** What is taken where it is left out. */
  readonly default?: unknown;
  /** The same in words, where it is no plain value: `'outputs of hidden dense layers'`. */
  readonly otherwise?: string;
  /** It can't be left out. */
  readonly required?: true;
  /** At this value the technique does nothing. */
  readonly nothing?: unknown;
  /** Such as `'pixels'` or `'degrees'`. */
  readonly unit?: string;
  /** It may be given only where other options have one of these values. */
  readonly when?: Readonly<Record<string, readonly unknown[]>>;
  /** Few change it: forms and tables put it last. */
  readonly rare?: true;
  /** What a search draws from; left out, it leaves the option alone. */
  readonly search?: SearchInterval | SearchValues;
}

/** Where a search draws a number from, both ends included. */
export interface SearchInterval {
  readonly from: number;
  readonly to: number;
  /** What is drawn uniformly: the number, its logarithm, or for numbers near 1, such as a decay, that of 1 less it. */
  readonly scale: 'linear' | 'log' | 'logOfRest';
}

/** A few values that a search picks from. */
export interface SearchValues<Value = unknown> {
  readonly values: readonly Value[];
}

/** What an option is, as data: everything that reads options goes by this. */
export type OptionKind =
  | ({readonly kind: 'number'} & NumberRange)
  | {readonly kind: 'flag'}
  | {readonly kind: 'choice'; readonly choices: readonly string[]}
  /** A text that is not empty. */
  | {readonly kind: 'text'}
  /** A name, a glob, a predicate, or a list of those, and what it is that they choose. */
  | {
      readonly kind: 'selector';
      readonly of: 'trained weights' | 'weights' | 'sites' | 'inputs' | 'outputs' | 'layers';
    }
  | {readonly kind: 'null'}
  | {
      readonly kind: 'list';
      readonly of: AnyOption;
      /** Exactly so many. */
      readonly length?: number;
      /** At least so many. @defaultValue 0 */
      readonly least?: number;
      /** Each is larger than the one before; `'weakly'` allows equal ones. */
      readonly ascending?: 'strictly' | 'weakly';
      /** No two are the same. */
      readonly distinct?: boolean;
    }
  | {readonly kind: 'record'; readonly fields: OptionRecord}
  | {readonly kind: 'oneOf'; readonly options: readonly AnyOption[]}
  /** A plugin; in JSON, a technique's name and options. */
  | {readonly kind: 'plugin'}
  /** A value that JSON can't hold: a function, a model. */
  | {readonly kind: 'instance'; readonly what: string; readonly is: (value: unknown) => boolean};

/** An option whose values have any type. */
export type AnyOption = OptionWords & OptionKind;

/** Options by name. */
export type OptionRecord = Readonly<Record<string, AnyOption>>;

/** The description of an option whose values are of one type. */
export type Option<Value> = AnyOption & Typed<Value>;

/** The description of an option that chooses some of a model's weights, sites, inputs, outputs or layers. */
export type SelectorOption<Info = never> = OptionWords &
  Extract<OptionKind, {kind: 'selector'}> &
  Typed<Selector<Info>> & {readonly default?: Selector<Info>};

/**
 * A description of every option of an interface, `name` apart, which all plugins have: no more, no less, and each of its type.
 *
 * @example
 * ```ts
 * import type {OptionsOf, Selector, SiteInfo} from '@regularizers/core';
 *
 * interface DropOptions {
 *   readonly rate?: number;
 *   readonly at?: Selector<SiteInfo>;
 * }
 * const about = 'Probability that a unit is dropped.';
 * const described = {
 *   rate: option.number({min: 0, max: 1, maxExclusive: true, default: 0.5, nothing: 0, about}),
 *   at: option.sites({about: 'Where values are dropped.', required: true}),
 * } satisfies OptionsOf<DropOptions>;
 * ```
 */
export type OptionsOf<Options> = {
  readonly [Key in keyof Omit<Options, 'name'>]-?: Option<Exclude<Options[Key & keyof Options], undefined>> &
    (undefined extends Options[Key & keyof Options] ? unknown : {readonly required: true});
};

/** A description that is shared: which of its options have a default is a part of its type. */
export type OptionsWithDefaults<Options, Defaulted extends keyof Options> = OptionsOf<Options> & {
  readonly [Key in Defaulted]-?: {readonly default: unknown};
};

/** What an option's words say of its presence, kept for the type of what is read. */
type Presence<Words> = Pick<Words, Extract<keyof Words, 'default' | 'required'>>;

/** Words whose default is of the option's own type, and what is searched: an interval only where a number will do. */
type WordsFor<Value> = Omit<OptionWords, 'search'> & {
  readonly default?: Value;
  readonly search?: SearchValues<Value> | ([number] extends [Value] ? SearchInterval : never);
};

/** An option out of what it is and what its maker says of it, whose types only makers know. */
function made<Made extends AnyOption>(kind: object, words: object): Made {
  return {...kind, ...words} as Made;
}

/** A finite number. */
export function number<const Words extends WordsFor<number> & NumberRange>(
  words: Words,
): Option<number> & Presence<Words> {
  return made({kind: 'number'}, words);
}

/** An integer. */
export function integer<const Words extends WordsFor<number> & NumberRange>(
  words: Words,
): Option<number> & Presence<Words> {
  return made({kind: 'number', integer: true}, words);
}

/** True or false. */
export function flag<const Words extends WordsFor<boolean>>(words: Words): Option<boolean> & Presence<Words> {
  return made({kind: 'flag'}, words);
}

/** One of a few words. */
export function choice<const Choice extends string, const Words extends WordsFor<NoInfer<Choice>>>(
  choices: readonly Choice[],
  words: Words,
): Option<Choice> & Presence<Words> {
  return made({kind: 'choice', choices}, words);
}

/** A text that is not empty. */
export function text<const Words extends WordsFor<string>>(words: Words): Option<string> & Presence<Words> {
  return made({kind: 'text'}, words);
}

/** Words of an option that chooses: its default is a selector, which `otherwise` says in words. */
type WordsForSelector<Info> = WordsFor<Selector<Info>> &
  ({readonly default?: never} | {readonly otherwise: string});

const selector =
  <Info>(of: SelectorOption['of']) =>
  <const Words extends WordsForSelector<Info>>(words: Words): SelectorOption<Info> & Presence<Words> =>
    made({kind: 'selector', of}, words);

/** Which of the weights that the optimizer trains, plugins' own included; other weights are out of reach. */
export const weights: <const Words extends WordsForSelector<WeightInfo>>(
  words: Words,
) => SelectorOption<WeightInfo> & Presence<Words> = selector<WeightInfo>('trained weights');

/** Which weights, frozen and derived ones and statistics included. */
export const anyWeights: <const Words extends WordsForSelector<WeightInfo>>(
  words: Words,
) => SelectorOption<WeightInfo> & Presence<Words> = selector<WeightInfo>('weights');

/** Which sites: layers' outputs. */
export const sites: <const Words extends WordsForSelector<SiteInfo>>(
  words: Words,
) => SelectorOption<SiteInfo> & Presence<Words> = selector<SiteInfo>('sites');

/** Which inputs of the model. */
export const inputs: <const Words extends WordsForSelector<PortInfo>>(
  words: Words,
) => SelectorOption<PortInfo> & Presence<Words> = selector<PortInfo>('inputs');

/** Which outputs of the model. */
export const outputs: <const Words extends WordsForSelector<PortInfo>>(
  words: Words,
) => SelectorOption<PortInfo> & Presence<Words> = selector<PortInfo>('outputs');

/** Which layers that have weights, models within the model included. */
export const layers: <const Words extends WordsForSelector<LayerInfo>>(
  words: Words,
) => SelectorOption<LayerInfo> & Presence<Words> = selector<LayerInfo>('layers');

/** The entry `null` of a list. */
export const nothing: Option<null> = {kind: 'null', about: 'null'};

/** How long a list is and how it is ordered. */
type ListRules = Pick<Extract<OptionKind, {kind: 'list'}>, 'length' | 'least' | 'ascending' | 'distinct'>;

/** A list whose type is that of `Value`, such as a pair. */
export function list<Value extends readonly unknown[]>(
  of: Option<Value[number]>,
): <const Words extends WordsFor<Value> & ListRules>(words: Words) => Option<Value> & Presence<Words> {
  return (words) => made({kind: 'list', of}, words);
}

/** Nested options. */
export function record<Value extends object>(
  fields: OptionsOf<Value>,
): <const Words extends WordsFor<Value>>(words: Words) => Option<Value> & Presence<Words> {
  return (words) => made({kind: 'record', fields}, words);
}

/** A value of one of several kinds, the plainest first. */
export function oneOf<Value>(
  ...options: readonly AnyOption[]
): <const Words extends WordsFor<Value>>(words: Words) => Option<Value> & Presence<Words> {
  return (words) => made({kind: 'oneOf', options}, words);
}

/** A value that JSON can't hold. `what` says in words what it is: `'a function such as generalizationLoss(5)'`. */
export function instance<Value>(
  what: string,
  is: (value: unknown) => boolean,
): <const Words extends WordsFor<Value>>(words: Words) => Option<Value> & Presence<Words> {
  return (words) => made({kind: 'instance', what, is}, words);
}

/** A plugin, as a factory makes it. */
export function plugin<Plugin>(words: OptionWords): Option<Plugin> {
  return {kind: 'plugin', ...words};
}

/** A function. */
export function callback<Value>(
  what = 'a function',
): <const Words extends WordsFor<Value>>(words: Words) => Option<Value> & Presence<Words> {
  return instance<Value>(what, (value) => typeof value === 'function');
}

/** The smallest and the largest of something, in order. */
export function interval<
  const Words extends WordsFor<readonly [min: number, max: number]> & {readonly ascending?: 'strictly'},
>(range: NumberRange, words: Words): Option<readonly [min: number, max: number]> & Presence<Words> {
  const of = {kind: 'number', ...range, about: words.about};
  return made({kind: 'list', of, length: 2, ascending: 'weakly'}, words);
}
