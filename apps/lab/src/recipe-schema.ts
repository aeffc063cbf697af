import {type JsonSchema, type Technique, toJsonSchema} from '@regularizers/core';
import {z} from 'zod';
import {recipeSchema} from './recipe.ts';
import {type LabPlugin, mostRegularizers, techniques} from './regularizers.ts';

/**
 * The JSON Schema of recipes, with every technique that there is: for editors, and for programs that write recipes.
 *
 * @param plugins what is loaded beside the lab's own packages
 */
export function recipeJsonSchema(plugins: readonly LabPlugin[] = []): JsonSchema {
  const {properties, ...rest} = z.toJSONSchema(recipeSchema, {io: 'input'}) as {
    readonly properties: Readonly<Record<string, unknown>>;
  };
  const own = techniques.map((technique) => schemaOf(technique));
  const others = plugins.flatMap(({use, techniques}) =>
    techniques.map((technique) => schemaOf(technique, use)),
  );
  const regularizers = {type: 'array', maxItems: mostRegularizers, items: {oneOf: [...own, ...others]}};
  return {...rest, properties: {...properties, regularizers}};
}

function schemaOf(technique: Technique, use?: string): JsonSchema {
  const {name, about, example} = technique;
  const {properties, required, ...rest} = toJsonSchema(technique.options) as {
    readonly properties: Readonly<Record<string, unknown>>;
    readonly required?: readonly string[];
  };
  const fixed = {...(use === undefined ? {} : {use: {const: use}}), name: {const: name}};
  return {
    ...rest,
    title: name,
    description: about,
    properties: {
      ...fixed,
      as: {type: 'string', minLength: 1, maxLength: 100, description: 'What this plugin is called.'},
      ...properties,
    },
    required: [...Object.keys(fixed), ...(required ?? [])],
    ...(example === undefined ? {} : {examples: [{...(use === undefined ? {} : {use}), name, ...example}]}),
  };
}
