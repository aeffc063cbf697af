// Products of matrices on WebGL. Texels hold 2 × 2 elements, and tfjs 4.22's product adds up whole texels: of an odd
// inner dimension it takes in the elements past the edge, which it expects to be 0. Most kernels (Sub, Exp, Sigmoid,
// products with a bias) leave other numbers or NaN there.
import * as tf from '@tensorflow/tfjs-core';
import {elementwise, isWebGL2, largestRank, type WebGLBackend} from './webgl.ts';

/** Which attribute says, of an operand, that it is to be transposed; and the inner axis without, from the end. */
const operands = {
  a: {flag: 'transposeA', inner: 1},
  b: {flag: 'transposeB', inner: 2},
} as const;

const mended = new WeakSet<object>();

/** On WebGL, makes products of matrices right for every inner dimension, for as long as the backend lives. */
export function mendWebGLProducts(): void {
  const backend = tf.backend();
  if (!isWebGL2(backend) || mended.has(backend)) return;
  mended.add(backend);
  for (const kernelName of ['BatchMatMul', '_FusedMatMul']) mend(kernelName, backend);
}

function mend(kernelName: string, mendedBackend: WebGLBackend): void {
  const backendName = tf.getBackend();
  const stock = tf.getKernel(kernelName, backendName);
  if (stock === undefined) return;
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({
    ...stock,
    kernelFunc: (call) => {
      const backend = call.backend as WebGLBackend;
      if (backend !== mendedBackend) return stock.kernelFunc(call);
      const made: tf.TensorInfo[] = [];
      const inputs = {...call.inputs};
      for (const [name, {flag, inner}] of Object.entries(operands)) {
        const operand = inputs[name]!;
        const axis = operand.shape.length - (call.attrs?.[flag] ? 3 - inner : inner);
        if (operand.shape[axis]! % 2 === 0 || !hasUnknownEdge(backend, operand)) continue;
        inputs[name] = withZeroEdge(backend, operand);
        made.push(inputs[name]!);
      }
      const result = stock.kernelFunc({...call, inputs});
      for (const tensor of made) backend.disposeIntermediateTensorInfo(tensor);
      return result;
    },
  });
}

/** Uploading and packing write zeros past the edge; what a packed program has written may be anything. */
function hasUnknownEdge({texData}: WebGLBackend, {dataId, shape}: tf.TensorInfo): boolean {
  const {texture, isPacked = false} = texData.get(dataId);
  return Boolean(texture) && isPacked && !shape.includes(0);
}

function withZeroEdge(backend: WebGLBackend, {dataId, shape, dtype}: tf.TensorInfo): tf.TensorInfo {
  // A stack of stacks is one stack to the same texels.
  const isDeep = shape.length > largestRank;
  const flat = isDeep ? [tf.util.sizeFromShape(shape.slice(0, -2)), ...shape.slice(-2)] : shape;
  const copy = backend.runWebGLProgram(
    elementwise(flat, ['x'], [], 'x'),
    [{dataId, shape: flat, dtype}],
    dtype,
    [],
  );
  return {...copy, shape};
}
