// What must not depend on the backend: initial weights, order of the examples, masks, augmentations, losses.
import {createTrainer, defineRegularizer, type EpochReport, type Regularizer} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {type DataSet, toTensors} from '../../src/data/data-set.ts';
import {glyphs} from '../../src/data/glyphs.ts';
import {parseRecipe, type Recipe} from '../../src/recipe.ts';
import {trainerOptions} from '../../src/run.ts';

const data = {name: 'glyphs', train: 80, validation: 1, test: 1, classes: 4, seed: 3} as const;

/** The recipes that are observed. 80 examples in batches of 8: two epochs are 20 steps. */
export const recipes: Readonly<Record<string, Recipe>> = {
  mlp: parseRecipe({
    seed: 11,
    data,
    model: {name: 'mlp', hidden: [24, 16]},
    optimizer: {name: 'adam', learningRate: 2e-3},
    epochs: 2,
    batchSize: 8,
    regularizers: [
      {name: 'randomAffine'},
      {name: 'mixup', alpha: 0.4},
      {name: 'labelSmoothing', epsilon: 0.1},
      {name: 'dropout', rate: 0.3},
      {name: 'l2', strength: 1e-2},
    ],
  }),
  cnn: parseRecipe({
    seed: 12,
    data,
    model: {name: 'cnn', channels: [4, 6], units: 12},
    optimizer: {name: 'momentum', learningRate: 0.02},
    epochs: 2,
    batchSize: 8,
    regularizers: [
      {name: 'randomShift', pixels: 2},
      {name: 'dropout', rate: 0.3},
    ],
  }),
};

/** What was observed of one recipe: plain JSON. */
export interface Observation {
  /** SHA-256 of all initial weights, in the order of their names. */
  readonly initialWeights: string;
  /** Position in the training set of each example of the first epoch, in the order of its batches. */
  readonly order: readonly number[];
  /** SHA-256 of the first dropout mask. */
  readonly mask: string;
  /** Mean pixel of each image of the first batch, after augmentation and mixing. */
  readonly firstBatch: readonly number[];
  /** Data loss of each step. */
  readonly losses: readonly number[];
}

/** Trains a recipe twice: once looking into the steps, once only at the losses, as the backend runs them best. */
export async function observe(recipe: Recipe): Promise<Observation> {
  const set = glyphs(data);
  return {...(await observeSteps(recipe, set)), losses: await observeLosses(recipe, set)};
}

async function observeSteps(recipe: Recipe, set: DataSet): Promise<Omit<Observation, 'losses'>> {
  const positions = positionsIn(set);
  const order: number[] = [];
  const weights: Float32Array[] = [];
  const masks: Float32Array[] = [];
  const means: Float32Array[] = [];
  const first = defineRegularizer({
    name: 'what comes in',
    before: ['augmentation', 'mixing'],
    setup({initial}) {
      for (const name of Object.keys(initial).sort()) weights.push(valuesOf(initial[name]!));
      return {};
    },
    batch(batch) {
      for (const row of tf.unstack(batch.inputs[0]!)) order.push(positions.get(keyOf(valuesOf(row)))!);
      return batch;
    },
  });
  const last = defineRegularizer({
    name: 'what goes on',
    after: ['augmentation', 'mixing'],
    batch(batch) {
      means.push(valuesOf(tf.mean(batch.inputs[0]!, [1, 2, 3])));
      return batch;
    },
  });
  await fit({...recipe, epochs: 1}, set, (plugins) => [first, ...plugins.map(watched(masks)), last], 'eager');
  return {
    initialWeights: await sha256(weights),
    order,
    mask: await sha256(masks.slice(0, 1)),
    firstBatch: [...means[0]!],
  };
}

async function observeLosses(recipe: Recipe, set: DataSet): Promise<readonly number[]> {
  const sums: number[] = [];
  const size = recipe.batchSize;
  const steps = set.train.size / size;
  const losses = defineRegularizer({
    name: 'losses',
    setup: () => ({evaluateEvery: 1}),
    // The report's mean is over the epoch so far.
    evaluated({train, step}: EpochReport) {
      const done = ((step - 1) % steps) + 1;
      sums.push(train.loss * done);
      return {};
    },
  });
  await fit(recipe, set, (plugins) => [...plugins, losses], 'auto');
  return sums.map((sum, index) => (index % steps === 0 ? sum : sum - sums[index - 1]!));
}

async function fit(
  recipe: Recipe,
  set: DataSet,
  change: (plugins: readonly Regularizer[]) => readonly Regularizer[],
  execution: 'auto' | 'eager',
): Promise<void> {
  const {regularizers = [], ...options} = trainerOptions(recipe, set);
  const examples = toTensors(set, 'train');
  const trainer = createTrainer({...options, regularizers: change(regularizers), execution});
  try {
    await trainer.fit(examples, {epochs: recipe.epochs, batchSize: recipe.batchSize});
  } finally {
    trainer.dispose();
    options.model.dispose();
    tf.dispose(examples);
  }
}

/** Dropout that shows its masks: what it makes of ones. */
const watched =
  (masks: Float32Array[]) =>
  (plugin: Regularizer): Regularizer => {
    const {activation} = plugin;
    if (plugin.name !== 'dropout' || !activation) return plugin;
    return {
      ...plugin,
      activation(value, site, step) {
        masks.push(valuesOf(activation(tf.onesLike(value), site, step)));
        return activation(value, site, step);
      },
    };
  };

function positionsIn({train, inputShape}: DataSet): ReadonlyMap<string, number> {
  const size = inputShape.reduce((product, side) => product * side, 1);
  return new Map(
    Array.from({length: train.size}, (_, row) => [
      keyOf(train.x.subarray(row * size, (row + 1) * size)),
      row,
    ]),
  );
}

const keyOf = (row: Float32Array): string => row.join();

/** A copy: the backend may use its own memory again. */
const valuesOf = (tensor: tf.Tensor): Float32Array => Float32Array.from(tensor.dataSync());

async function sha256(parts: readonly Float32Array[]): Promise<string> {
  const bytes = await new Blob(parts as Float32Array<ArrayBuffer>[]).arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
