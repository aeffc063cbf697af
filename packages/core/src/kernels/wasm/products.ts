// Products of matrices on wasm. tfjs 4.22 hands products of two plain matrices to XNNPACK, and takes a loop of its own
// for stacks of them and for transposed operands. The latter is what the gradient of every dense layer has: transposing
// first is several times faster. In that loop, a fused bias goes to the wrong rows.
import * as tf from '@tensorflow/tfjs-core';
import {itemAt} from '../../lib/item.ts';
import {inputsOf} from '../inputs.ts';
import {composed, isStoredAsLine, type Replacement, type RunKernel} from './compose.ts';

/** tfjs's product of stacks of matrices, with the flags `transposeA` and `transposeB`. */
export const product: Replacement = (stock) =>
  composed((inputs, attrs, run) => {
    const {a, b} = inputsOf(inputs, 'a', 'b');
    return multiplied(stock, a, b, attrs, run);
  });

/** A product to which a bias is added and on which an activation acts, for any bias that tfjs lets in. */
export const fusedProduct: Replacement = (stock) =>
  composed((inputs, attrs, run) => {
    const {bias, preluActivationWeights: alpha} = inputs;
    const factors = inputsOf(inputs, 'a', 'b');
    const a = transposed(factors.a, attrs['transposeA'], run);
    const b = transposed(factors.b, attrs['transposeB'], run);
    const plain = {...attrs, transposeA: false, transposeB: false};
    const columns = itemAt(b.shape, b.shape.length - 1);
    const isPlain = a.dtype === 'float32' && [a, b].every(({shape}) => shape[0] === 1) && !isEmpty(b);
    const areLines = [bias, alpha].every((line) => !line || isStoredAsLine(line, columns));
    if (isPlain && areLines) {
      // XNNPACK clamps on its own account, and makes 0 of NaN.
      if (!String(attrs['activation']).startsWith('relu')) return run(stock, {...inputs, a, b}, plain);
      return activated(run(stock, {...inputs, a, b}, {...plain, activation: 'linear'}), alpha, attrs, run);
    }
    const value = run('BatchMatMul', {a, b}, plain);
    return activated(bias ? run('Add', {a: value, b: bias}) : value, alpha, attrs, run);
  });

function multiplied(
  stock: tf.KernelFunc,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  attrs: tf.NamedAttrMap,
  run: RunKernel,
): tf.TensorInfo {
  if (a.dtype === 'int32') {
    // tfjs multiplies floats alone here; on WebGL, whole numbers are floats as well.
    const float = (x: tf.TensorInfo) => run('Cast', {x}, {dtype: 'float32'});
    return run('Cast', {x: multiplied(stock, float(a), float(b), attrs, run)}, {dtype: 'int32'});
  }
  const left = transposed(a, attrs['transposeA'], run);
  const right = transposed(b, attrs['transposeB'], run);
  if (!isEmpty(right)) {
    return run(stock, {a: left, b: right}, {...attrs, transposeA: false, transposeB: false});
  }
  // A sum of no terms is zero. XNNPACK refuses it, and tfjs would hand out what was in the memory before.
  const stack = tf.broadcast_util.assertAndGetBroadcastShape(
    left.shape.slice(0, -2),
    right.shape.slice(0, -2),
  );
  return run(
    'Fill',
    {},
    {shape: [...stack, ...left.shape.slice(-2, -1), ...right.shape.slice(-1)], value: 0, dtype: a.dtype},
  );
}

/** Whether a matrix has no rows or no columns. */
const isEmpty = ({shape}: tf.TensorInfo): boolean => shape.slice(-2).includes(0);

function transposed(x: tf.TensorInfo, isAsked: unknown, run: RunKernel): tf.TensorInfo {
  if (!isAsked) return x;
  const rank = x.shape.length;
  const axes = Array.from({length: rank}, (_, axis) => axis);
  return run('Transpose', {x}, {perm: [...axes.slice(0, -2), rank - 1, rank - 2]});
}

/** The kernels of the activations that tfjs fuses. */
const activations: Readonly<Record<string, string>> = {
  relu: 'Relu',
  relu6: 'Relu6',
  elu: 'Elu',
  sigmoid: 'Sigmoid',
  leakyrelu: 'LeakyRelu',
  prelu: 'Prelu',
};

function activated(
  x: tf.TensorInfo,
  alpha: tf.TensorInfo | undefined,
  {activation, leakyreluAlpha}: tf.NamedAttrMap,
  run: RunKernel,
): tf.TensorInfo {
  const kernel = activations[String(activation)];
  if (kernel === undefined) return x;
  return run(kernel, alpha ? {x, alpha} : {x}, leakyreluAlpha === undefined ? {} : {alpha: leakyreluAlpha});
}
