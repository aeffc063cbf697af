import type {AnyOption, OptionRecord} from './option.ts';

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The JSON Schema of an object of options: nothing but what is described, and all that is required. */
export function toJsonSchema(fields: OptionRecord): JsonSchema {
  const required = Object.entries(fields).flatMap(([key, option]) => (option.required ? [key] : []));
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(fields).map(([key, option]) => [key, {...schemaOf(option), ...annotations(option)}]),
    ),
    ...(required.length > 0 ? {required} : {}),
    additionalProperties: false,
  };
}

function annotations({about, default: initial, otherwise, unit}: AnyOption): JsonSchema {
  const words = [about, unit && `In ${unit}.`, otherwise && `Default: ${otherwise}.`]
    .filter(Boolean)
    .join(' ');
  return {description: words, ...(initial === undefined ? {} : {default: initial})};
}

function schemaOf(option: AnyOption): JsonSchema {
  switch (option.kind) {
    case 'number': {
      const {min, max, minExclusive, maxExclusive, integer} = option;
      return {
        type: integer ? 'integer' : 'number',
        ...(min === undefined ? {} : {[minExclusive ? 'exclusiveMinimum' : 'minimum']: min}),
        ...(max === undefined ? {} : {[maxExclusive ? 'exclusiveMaximum' : 'maximum']: max}),
      };
    }
    case 'flag':
      return {type: 'boolean'};
    case 'choice':
      return {enum: option.choices};
    case 'text':
      return {type: 'string', minLength: 1};
    case 'null':
      return {type: 'null'};
    case 'selector': {
      const name = {type: 'string'};
      const names = {type: 'array', items: name};
      return {anyOf: [name, {type: 'array', items: {anyOf: [name, names]}}]};
    }
    case 'list': {
      const {of, length, least, distinct, ascending} = option;
      return {
        type: 'array',
        items: schemaOf(of),
        ...(length === undefined ? {} : {minItems: length, maxItems: length}),
        ...(least === undefined ? {} : {minItems: least}),
        ...(distinct || ascending === 'strictly' ? {uniqueItems: true} : {}),
      };
    }
    case 'record':
      return toJsonSchema(option.fields);
    case 'oneOf':
      return {anyOf: option.options.map(schemaOf).filter((schema) => schema !== nothingInJson)};
    case 'plugin':
      return {type: 'object', properties: {name: {type: 'string', minLength: 1}}, required: ['name']};
    case 'instance':
      return nothingInJson;
  }
}

/** What JSON can't hold. */
const nothingInJson: JsonSchema = {not: {}};
