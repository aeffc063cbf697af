import type {SearchInterval} from '@regularizers/core';
import type {z} from 'zod';
import {partsOf, type SchemaPart} from '../../schema-words.ts';
import type {Field, Range} from './field.ts';
import {spaced} from './words.ts';

/** What a person is told about an option that its schema doesn't say. */
export interface Words {
  readonly label?: string;
  readonly help?: string;
  readonly empty?: string;
  readonly advanced?: boolean;
  readonly step?: number;
  readonly slider?: SearchInterval;
  readonly unit?: string;
}

/** A control per option of a schema, with that schema's ranges and defaults; `name` is chosen elsewhere. */
export function schemaFields(
  schema: z.ZodObject,
  words: Readonly<Record<string, Words>> = {},
): readonly Field[] {
  const {properties = {}} = partsOf(schema);
  return Object.entries(properties)
    .filter(([key]) => key !== 'name')
    .map(([key, property]) => toField(key, property, words[key] ?? {}));
}

function toField(key: string, property: SchemaPart, {label, unit, step, slider, ...rest}: Words): Field {
  const base = {key, label: label ?? spaced(key), ...rest};
  const {type, default: initial} = property;
  if (property.enum) {
    return {
      ...base,
      kind: 'choice',
      choices: property.enum.map(String),
      ...(typeof initial === 'string' ? {initial} : {}),
    };
  }
  if (type === 'boolean') return {...base, kind: 'flag', initial: initial === true};
  if (type === 'array') return {empty: String(initial), ...base, kind: 'numbers'};
  if (type !== 'integer' && type !== 'number') return {...base, kind: 'text'};
  return {
    ...base,
    kind: 'number',
    ...rangeOf(property),
    ...(step === undefined ? {} : {step}),
    ...(slider === undefined ? {} : {slider}),
    ...(unit === undefined ? {} : {unit}),
    ...(typeof initial === 'number' ? {initial} : {}),
  };
}

function rangeOf(property: SchemaPart): Range {
  const {type, minimum: min, maximum: max, exclusiveMinimum: above, exclusiveMaximum: below} = property;
  return {
    integer: type === 'integer',
    ...(min === undefined ? {} : {min}),
    ...(max === undefined ? {} : {max}),
    ...(above === undefined ? {} : {above}),
    ...(below === undefined ? {} : {below}),
  };
}
