import {describeKind} from '@regularizers/core';
import {z} from 'zod';

/** A part of a JSON Schema: as much as the schemas of the lab use. */
export interface SchemaPart {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly items?: SchemaPart;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, SchemaPart>>;
  readonly additionalProperties?: boolean | SchemaPart;
  readonly oneOf?: readonly SchemaPart[];
  readonly anyOf?: readonly SchemaPart[];
}

/** What a schema takes, as a JSON Schema. */
export const partsOf = (schema: z.ZodType): SchemaPart =>
  z.toJSONSchema(schema, {io: 'input', unrepresentable: 'any'}) as SchemaPart;

/** The part of a schema that a path leads to; of alternatives the one that `value` has the name of. */
export function partAt(
  schema: SchemaPart,
  path: readonly PropertyKey[],
  value: unknown,
): SchemaPart | undefined {
  const meant = alternativeOf(schema, value);
  const [key, ...rest] = path;
  if (key === undefined || meant === undefined) return meant;
  const {properties, items, additionalProperties} = meant;
  const others = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  const part = typeof key === 'number' ? items : (properties?.[String(key)] ?? others);
  return part && partAt(part, rest, memberOf(value, key));
}

function alternativeOf(schema: SchemaPart, value: unknown): SchemaPart | undefined {
  const alternatives = schema.oneOf ?? schema.anyOf;
  if (!alternatives) return schema;
  const name = memberOf(value, 'name');
  return alternatives.find(({properties}) => namesOf(properties?.['name']).includes(name)) ?? schema;
}

/** The values of an option that is one of a few. */
export const namesOf = (part: SchemaPart | undefined): readonly unknown[] =>
  part?.const === undefined ? (part?.enum ?? []) : [part.const];

const memberOf = (value: unknown, key: PropertyKey): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

/** What a value may be, in words, such as `an integer in [1, 4096]`; as core says it of techniques' options. */
export function describePart(part: SchemaPart | undefined): string {
  if (!part) return 'something else';
  const choices = namesOf(part);
  if (choices.length > 0) return describeKind({kind: 'choice', choices: choices.map(String), about: ''});
  switch (part.type) {
    case 'number':
    case 'integer':
      return describeKind({kind: 'number', ...rangeOf(part), about: ''});
    case 'boolean':
      return describeKind({kind: 'flag', about: ''});
    case 'string':
      return `a text${describeCount(part.minLength, part.maxLength, 'character')}`;
    case 'array': {
      const each = part.items ? `, each ${describePart(part.items)}` : '';
      return `a list${describeCount(part.minItems, part.maxItems, 'entry', 'entries')}${each}`;
    }
    case 'object':
      return part.properties ? `an object {${Object.keys(part.properties).join(', ')}}` : 'an object';
    case 'null':
      return 'null';
    default:
      return describeAlternatives(part.oneOf ?? part.anyOf ?? []);
  }
}

function describeAlternatives(alternatives: readonly SchemaPart[]): string {
  const words = [...new Set(alternatives.map((each) => describePart(each)))];
  return words.length > 0 ? words.join(', or ') : 'something else';
}

function rangeOf({type, minimum, maximum, exclusiveMinimum, exclusiveMaximum}: SchemaPart): {
  readonly integer: boolean;
  readonly min?: number;
  readonly max?: number;
} {
  const [min, max] = [exclusiveMinimum ?? minimum, exclusiveMaximum ?? maximum];
  return {
    integer: type === 'integer',
    // Every integer has the bounds of what a number holds exactly.
    ...(min === undefined || min === Number.MIN_SAFE_INTEGER ? {} : {min}),
    ...(max === undefined || max === Number.MAX_SAFE_INTEGER ? {} : {max}),
    ...(exclusiveMinimum === undefined ? {} : {minExclusive: true}),
    ...(exclusiveMaximum === undefined ? {} : {maxExclusive: true}),
  };
}

function describeCount(
  least: number | undefined,
  most: number | undefined,
  one: string,
  many = `${one}s`,
): string {
  const noun = (count: number): string => (count === 1 ? one : many);
  if (least !== undefined && most !== undefined) {
    return least === most ? ` of ${least} ${noun(least)}` : ` of ${least} to ${most} ${many}`;
  }
  if (least !== undefined) return ` of ${least} or more ${many}`;
  return most === undefined ? '' : ` of at most ${most} ${noun(most)}`;
}
