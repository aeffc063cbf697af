// For cpu, wasm, and every backend that we have no program for: made in JavaScript, written into its storage.
import type * as tf from '@tensorflow/tfjs-core';
import {hostIntegers, hostNormal, hostUniform} from '../host.ts';
import {hostPermutation} from '../host-permutation.ts';
import type {KeyPair} from '../key.ts';
import {type Draw, dtypeOf, streamOffset} from './request.ts';

/** A backend that can be read from and written to. */
export type Storage = Pick<tf.KernelBackend, 'readSync' | 'write'>;

/** The key that a draw uses. Costs nothing if the tensor was never uploaded, which is so for keys. */
export function readKey(backend: Pick<Storage, 'readSync'>, seed: tf.TensorInfo, stream: number): KeyPair {
  const [a, b] = backend.readSync(seed.dataId) as Int32Array;
  return [(a! + streamOffset(stream)) | 0, b!];
}

export function drawOnHost(
  backend: Storage,
  {distribution, seed, threshold, shape, stream, min, max}: Draw,
): tf.TensorInfo {
  const key = readKey(backend, seed, stream);
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  const dtype = dtypeOf(distribution);
  const values = {
    Uniform: () => hostUniform(size, key),
    Normal: () => hostNormal(size, key),
    Integers: () => hostIntegers(size, key, {min, max}),
    Bernoulli: () => below(hostUniform(size, key), backend.readSync(threshold!.dataId) as Float32Array),
    Permutation: () => hostPermutation(size, key),
  }[distribution]();
  return {dataId: backend.write(values, shape, dtype), shape, dtype};
}

/** Overwrites each value with whether it is below its threshold, or the only one. */
function below(values: Float32Array, thresholds: Float32Array): Float32Array {
  const shared = thresholds.length === 1;
  for (let i = 0; i < values.length; i++) values[i] = values[i]! < thresholds[shared ? 0 : i]! ? 1 : 0;
  return values;
}
