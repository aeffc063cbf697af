import type {Trainer} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';

/** What a trainer takes one picture for: the probability of each class. */
export async function answerOf(
  trainer: Pick<Trainer, 'predict'>,
  picture: Float32Array,
  shape: readonly number[],
): Promise<Float32Array> {
  const input = tf.tensor(picture, [1, ...shape]);
  const output = trainer.predict(input) as tf.Tensor;
  const probabilities = (await output.data()) as Float32Array;
  tf.dispose([input, output]);
  return probabilities;
}
