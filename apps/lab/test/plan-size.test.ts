import {RegularizerError} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {previewComparison} from '../src/compare.ts';
import {dataNames, makeData} from '../src/data/catalog.ts';
import {sizeOf} from '../src/data/data-set.ts';
import {dataSize, valuesPerExample} from '../src/data/size.ts';
import {buildModel} from '../src/models/catalog.ts';
import {portsOf} from '../src/models/ports.ts';
import {modelSize} from '../src/models/size.ts';
import {mostBytes, planSize} from '../src/plan-size.ts';
import {parseRecipe, type Recipe, readRecipe} from '../src/recipe.ts';
import {dataFor} from '../src/run.ts';
import {localRunner} from '../src/runner.ts';

const noMnist = {mnist: () => Promise.reject(new Error('not here'))};
const tiny = {train: 3, validation: 2, test: 4};
const width = fc.integer({min: 1, max: 9});

/** Every model with small widths, on data that suits it. */
const plans = fc.oneof(
  fc.record({
    data: fc.constantFrom('moons', 'wave', 'glyphs', 'gestures', 'adding'),
    model: fc.record({name: fc.constant('mlp'), hidden: fc.array(width, {minLength: 1, maxLength: 4})}),
  }),
  fc.record({
    data: fc.constantFrom('glyphs', 'circles'),
    model: fc.record({
      name: fc.constant('autoencoder'),
      encoder: fc.array(width, {minLength: 1, maxLength: 4}),
    }),
  }),
  fc.record({
    data: fc.constant('glyphs'),
    model: fc.record({
      name: fc.constant('cnn'),
      channels: fc.array(width, {minLength: 1, maxLength: 4}),
      units: width,
    }),
  }),
  fc.record({
    data: fc.constant('glyphs'),
    model: fc.record({name: fc.constant('residual'), blocks: fc.array(width, {minLength: 1, maxLength: 5})}),
  }),
  fc.record({
    data: fc.constantFrom('gestures', 'adding', 'glyphs'),
    model: fc.record({
      name: fc.constant('recurrent'),
      cell: fc.constantFrom('lstm', 'gru', 'simple'),
      units: fc.array(width, {minLength: 1, maxLength: 3}),
      bidirectional: fc.boolean(),
    }),
  }),
);

test('a model has as many parameters as was said before it was built, and no fewer values', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async ({data: name, model: options}) => {
      const recipe = parseRecipe({data: {name, ...tiny}, model: options});
      const ports = portsOf(dataFor(recipe, await makeData(recipe.data, noMnist)));
      const model = buildModel(recipe.model, ports);
      const {parameters, values} = modelSize(recipe.model, ports);
      const outputs = model.layers
        .filter(({name: layer}) => !/^(input|flatten|reshape|rows|average)/.test(layer))
        .map((layer) => sizeOf((layer.outputShape as number[]).slice(1)));
      try {
        expect(parameters).toBe(model.countParams());
        expect(values).toBeGreaterThanOrEqual(outputs.reduce((sum, count) => sum + count, 0));
      } finally {
        model.dispose();
      }
    }),
    {numRuns: 60},
  );
});

test.each(dataNames.filter((name) => name !== 'mnist'))('%s is as large as was said', async (name) => {
  const {data: parsed} = parseRecipe({data: {name, ...tiny}, model: {name: 'mlp'}} as never);
  const size = dataSize(parsed)!;
  const data = await makeData(parsed, noMnist);
  expect(size).toEqual({examples: 9, ...portsOf(data)});
  const made = [data.train, data.validation, data.test].reduce((sum, {x, y}) => sum + x.length + y.length, 0);
  expect(valuesPerExample(size) * size.examples).toBe(made);
});

const mlp = {name: 'mlp'};
const wide = {name: 'mlp', hidden: Array(10).fill(4096)};
const moons = {name: 'moons'};

test('what a plugin keeps is counted as it says', () => {
  const recipe = (...regularizers: readonly object[]): Recipe =>
    parseRecipe({data: {name: 'moons'}, model: {name: 'mlp'}, regularizers});
  const weights = (...regularizers: readonly object[]): number => planSize(recipe(...regularizers)).weights;
  const {model, data} = recipe();
  const {parameters} = modelSize(model, dataSize(data)!);
  const set = 4 * parameters;
  expect(weights({name: 'snapshots', cycles: 7, keep: 3}) - weights()).toBe(3 * set);
  expect(weights({name: 'snapshots', cycles: 7}) - weights()).toBe(7 * set);
  expect(weights({name: 'ema'}) - weights()).toBe(set);
  expect(weights({name: 'earlyStopping'}) - weights()).toBe(set);
  expect(weights({name: 'earlyStopping', restoreBest: false}) - weights()).toBe(0);
  expect(weights({name: 'bagging', members: 3}) - weights()).toBe(2 * set);
});

/** A recipe of the same form, with small numbers. */
function withSmallNumbers(recipe: object): object {
  const small = (_: string, value: unknown): unknown =>
    typeof value === 'number' ? Math.min(value, 2) : value;
  return JSON.parse(JSON.stringify(recipe), small) as object;
}

