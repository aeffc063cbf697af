import type * as tf from '@tensorflow/tfjs-core';

/** A batch of checked examples. */
export interface TensorBatch {
  readonly inputs: readonly tf.Tensor[];
  readonly targets: readonly tf.Tensor[];
  readonly sampleWeight: tf.Tensor | undefined;
  readonly examples: number;
}
