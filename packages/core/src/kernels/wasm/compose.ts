import * as tf from '@tensorflow/tfjs-core';

/** The part of tfjs's wasm backend that we call: core does not depend on the package. */
interface WasmBackend {
  readonly dataIdMap: {get(dataId: object): {readonly shape: readonly number[]}};
  disposeData(dataId: object): unknown;
}

/** Makes a kernel from tfjs's own one of the same name. */
export type Replacement = (stock: tf.KernelFunc) => tf.KernelFunc;

/** Runs one of the backend's kernels within another, by its name. */
export type RunKernel = (
  kernel: string | tf.KernelFunc,
  inputs: tf.NamedTensorInfoMap,
  attrs?: tf.NamedAttrMap,
) => tf.TensorInfo;

/** A kernel that is made of others. What they give is released, but for what is returned. */
export function composed(
  make: (inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap, run: RunKernel) => tf.TensorInfo,
): tf.KernelFunc {
  return ({inputs, backend, attrs}) => {
    const made: tf.TensorInfo[] = [];
    const run: RunKernel = (kernel, given, settings = {}) => {
      const kernelFunc =
        typeof kernel === 'string' ? tf.getKernel(kernel, tf.getBackend()).kernelFunc : kernel;
      const result = kernelFunc({inputs: given, backend, attrs: settings}) as tf.TensorInfo;
      made.push(result);
      return result;
    };
    let result: tf.TensorInfo | undefined;
    try {
      result = make(inputs, attrs ?? {}, run);
      return result;
    } finally {
      for (const one of made) if (one !== result) wasm().disposeData(one.dataId);
    }
  };
}

/**
 * Whether a tensor is stored as a line of so many numbers. A reshaped tensor is not: it shares the storage of the
 * one that it was made from, and that one's shape is what some of tfjs's kernels look at.
 */
export function isStoredAsLine({dataId, shape}: tf.TensorInfo, length: number): boolean {
  return shape.length === 1 && shape[0] === length && wasm().dataIdMap.get(dataId).shape.length === 1;
}

/** Whether the current backend is tfjs's wasm, by what it can do. */
export function isWasm(): boolean {
  return 'wasm' in tf.backend();
}

function wasm(): WasmBackend {
  return tf.backend() as unknown as WasmBackend;
}
