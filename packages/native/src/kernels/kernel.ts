import type * as tf from '@tensorflow/tfjs-core';
import {backendName, type NativeBackend} from '../backend.ts';

/** What a kernel is called with. */
export interface Call<Inputs extends string, Attributes> {
  readonly inputs: Readonly<Record<Inputs, tf.TensorInfo>>;
  readonly attrs: Attributes;
  readonly backend: NativeBackend;
}

/** A kernel of the native backend. */
export function kernel<Inputs extends string, Attributes>(
  kernelName: string,
  run: (call: Call<Inputs, Attributes>) => tf.Tensor,
): tf.KernelConfig {
  return {kernelName, backendName, kernelFunc: run as unknown as tf.KernelFunc};
}
