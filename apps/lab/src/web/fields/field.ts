import type {SearchInterval} from '@regularizers/core';

/** Options of anything in a recipe, as JSON. */
export type Options = Readonly<Record<string, unknown>>;

/** What a number may be, as its control shows it. */
export interface Range {
  readonly min?: number;
  readonly max?: number;
  /** The minimum itself is refused. */
  readonly above?: number;
  /** The maximum itself is refused. */
  readonly below?: number;
  readonly integer?: boolean;
  /** What the arrows of the control add. */
  readonly step?: number;
}

interface FieldBase {
  /** Where in the options it is; a dot leads into nested options: `affine.rotation`. */
  readonly key: string;
  readonly label: string;
  /** A sentence on what it does. */
  readonly help?: string;
  /** What an empty control stands for, in words. */
  readonly empty?: string;
  /** Shown under "More options". */
  readonly advanced?: boolean;
  /** Shown only where this holds. */
  readonly when?: (options: Options) => boolean;
}

/** A number. */
export interface NumberField extends FieldBase, Range {
  readonly kind: 'number';
  readonly unit?: string;
  readonly initial?: number;
  /** The interval that is worth trying, and its scale: what a slider goes over. */
  readonly slider?: SearchInterval;
}

/** One of a few words. */
export interface ChoiceField extends FieldBase {
  readonly kind: 'choice';
  readonly choices: readonly string[];
  readonly initial?: string;
}

/** Yes or no. */
export interface FlagField extends FieldBase {
  readonly kind: 'flag';
  readonly initial: boolean;
}

/**
 * What is typed as text. `words`: names or globs, `numbers`: numbers, `json`: anything. Where `lone` is set, a single
 * entry stands for itself and not for a list of one.
 */
export interface TextField extends FieldBase {
  readonly kind: 'text' | 'words' | 'numbers' | 'json';
  readonly lone?: boolean;
}

/** A field of one control. */
export type LeafField = NumberField | ChoiceField | FlagField | TextField;

/** Options within options. */
export interface RecordField extends FieldBase {
  readonly kind: 'record';
  readonly fields: readonly Field[];
}

/** One of several kinds of values, each with fields of its own at the same place; the plainest first. */
export interface OneOfField extends FieldBase {
  readonly kind: 'oneOf';
  readonly alternatives: readonly Alternative[];
}

/** One of the kinds of values of a {@link OneOfField}. */
export interface Alternative {
  readonly label: string;
  readonly field: Field;
  /** What is put there when it is chosen. */
  readonly start: unknown;
  readonly holds: (value: unknown) => boolean;
}

/** Any number of entries, each with fields of its own. */
export interface ListField extends FieldBase {
  readonly kind: 'list';
  readonly entry: (key: string) => Field;
  /** What a new entry is. */
  readonly start: unknown;
}

/** A technique within a technique: which, and its options. */
export interface TechniqueField extends FieldBase {
  readonly kind: 'technique';
  readonly choices: readonly {readonly name: string; readonly label: string}[];
  readonly fields: (name: string) => readonly Field[];
}

/** A part of a form. */
export type Field = LeafField | RecordField | OneOfField | ListField | TechniqueField;

type Rest<Kind extends Field> = Omit<Kind, 'kind' | 'key' | 'label'>;

export const numberField = (key: string, label: string, rest: Rest<NumberField> = {}): NumberField => ({
  kind: 'number',
  key,
  label,
  ...rest,
});

export const choiceField = (
  key: string,
  label: string,
  choices: readonly string[],
  rest: Omit<Rest<ChoiceField>, 'choices'> = {},
): ChoiceField => ({kind: 'choice', key, label, choices, ...rest});

export const flagField = (
  key: string,
  label: string,
  initial: boolean,
  rest: Omit<Rest<FlagField>, 'initial'> = {},
): FlagField => ({kind: 'flag', key, label, initial, ...rest});

export const textField = (
  kind: TextField['kind'],
  key: string,
  label: string,
  rest: Rest<TextField> = {},
): TextField => ({kind, key, label, ...rest});
