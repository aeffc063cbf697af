import {computed} from '../lib/computed.ts';
import type {JsonSchema} from '../lib/json.ts';
import type {AnyOption, OptionRecord} from './option.ts';
import {rangeSchema} from './ranges.ts';
import {selectorSchema} from './selector.ts';

/** The JSON Schema of an object of options: nothing but what is described, and all that is required. */
export function toJsonSchema(fields: OptionRecord): JsonSchema {
  return computed('toJsonSchema', {fields}, () => recordSchema(fields));
}

function recordSchema(fields: OptionRecord): JsonSchema {
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
  const isPlain = initial !== undefined && typeof initial !== 'function';
  return {description: words, ...(isPlain ? {default: initial} : {})};
}

/** The JSON Schema of one option's values. */
export function schemaOf(option: AnyOption): JsonSchema {
  switch (option.kind) {
    case 'number':
      return rangeSchema(option);
    case 'flag':
      return {type: 'boolean'};
    case 'choice':
      return {enum: option.choices};
    case 'text':
      return {type: 'string', minLength: 1};
    case 'null':
      return {type: 'null'};
    case 'selector':
      return selectorSchema;
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
      return recordSchema(option.fields);
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
