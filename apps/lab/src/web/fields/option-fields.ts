import {type AnyOption, isMeant, type OptionRecord} from '@regularizers/core';
import type {
  Alternative,
  Field,
  LeafField,
  ListField,
  NumberField,
  OneOfField,
  Options,
  Range,
  TechniqueField,
} from './field.ts';
import {isOptions, valueAt} from './value.ts';
import {spaced} from './words.ts';

/** The field of a technique within a technique, but for its words. */
export type NestedTechnique = Pick<TechniqueField, 'choices'> & {
  readonly fields: (name: string, key: string) => readonly Field[];
};

/**
 * A field per described option, nested ones included; none for what JSON can't hold.
 *
 * @param nested how a technique within a technique is asked for
 * @param before the place of the options among others, with a dot behind it: `techniques.0.`
 */
export function optionFields(fields: OptionRecord, nested: NestedTechnique, before = ''): readonly Field[] {
  return Object.entries(fields).flatMap(([key, option]) => {
    const field = fieldOf(`${before}${key}`, spaced(key), option, nested);
    if (!field) return [];
    const beside = (options: Options): Options =>
      before === '' ? options : ((valueAt(options, before.slice(0, -1)) ?? {}) as Options);
    return [
      option.when ? {...field, when: (options: Options) => isMeant(option, beside(options), fields)} : field,
    ];
  });
}

function fieldOf(key: string, label: string, option: AnyOption, nested: NestedTechnique): Field | undefined {
  const {about, otherwise, rare, default: initial} = option;
  const base = {
    key,
    label,
    help: about,
    ...(rare ? {advanced: true} : {}),
    ...(otherwise === undefined ? {} : {empty: otherwise}),
  };
  switch (option.kind) {
    case 'number':
      return {...base, ...numeric(option)};
    case 'flag':
      return {...base, kind: 'flag', initial: initial === true};
    case 'choice': {
      const usual = initial ?? otherwise;
      const isOne = typeof usual === 'string' && option.choices.includes(usual);
      return {...base, kind: 'choice', choices: option.choices, ...(isOne ? {initial: usual} : {})};
    }
    case 'text':
      return {...base, kind: 'text', ...emptyOf(initial)};
    case 'selector':
      return {...base, kind: 'words', lone: true};
    case 'null':
      return {...base, kind: 'json'};
    case 'instance':
      return undefined;
    case 'record':
      return {...base, kind: 'record', fields: optionFields(option.fields, nested, `${key}.`)};
    case 'list':
      return isPlain(option.of)
        ? {...base, kind: isNumeric(option.of) ? 'numbers' : 'words', ...emptyOf(initial)}
        : listField(base, option.of, nested);
    case 'oneOf':
      return oneOfField(base, option, nested);
    case 'plugin':
      return {
        ...base,
        kind: 'technique',
        choices: nested.choices,
        fields: (name) => nested.fields(name, `${key}.`),
      };
  }
}

type Base = Pick<Field, 'key' | 'label' | 'help' | 'advanced' | 'empty'> & {readonly help: string};

function listField(base: Base, of: AnyOption, nested: NestedTechnique): ListField {
  return {
    ...base,
    kind: 'list',
    entry: (key) => {
      const entry = fieldOf(key, `${Number(key.slice(key.lastIndexOf('.') + 1)) + 1}`, of, nested)!;
      return {...entry, help: ''};
    },
    start: startOf(of, nested),
  };
}

