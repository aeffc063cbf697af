import type {EpochReport} from '@regularizers/core';
import {createTrainer, type Regularizer, sgd, type Trainer, type TrainerOptions} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {oneHot, waves} from './data.ts';
import {mlp, withKnownWeights} from './models.ts';

/** Ten examples for the models with four inputs and three classes. */
export function classData(examples = 10): {x: tf.Tensor; y: tf.Tensor} {
  return {x: waves([examples, 4]), y: oneHot(examples, 3)};
}

/** A trainer of a small classifier with known weights; everything can be replaced. */
export function trainerOf(
  regularizers: readonly Regularizer[] = [],
  options: Partial<TrainerOptions> = {},
): Trainer {
  const given: TrainerOptions = {
    model: options.model ?? withKnownWeights(mlp()),
    loss: 'categoricalCrossentropy',
    optimizer: sgd({learningRate: 0.1}),
    // The known weights are none that an initializer gives.
    initialWeights: 'first',
    regularizers,
    ...options,
  };
  return createTrainer(given);
}

/** Rows without their wall times. */
export function timeless(history: readonly EpochReport[]): readonly Omit<EpochReport, 'seconds'>[] {
  return history.map(({seconds: _, ...row}) => row);
}

/** The error that a call throws or a promise rejects with. */
export async function errorOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error('an error is expected, but none was thrown');
}

/** Adds up a tensor on the device and reads the number. */
export function total(tensor: tf.Tensor): number {
  return tf.tidy(() => tf.sum(tensor).dataSync()[0] ?? Number.NaN);
}
