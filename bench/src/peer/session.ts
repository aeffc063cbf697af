import type * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {CaseSpec} from '../cases.ts';

/** What a trainer is given. */
export interface Setting {
  readonly spec: CaseSpec;
  readonly model: LayersModel;
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
  readonly batch: number;
  readonly shuffle: boolean;
  readonly plugins: readonly string[];
}

/** A training that is under way. */
export interface Session {
  /** Trains for one turn: an epoch. */
  turn(): Promise<{readonly milliseconds: number; readonly loss: number}>;
  stop(): Promise<void>;
}

/** One way of training. */
export interface Way {
  /** Begins, and resolves when the first epoch is over. */
  start(
    setting: Setting,
  ): Promise<Session & {readonly first: {readonly milliseconds: number; readonly loss: number}}>;
  /** Trains from where the model is for some epochs; several models where `members` asks for it. */
  train(make: () => Setting, options: {readonly epochs: number; readonly members: number}): Promise<void>;
}