/** Milliseconds that the fastest of several runs takes: what else the machine does is in none of the fastest. */
function fastest(run: () => void): number {
  const times = Array.from({length: 7}, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return Math.min(...times);
}

describe('what would take too much memory is refused at once, before any is taken', () => {
  test.each<[what: string, recipe: object, hint: RegExp]>([
    ['data', {data: {name: 'glyphs', train: 1e6, validation: 1e6, test: 1e6}, model: mlp}, /data\.train/],
    [
      'a wide model with members',
      {data: moons, model: wide, regularizers: [{name: 'bagging', members: 50}]},
      /widths/,
    ],
    [
      'many members',
      {data: moons, model: mlp, regularizers: [{name: 'deepEnsemble', members: 1e9}]},
      /members/,
    ],
    [
      'many snapshots',
      {data: moons, model: mlp, epochs: 1e5, regularizers: [{name: 'snapshots', cycles: 1e5}]},
      /members/,
    ],
    [
      'large batches of wide layers',
      {
        data: {name: 'glyphs', train: 1e5},
        model: {name: 'residual', blocks: Array(20).fill(64)},
        batchSize: 65_536,
      },
      /batchSize/,
    ],
    [
      'many epochs of many members',
      {
        data: moons,
        model: {name: 'mlp', hidden: [1]},
        epochs: 1e5,
        regularizers: [{name: 'bagging', members: 500}],
      },
      /epochs/,
    ],
  ])('%s', (_, recipe, hint) => {
    const {numTensors} = tf.memory();
    expect(() => parseRecipe(recipe)).toThrow(
      expect.objectContaining({
        code: 'too-large',
        message: expect.stringMatching(/about .* GiB of memory \(.*the most is 4\.0 GiB/),
        hint: expect.stringMatching(hint),
      }),
    );
    expect(tf.memory().numTensors).toBe(numTensors);
    // Nothing is made first, which would take as long as it is large: a recipe of its form with small numbers is no faster.
    const small = withSmallNumbers(recipe);
    parseRecipe(small);
    expect(fastest(() => expect(() => parseRecipe(recipe)).toThrow())).toBeLessThan(
      50 * fastest(() => parseRecipe(small)) + 1,
    );
  });

  test.each<[what: string, text: string, code: string]>([
    [
      'a hundred thousand regularizers',
      JSON.stringify({regularizers: Array(1e5).fill({name: 'l2'})}),
      'too-large',
    ],
    ['a thousand', JSON.stringify({regularizers: Array(1e3).fill({name: 'l2'})}), 'bad-option'],
    [
      'a pipeline of a thousand',
      JSON.stringify({regularizers: [{name: 'pipeline', techniques: Array(1e3).fill({name: 'randomFlip'})}]}),
      'bad-option',
    ],
  ])('%s', (_, text, code) => {
    const recipe = `{"data":{"name":"moons"},"model":{"name":"mlp"},${text.slice(1)}`;
    expect(() => readRecipe(recipe, 'the address')).toThrow(expect.objectContaining({code}));
  });

  test('a comparison, whose runs each are small', async () => {
    const base = parseRecipe({data: moons, model: mlp, epochs: 1e5});
    const entries = [{name: 'baseline', regularizers: []}];
    const tables = [{name: '', base, entries}];
    const comparison = {tables, seeds: Array.from({length: 1000}, (_, seed) => seed)};
    await expect(previewComparison(comparison, localRunner('none', noMnist))).rejects.toMatchObject({
      code: 'too-large',
      hint: expect.stringMatching(/seeds/),
    });
  });
});

test('a recipe of any sizes is refused by a typed error or stays within the bound', () => {
  const count = fc.oneof(
    {weight: 8, arbitrary: fc.integer({min: 1, max: 300})},
    fc.integer({min: -1, max: 2e6}),
    fc.constantFrom(1, 1e6, 1e9, 2 ** 31, 2 ** 53, 1e300),
  );
  const recipe = fc.record({
    data: fc.record({name: fc.constantFrom(...dataNames), train: count, test: count, validation: count}),
    model: fc.oneof(
      fc.record({name: fc.constant('mlp'), hidden: fc.array(count, {minLength: 1, maxLength: 3})}),
      fc.record({name: fc.constant('residual'), blocks: fc.array(count, {minLength: 1, maxLength: 3})}),
      fc.record({name: fc.constant('recurrent'), units: fc.array(count, {minLength: 1, maxLength: 3})}),
    ),
    epochs: count,
    batchSize: count,
    evaluation: fc.record({batchSize: count}),
    regularizers: fc.array(
      fc.oneof(
        fc.record({name: fc.constantFrom('bagging', 'deepEnsemble'), members: count}),
        fc.record({name: fc.constant('snapshots'), cycles: count}),
      ),
      {maxLength: 1},
    ),
  });
  const seen = {accepted: 0, tooLarge: 0};
  fc.assert(
    fc.property(recipe, (json) => {
      let parsed: Recipe;
      try {
        parsed = parseRecipe(json);
      } catch (error) {
        if (!RegularizerError.isInstance(error)) throw error;
        if (error.code === 'too-large') seen.tooLarge++;
        return;
      }
      const parts = Object.values(planSize(parsed)) as number[];
      expect(parts.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(mostBytes);
      seen.accepted++;
    }),
    {numRuns: 2000},
  );
  expect(seen.accepted).toBeGreaterThan(10);
  expect(seen.tooLarge).toBeGreaterThan(10);
});
