// The one door to the kernels: every random tensor of this package comes through `draw`.
import * as tf from '@tensorflow/tfjs-core';
import {checkShape} from '../check.ts';
import type {KeyLike} from '../key.ts';
import {withKeyTensor} from '../keys.ts';
import {isWebGL, registered} from '../webgl.ts';
import {drawOnHost} from './host.ts';
import {drawOnNative, isNative} from './native.ts';
import type {Distribution, Draw, DrawAttributes} from './request.ts';
import {drawOnWebGL} from './webgl.ts';

interface DrawOptions extends Partial<Omit<DrawAttributes, 'shape'>> {
  readonly threshold?: tf.Tensor;
}

/**
 * Draws a tensor from the stream of a key, on the current backend.
 *
 * @param distribution 'Uniform' in [0, 1), 'Normal' (0, 1), 'Integers' in [min, max), 'Bernoulli' (threshold), or
 *   'Permutation' (of a shape `[n]`)
 * @param shape any shape of rank 0 to 6
 * @param key int32, shape `[2]`, or a pair
 * @param options stream (0), bounds of integers, threshold of a Bernoulli draw
 */
export function draw<T extends tf.Tensor>(
  distribution: Distribution,
  shape: readonly number[],
  key: KeyLike,
  {stream = 0, min = 0, max = 1, threshold}: DrawOptions = {},
): T {
  const attributes = {shape: checkShape(shape), stream, min, max};
  return withKeyTensor(key, (seed) => {
    const inputs = threshold === undefined ? {seed} : {seed, threshold};
    return tf.engine().runKernel(kernelFor(distribution), inputs, attributes);
  });
}

function kernelFor(distribution: Distribution): string {
  return registered(
    `Regularizers${distribution}`,
    (backend: object, {seed, threshold}, attributes: DrawAttributes) => {
      const draw: Draw = {...attributes, distribution, seed: seed!, threshold};
      if (isNative(backend)) return drawOnNative(backend, draw);
      if (isWebGL(backend)) return drawOnWebGL(backend, draw);
      return drawOnHost(backend as tf.KernelBackend, draw);
    },
  );
}
