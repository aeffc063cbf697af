import type {LossName, MetricName, TrialModel} from '@regularizers/core';
import {deriveKey, hostNormal, hostUniform} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {
  autoencoderModel,
  classifierModel,
  compositeModel,
  type FixtureOptions,
  imagesModel,
  regressionModel,
  residualModel,
  sequenceModel,
} from './models.ts';

/**
 * The fixtures that go by name.
 *
 * - `classifier`: 6 numbers, two hidden layers, 3 classes
 * - `images`: images `[8, 8, 1]` in [0, 1], convolutions and batch normalization, 3 classes
 * - `residual`: 6 numbers, two blocks with a residual branch, 3 classes
 * - `autoencoder`: 6 numbers through 3, mirrored layers, mean squared error
 * - `sequence`: `[3, 2]`, an LSTM, 3 classes
 * - `regression`: 6 numbers to one, mean squared error
 * - `composite`: colour images `[8, 8, 3]` in [0, 1], with something in the model for every technique
 */
export type FixtureName = TrialModel;

/** A model and data to train it on. */
export interface Fixture {
  /** Not trained, its layers named. */
  readonly model: LayersModel;
  /** 24 examples. */
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
  /** 8 examples, as many as a batch has. */
  readonly validation: {readonly x: tf.Tensor; readonly y: tf.Tensor};
  readonly loss: LossName;
  readonly metrics: readonly MetricName[];
  /** Releases the model and the data. */
  dispose(): void;
}

/** Batches of 8 make 3 steps of an epoch, and each shape occurs once. */
const examples = 24;
export const batchSize = 8;

interface Recipe {
  readonly shape: readonly number[];
  readonly task: 'classes' | 'copy' | 'number';
  readonly model: (options: FixtureOptions) => LayersModel;
}

const recipes: Readonly<Record<FixtureName, Recipe>> = {
  classifier: {shape: [6], task: 'classes', model: classifierModel},
  images: {shape: [8, 8, 1], task: 'classes', model: imagesModel},
  residual: {shape: [6], task: 'classes', model: residualModel},
  autoencoder: {shape: [6], task: 'copy', model: autoencoderModel},
  sequence: {shape: [3, 2], task: 'classes', model: sequenceModel},
  regression: {shape: [6], task: 'number', model: regressionModel},
  composite: {shape: [8, 8, 3], task: 'classes', model: compositeModel},
};

/**
 * A new model with data that it can learn: the same numbers each time, on every backend.
 *
 * @param name which one
 * @param options what to change about the model
 *
 * @example
 * ```ts
 * const {model, x, y, validation, loss, metrics, dispose} = makeFixture('classifier', {activation: 'selu'});
 * ```
 */
export function makeFixture(name: FixtureName, options: FixtureOptions = {}): Fixture {
  const recipe = recipes[name];
  const {model = recipe.model(options)} = options;
  const {x, y} = makeData(recipe, 'training', examples);
  const validation = makeData(recipe, 'validation', batchSize);
  return {
    model,
    x,
    y,
    validation,
    loss: recipe.task === 'classes' ? 'categoricalCrossentropy' : 'meanSquaredError',
    metrics: recipe.task === 'classes' ? ['accuracy'] : ['meanSquaredError'],
    dispose: () => {
      model.dispose();
      tf.dispose([x, y, validation]);
    },
  };
}

function makeData({shape, task}: Recipe, part: string, count: number): {x: tf.Tensor; y: tf.Tensor} {
  const size = shape.reduce((product, n) => product * n, 1);
  const isImage = shape.length === 3;
  const key = deriveKey(0, 'fixture', part);
  const noise = isImage ? hostUniform(count * size, key) : hostNormal(count * size, key);
  // Class k has larger numbers in the k-th third of the places than elsewhere.
  const inClass = (i: number): number =>
    Number(classOf(Math.floor(i / size)) === Math.floor(((i % size) * 3) / size));
  const values = noise.map((z, i) => (isImage ? 0.5 * z + 0.5 * inClass(i) : 0.5 * z + inClass(i)));
  const x = tf.tensor(values, [count, ...shape]);
  return {x, y: targetsFor(task, x, values, size)};
}

function targetsFor(task: Recipe['task'], x: tf.Tensor, values: Float32Array, size: number): tf.Tensor {
  if (task === 'copy') return tf.clone(x);
  const count = x.shape[0]!;
  if (task === 'classes') {
    return tf.tensor2d(Array.from({length: count}, (_, n) => [0, 1, 2].map((k) => Number(k === classOf(n)))));
  }
  const sums = Array.from({length: count}, (_, n) => {
    const row = values.subarray(n * size, (n + 1) * size);
    return row.reduce((sum, value, i) => sum + (i % 2 === 0 ? value : -value), 0);
  });
  return tf.tensor2d(sums, [count, 1]);
}

function classOf(example: number): number {
  return example % 3;
}