function oneOfField(
  base: Base,
  option: Extract<AnyOption, {kind: 'oneOf'}>,
  nested: NestedTechnique,
): Field | undefined {
  const {default: initial, unit, search, about, otherwise, rare} = option;
  const inherited = Object.fromEntries(
    Object.entries({default: initial, unit, search}).filter(([, value]) => value !== undefined),
  );
  const options = option.options.filter(({kind}) => kind !== 'instance');
  const [first] = options;
  if (!first) return undefined;
  if (options.length === 1) {
    const words = {about, ...(otherwise === undefined ? {} : {otherwise}), ...(rare ? {rare} : {})};
    return fieldOf(base.key, base.label, {...first, ...inherited, ...words}, nested);
  }
  if (options.every((one) => isPlain(one) || (one.kind === 'list' && isPlain(one.of)))) {
    const kind = options.some((one) => isNumeric(one)) ? 'numbers' : 'words';
    return {...base, kind, lone: true, ...emptyOf(initial)};
  }
  const alternatives = options.flatMap((one, index): Alternative[] => {
    const label = one.about.split(/[;:.]/)[0]!;
    const field = fieldOf(base.key, label, {...one, ...(index === 0 ? inherited : {})}, nested);
    if (!field) return [];
    return [
      {label, field: {...field, help: ''}, start: startOf(one, nested), holds: (value) => isOf(one, value)},
    ];
  });
  return {...base, kind: 'oneOf', alternatives} satisfies OneOfField;
}

/** What is one word or number in a text. */
function isPlain(option: AnyOption): boolean {
  if (option.kind === 'oneOf') return option.options.every(isPlain);
  return ['number', 'null', 'choice', 'text', 'selector'].includes(option.kind);
}

function isNumeric(option: AnyOption): boolean {
  if (option.kind === 'oneOf') return option.options.some(isNumeric);
  return option.kind === 'number' || (option.kind === 'list' && isNumeric(option.of));
}

function isOf({kind}: AnyOption, value: unknown): boolean {
  if (kind === 'list') return Array.isArray(value);
  return isOptions(value) === (kind === 'record' || kind === 'plugin');
}

function startOf({kind}: AnyOption, {choices}: NestedTechnique): unknown {
  if (kind === 'plugin') return {name: choices[0]?.name};
  if (kind === 'record') return {};
  return kind === 'list' ? [] : undefined;
}

const emptyOf = (initial: unknown): Pick<LeafField, 'empty'> => {
  if (initial === undefined) return {};
  return {empty: Array.isArray(initial) ? initial.map(String).join(', ') : String(initial)};
};

function numeric(
  option: Extract<AnyOption, {kind: 'number'}>,
): Pick<NumberField, 'kind' | 'unit' | 'initial' | 'slider'> & Range {
  const {min, max, minExclusive, maxExclusive, integer, unit, search, default: initial} = option;
  const step = stepOf(option);
  return {
    kind: 'number',
    ...(min === undefined ? {} : {[minExclusive ? 'above' : 'min']: min}),
    ...(max === undefined ? {} : {[maxExclusive ? 'below' : 'max']: max}),
    ...(integer ? {integer} : {}),
    ...(step === undefined ? {} : {step}),
    ...(unit === undefined ? {} : {unit}),
    ...(typeof initial === 'number' ? {initial} : {}),
    ...(search && 'scale' in search ? {slider: search} : {}),
  };
}

/** What the arrows add: about a twentieth of the interval that is worth trying, or the default's own power of ten. */
function stepOf({search, default: initial, ...option}: AnyOption): number | undefined {
  if (!search || 'values' in search || ('integer' in option && option.integer)) return undefined;
  const {from, to, scale} = search;
  if (scale === 'linear') return rounded((to - from) / 20);
  const usual = typeof initial === 'number' && initial > 0 ? initial : from;
  return powerOfTen(scale === 'log' ? usual : 1 - usual);
}

/** The largest 1, 2 or 5 times a power of ten that is not above a number. */
function rounded(value: number): number {
  const power = powerOfTen(value);
  const factor = [5, 2].find((one) => one * power <= value * (1 + 1e-9)) ?? 1;
  return Number((factor * power).toPrecision(1));
}

const powerOfTen = (value: number): number =>
  Number((10 ** Math.floor(Math.log10(value) + 1e-9)).toPrecision(1));
