import type {Trainer} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * What a trainer takes examples for: the probability of each class, one example after another.
 *
 * @param shape of all of them: how many, and what each is like
 */
export async function answerOf(
  trainer: Pick<Trainer, 'predict'>,
  examples: Float32Array,
  shape: readonly number[],
): Promise<Float32Array> {
  const input = tf.tensor(examples, [...shape]);
  const output = trainer.predict(input) as tf.Tensor;
  const probabilities = (await output.data()) as Float32Array;
  tf.dispose([input, output]);
  return probabilities;
}
