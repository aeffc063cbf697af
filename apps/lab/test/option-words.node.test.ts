// What is wrong with a recipe is said in our words: which option, what it may be, what was received.
import {RegularizerError} from '@regularizers/core';
import {describe, expect, test} from 'vitest';
import type {z} from 'zod';
import {dataSchema} from '../src/data/catalog.ts';
import {modelSchema} from '../src/models/catalog.ts';
import {optimizerSchema} from '../src/optimizers.ts';
import {parseOptions} from '../src/options.ts';
import {recipeSchema} from '../src/recipe.ts';
import {namesOf, partsOf} from '../src/schema-words.ts';
import {problemOf} from '../src/web/problem.ts';

const wrongValues = [
  null,
  '',
  'text',
  -1e9,
  1e9,
  0.123456,
  Number.NaN,
  true,
  [],
  [-1],
  ['x'],
  {},
  {name: 'x'},
];
const wordsOfZod = /Too |Invalid|[Ee]xpected|Unrecognized|Required|undefined|>=|<=/;

function refusal(schema: z.ZodType, options: unknown): RegularizerError | undefined {
  try {
    parseOptions('recipe', schema, options);
    return undefined;
  } catch (error) {
    if (RegularizerError.isInstance(error)) return error;
    throw error;
  }
}

const alternatives = [dataSchema, modelSchema, optimizerSchema].flatMap(({options}): z.ZodObject[] => [
  ...options,
]);
const named = alternatives.map((schema) => {
  const {properties = {}} = partsOf(schema);
  const [name] = namesOf(properties['name']);
  return [String(name), schema, Object.keys(properties)] as const;
});
/** A text for each option that must be given beside the name. */
function neededBy(schema: z.ZodType, name: string): Record<string, string> {
  const issues = schema.safeParse({name}).error?.issues ?? [];
  return Object.fromEntries(issues.map(({path: [key]}) => [String(key), 'a']));
}
const recipeKeys = Object.keys(partsOf(recipeSchema).properties ?? {});

describe.each([...named, ['recipe', recipeSchema, recipeKeys] as const])('%s', (name, schema, keys) => {
  const base =
    name === 'recipe' ? {data: {name: 'moons'}, model: {name: 'mlp'}} : {name, ...neededBy(schema, name)};

  test.each(keys)('%s', (key) => {
    const refused = wrongValues.flatMap((value) => refusal(schema, {...base, [key]: value}) ?? []);
    expect(refused.length).toBeGreaterThan(0);
    for (const {message, option} of refused) {
      expect(message).not.toMatch(wordsOfZod);
      expect(message).toMatch(/(must |is missing; it must |there is no option ).*/);
      expect(option === undefined || option.startsWith(key)).toBe(true);
    }
  });

  test('what is no option, with those that there are', () => {
    const {message} = refusal(schema, {...base, nosuch: 1})!;
    expect(message).toMatch(new RegExp(`there is no option nosuch; there are .*${keys.at(-1)}`));
  });

  test('what is missing, and what is no object', () => {
    for (const value of [{}, 7, null, [], undefined]) {
      const message = refusal(schema, value)?.message ?? '';
      expect(message).not.toMatch(wordsOfZod);
    }
  });
});

test.each<[unknown, RegExp]>([
  [{data: {name: 'moons', train: 0}}, /data\.train: must be an integer in \[1, 1000000\]; received 0$/],
  [{epochs: 2.5}, /epochs: must be an integer in \[1, 100000\]; received 2\.5$/],
  [
    {model: {name: 'autoencoder', encoder: []}},
    /model\.encoder: must be a list of 1 to 6 entries, each an integer in \[1, 4096\]; received \[\]$/,
  ],
  [
    {model: {name: 'mlp', hidden: [8, 0]}},
    /model\.hidden\.1: must be an integer in \[1, 4096\]; received 0$/,
  ],
  [
    {optimizer: {name: 'sgd', learningRate: 0}},
    /optimizer\.learningRate: must be in \(0, 100\]; received 0$/,
  ],
  [{name: ''}, /name: must be a text of 1 to 100 characters; received ""$/],
  [{data: {train: 5}}, /data\.name: must be one of glyphs, .*, adding, .*; it is missing$/],
])('%j', (change, message) => {
  const error = refusal(recipeSchema, {data: {name: 'moons'}, model: {name: 'mlp'}, ...(change as object)})!;
  expect(error.message).toMatch(message);
});

test('the page says the same at its controls', () => {
  const recipe = {data: {name: 'moons', train: 0}, model: {name: 'mlp'}};
  const error = refusal(recipeSchema, recipe);
  const draft = {data: recipe.data, model: recipe.model, optimizer: {name: 'adam'}, run: {}, cards: []};
  expect(problemOf(error, draft).places.get('data.train')).toBe(
    'must be an integer in [1, 1000000]; received 0',
  );
});
