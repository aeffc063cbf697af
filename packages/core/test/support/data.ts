import * as tf from '@tensorflow/tfjs-core';

/** Numbers in [−1, 1] that look random and are the same everywhere: no test depends on a generator. */
export function wave(size: number, frequency = 1.7): number[] {
  return Array.from({length: size}, (_, i) => Math.sin(frequency * (i + 1) + 0.3 * ((i * 7) % 11)));
}

/** Values of any shape from {@link wave}. */
export function waves(shape: number[], frequency?: number): tf.Tensor {
  return tf.tensor(
    wave(
      shape.reduce((product, n) => product * n, 1),
      frequency,
    ),
    shape,
  );
}

/** One-hot targets `[examples, classes]` that cycle through the classes unevenly. */
export function oneHot(examples: number, classes: number): tf.Tensor {
  return tf.tidy(() => tf.cast(tf.oneHot(classNumbers(examples, classes), classes), 'float32'));
}

/** Class numbers `[examples]` that cycle through the classes unevenly. */
export function classNumbers(examples: number, classes: number): tf.Tensor1D {
  return tf.tensor1d(
    Array.from({length: examples}, (_, i) => (i + Math.floor(i / 4)) % classes),
    'int32',
  );
}
