import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';

/** A copy, on the native backend, of what a computation gives on tfjs's cpu backend. */
export async function onCpu(compute: () => tf.Tensor): Promise<tf.Tensor> {
  tf.env().set('PROD', true); // the cpu backend greets whoever uses it in Node
  await tf.setBackend('cpu');
  try {
    const result = tf.tidy(compute);
    const [values, {shape, dtype}] = [await result.data(), result];
    result.dispose();
    await tf.setBackend('tensorflow');
    return tf.tensor(values, shape, dtype);
  } finally {
    tf.env().set('PROD', false);
    await tf.setBackend('tensorflow');
  }
}

/** What a computation gives on tfjs's cpu backend and on the native one, each from tensors of its own. */
export async function onBoth(compute: () => tf.Tensor): Promise<{cpu: tf.Tensor; native: tf.Tensor}> {
  return {cpu: await onCpu(compute), native: tf.tidy(compute)};
}

/** Numbers without a pattern that are the same every time, in [0, 1). */
export function numbers(count: number): number[] {
  return Array.from({length: count}, (_, i) => (Math.sin(i * 12.9898 + 4.1) * 43758.5453) % 1).map(Math.abs);
}
