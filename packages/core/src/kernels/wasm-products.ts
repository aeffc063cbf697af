// Products of transposed matrices on wasm. tfjs 4.22 hands plain products to XNNPACK and takes a loop of its own for
// transposed operands, which is what the gradient of every dense layer has: transposing first is several times faster.
import * as tf from '@tensorflow/tfjs-core';

/** The part of tfjs's wasm backend that we call. */
interface WasmBackend {
  disposeData(dataId: object): unknown;
}

/** The tfjs kernels that take the flags `transposeA` and `transposeB`. */
const kernelNames = ['BatchMatMul', '_FusedMatMul'];

const ours = new WeakSet<tf.KernelFunc>();

/**
 * On wasm, replaces tfjs's matrix products by ones that transpose first, for as long as the backend lives; elsewhere
 * it does nothing, as when it is called again. Results are the same up to the order of sums.
 */
export function preferPlainProducts(): void {
  if (!('wasm' in tf.backend())) return;
  const backendName = tf.getBackend();
  for (const kernelName of kernelNames) {
    const stock = tf.getKernel(kernelName, backendName);
    const transpose = tf.getKernel('Transpose', backendName);
    if (!stock || !transpose || ours.has(stock.kernelFunc)) continue;
    const kernelFunc = transposingFirst(stock.kernelFunc, transpose.kernelFunc);
    ours.add(kernelFunc);
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({...stock, kernelFunc});
  }
}

function transposingFirst(product: tf.KernelFunc, transpose: tf.KernelFunc): tf.KernelFunc {
  return ({inputs, backend, attrs}) => {
    const made: tf.TensorInfo[] = [];
    const plain = (x: tf.TensorInfo, isTransposed: unknown): tf.TensorInfo => {
      if (!isTransposed) return x;
      const result = transpose({
        inputs: {x},
        backend,
        attrs: {perm: swapped(x.shape.length)},
      }) as tf.TensorInfo;
      made.push(result);
      return result;
    };
    const {transposeA, transposeB} = attrs!;
    const a = plain(inputs['a']!, transposeA);
    const b = plain(inputs['b']!, transposeB);
    const result = product({
      inputs: {...inputs, a, b},
      backend,
      attrs: {...attrs, transposeA: false, transposeB: false},
    });
    for (const {dataId} of made) (backend as WasmBackend).disposeData(dataId);
    return result;
  };
}

/** The axes of a stack of matrices, the last two swapped. */
function swapped(rank: number): number[] {
  const axes = Array.from({length: rank}, (_, axis) => axis);
  return [...axes.slice(0, -2), rank - 1, rank - 2];
}
