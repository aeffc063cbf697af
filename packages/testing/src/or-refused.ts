import * as tf from '@tensorflow/tfjs-core';
import {expect} from 'vitest';

/**
 * A test that trains something: where the current backend lacks a kernel of its gradient, training must be refused.
 *
 * @param kernels names of kernels of tfjs's
 * @param run the test, which rejects with the trainer's error
 *
 * @example
 * ```ts
 * import {test} from 'vitest';
 *
 * const {model, x, y} = makeFixture('images');
 * const trains = async () => {
 *   await createTrainer({model, loss, optimizer, seed: 7}).fit({x, y}, {epochs: 1});
 * };
 * test('convolutions learn', orRefused(['Conv2DBackpropFilter'], trains));
 * ```
 */
export function orRefused(kernels: readonly string[], run: () => Promise<void>): () => Promise<void> {
  return async () => {
    const missing = kernels.filter((kernel) => !tf.getKernel(kernel, tf.getBackend()));
    if (missing.length === 0) return run();
    await expect(run()).rejects.toMatchObject({
      code: 'no-gradient',
      message: expect.stringContaining(missing.join(', ')),
    });
  };
}
