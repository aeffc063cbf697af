// Recipes as people and links bring them: half right, in every part. What is wrong is a typed error, said before
// anything is trained; what is right can be built.
import {type AnyOption, RegularizerError, type Technique} from '@regularizers/core';
import {isThorough} from '@regularizers/testing';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {makeData} from '../src/data/catalog.ts';
import {parseRecipe, type Recipe, readRecipe} from '../src/recipe.ts';
import {techniques} from '../src/regularizers.ts';
import {previewRecipe} from '../src/run.ts';

const numRuns = isThorough ? 20_000 : 2_000;
const wrong = fc.oneof(
  fc.anything({maxDepth: 2}).map((value) => JSON.parse(JSON.stringify(value) ?? 'null')),
  fc.constantFrom<unknown[]>(null, -1, 0, 1e9, 0.5, '', '**', [], {}, [[]], [null], {name: 5}, 'hidden1', [
    'hidden1',
  ]),
);
const number = fc.oneof(
  fc.integer({min: -2, max: 12}),
  fc.double({noNaN: true, noDefaultInfinity: true, min: -1, max: 2}),
);
const names = fc.constantFrom(
  'hidden1',
  'hidden*',
  '*/kernel',
  'output/kernel',
  '**',
  'nowhere',
  'block1_conv1',
  'x',
);

/** A value as the option's description has it, mostly. */
function valueFor(option: AnyOption): fc.Arbitrary<unknown> {
  switch (option.kind) {
    case 'number':
      return number.map((value) => (option.integer ? Math.round(value) : value));
    case 'flag':
      return fc.boolean();
    case 'choice':
      return fc.constantFrom(...option.choices);
    case 'text':
    case 'selector':
      return fc.oneof(names, fc.array(names, {maxLength: 3}));
    case 'null':
      return fc.constant(null);
    case 'list':
      return fc.array(valueFor(option.of), {minLength: option.length ?? 0, maxLength: option.length ?? 3});
    case 'record':
      return fc.record(
        Object.fromEntries(Object.entries(option.fields).map(([key, one]) => [key, valueFor(one)])),
        {
          requiredKeys: Object.entries(option.fields).flatMap(([key, {required}]) => (required ? [key] : [])),
        },
      );
    case 'oneOf':
      return fc.oneof(...option.options.map(valueFor));
    case 'plugin':
      return fc.constantFrom(
        {name: 'randomFlip'},
        {name: 'randomShift', pixels: 1},
        {name: 'l2'},
        {name: 'none'},
      );
    case 'instance':
      return fc.constant(1);
  }
}

const recipeOf = ({name, options}: Technique): fc.Arbitrary<object> =>
  fc
    .record(
      Object.fromEntries(
        Object.entries(options).map(([key, option]) => [
          key,
          fc.oneof({weight: 9, arbitrary: valueFor(option)}, wrong),
        ]),
      ),
      {requiredKeys: Object.entries(options).flatMap(([key, {required}]) => (required ? [key] : []))},
    )
    .map((given) => ({...given, name}));

const regularizers = fc.array(
  fc.oneof({weight: 20, arbitrary: fc.oneof(...techniques.map(recipeOf))}, wrong),
  {
    maxLength: 3,
  },
);

const datas = [
  {name: 'moons', train: 8, validation: 4, test: 4},
  {name: 'glyphs', train: 8, validation: 4, test: 4, classes: 3},
  {name: 'wave', train: 8, validation: 4, test: 4},
  {name: 'gestures', train: 8, validation: 4, test: 4},
] as const;
const models = [
  {name: 'mlp', hidden: [4, 4]},
  {name: 'cnn', channels: [2], units: 4},
  {name: 'residual', blocks: [2, 2]},
  {name: 'autoencoder', encoder: [4, 2]},
  {name: 'recurrent', units: [3]},
] as const;

const recipe = fc
  .record({
    data: fc.constantFrom<object[]>(...datas),
    model: fc.constantFrom<object[]>(...models),
    regularizers,
    epochs: fc.constantFrom<unknown[]>(1, 3, 0, '1'),
    optimizer: fc.constantFrom<unknown[]>(
      {name: 'adam'},
      {name: 'sgd', learningRate: 0.1},
      {name: 'momentum'},
      'adam',
    ),
  })
  .chain((right) =>
    fc.oneof(
      {weight: 6, arbitrary: fc.constant<object>({...right, epochs: 1, optimizer: {name: 'sgd'}})},
      {weight: 1, arbitrary: fc.constant<object>(right)},
      {
        weight: 1,
        arbitrary: fc
          .tuple(
            fc.constantFrom(
              'data',
              'model',
              'optimizer',
              'regularizers',
              'epochs',
              'seed',
              'evaluation',
              'x',
            ),
            wrong,
          )
          .map(([key, value]) => ({...right, [key]: value})),
      },
    ),
  );

/** What comes of it; an error that is not typed is the test's. */
function refusalOf<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (!RegularizerError.isInstance(error)) throw error;
    expect(error.message.length).toBeLessThan(4_000);
    return undefined;
  }
}

const loaders = {} as Parameters<typeof makeData>[1];

test(`${numRuns} recipes are refused by typed errors, or can be built`, {timeout: 60 * 60_000}, async () => {
  const made = await Promise.all(
    datas.map((data) => makeData(parseRecipe({data, model: models[0]}).data, loaders)),
  );
  const seen = {parsed: 0, built: 0};
  const build = (parsed: Recipe): void => {
    seen.parsed++;
    const data = made[datas.findIndex(({name}) => name === parsed.data.name)];
    if (data && refusalOf(() => previewRecipe(parsed, {data}))) seen.built++;
  };
  fc.assert(
    fc.property(recipe, (json) => {
      const parsed = refusalOf(() => parseRecipe(json));
      // What is not one of the small data sets was changed on the way.
      if (parsed && datas.some((data) => data.train === parsed.data.train && data.name === parsed.data.name))
        build(parsed);
    }),
    {numRuns, seed: 17},
  );
  // The recipes are not all refused at the door.
  expect(seen.parsed).toBeGreaterThan(numRuns / 10);
  expect(seen.built).toBeGreaterThan(numRuns / 50);
});

test('no nesting is too deep to be refused', () => {
  for (const depth of [10, 1_000, 100_000]) {
    const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const object = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    for (const value of [deep, object]) {
      for (const text of [
        value,
        `{"data":${value}}`,
        `{"data":{"name":"moons"},"model":{"name":"mlp"},"regularizers":${value}}`,
        `{"data":{"name":"moons"},"model":{"name":"mlp"},"regularizers":[{"name":"l2","include":${value}}]}`,
        `{"data":{"name":"moons"},"model":{"name":"mlp"},"regularizers":[{"name":"dropout","noiseShape":${value}}]}`,
        `{"data":{"name":"moons"},"model":{"name":"mlp"},"regularizers":[{"name":"pipeline","techniques":${value}}]}`,
      ]) {
        expect(refusalOf(() => readRecipe(text, 'deep.json'))).toBeUndefined();
      }
    }
  }
});
