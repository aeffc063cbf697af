import {computed} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';

/** What fixes a convolution, kernel and bias apart. */
export interface ConvolutionOptions {
  /** Shape of one example as the convolution sees it: `[length, channels]` or `[height, width, channels]`. */
  readonly inputShape: readonly number[];
  /** Extent of the kernel along the line or the image: `[5]` or `[5, 5]`; one number stands for all axes. */
  readonly kernelSize: number | readonly number[];
  /** Channels of the result. */
  readonly filters: number;
  /** @defaultValue 1 */
  readonly strides?: number | readonly number[];
  /**
   * `valid`: the kernel stays inside. `same`: zeros around, ⌈length/stride⌉ positions, as TensorFlow counts them.
   *
   * @defaultValue 'valid'
   */
  readonly padding?: 'valid' | 'same';
}

/** One axis of a convolution. */
export interface ConvolutionAxis {
  readonly input: number;
  readonly kernel: number;
  readonly stride: number;
  /** Zeros before the first element. */
  readonly before: number;
  readonly output: number;
}

/** The sizes that a convolution has, worked out. */
export interface ConvolutionGeometry {
  /** One for a line, two for an image. */
  readonly axes: readonly ConvolutionAxis[];
  readonly channels: number;
  readonly filters: number;
  /** Shape of the kernel, `[...kernelSize, channels, filters]`. */
  readonly kernelShape: readonly number[];
  /** Shape of one example's result, `[...positions, filters]`. */
  readonly outputShape: readonly number[];
  /** Rows of the dense matrix: numbers in one example. */
  readonly rows: number;
  /** Columns of the dense matrix: numbers in one example's result. */
  readonly columns: number;
}

/**
 * The sizes of a convolution; its options are checked already.
 *
 * @example
 * ```ts
 * convolutionGeometry({inputShape: [28, 28, 1], kernelSize: 5, filters: 8}).outputShape; // [24, 24, 8]
 * ```
 */
export function convolutionGeometry(options: ConvolutionOptions): ConvolutionGeometry {
  return computed('convolutionGeometry', {options}, () => {
    const {inputShape, kernelSize, filters, strides = 1, padding = 'valid'} = options;
    const lengths = inputShape.slice(0, -1);
    const channels = inputShape.at(-1) ?? 1;
    const axes = lengths.map((input, index) => {
      const kernel = typeof kernelSize === 'number' ? kernelSize : (kernelSize[index] ?? 1);
      const stride = typeof strides === 'number' ? strides : (strides[index] ?? 1);
      if (padding === 'valid') {
        return {input, kernel, stride, before: 0, output: Math.floor((input - kernel) / stride) + 1};
      }
      const output = Math.ceil(input / stride);
      const zeros = Math.max((output - 1) * stride + kernel - input, 0);
      return {input, kernel, stride, before: Math.floor(zeros / 2), output};
    });
    const outputShape = [...axes.map(({output}) => output), filters];
    return {
      axes,
      channels,
      filters,
      kernelShape: [...axes.map(({kernel}) => kernel), channels, filters],
      outputShape,
      rows: inputShape.reduce((size, length) => size * length, 1),
      columns: outputShape.reduce((size, length) => size * length, 1),
    };
  });
}

/**
 * The dense matrix of a convolution: the same small kernel at every position, zero elsewhere (a block Toeplitz matrix).
 *
 * T[(i, c), (o, f)] = K[i − stride·o + before, c, f], and 0 where that is outside of the kernel; for an image with i, o
 * and the offset of two coordinates each. x·T is the convolution of x with K, flattened.
 *
 * The gradient in K is the sum over all positions. It is computed axis by axis as a product with a constant matrix of
 * zeros and ones, T = (Y ⊗ X)ᵀ K, which is exact, has a gradient on every backend, and takes far less work than the
 * convolution of an identity matrix.
 *
 * @param kernel K, `[length, channels, filters]` or `[height, width, channels, filters]`
 * @param geometry of {@link convolutionGeometry}
 * @returns `[rows, columns]`
 *
 * @example
 * ```ts
 * const geometry = convolutionGeometry({inputShape: [3, 1], kernelSize: 2, filters: 1});
 * toeplitz(tf.tensor3d([[[1]], [[2]]]), geometry); // [[1, 0], [2, 1], [0, 2]]
 * ```
 *
 * @see LeCun et al. 1989, Backpropagation Applied to Handwritten Zip Code Recognition, section 3,
 *   https://doi.org/10.1162/neco.1989.1.4.541
 */
export function toeplitz(kernel: tf.Tensor, geometry: ConvolutionGeometry): tf.Tensor2D {
  return computed('toeplitz', {kernel, geometry}, () => {
    const {axes, channels, filters, rows, columns} = geometry;
    const [y, x] = axes;
    const inner = channels * filters;
    if (y === undefined) throw new RangeError('a convolution needs an axis');
    const alongY = tf.matMul(placements(y), tf.reshape(kernel, [y.kernel, -1]), true); // [h·oh, kw·c·f]
    if (x === undefined) {
      const blocks = tf.reshape(alongY, [y.input, y.output, channels, filters]);
      return tf.reshape(tf.transpose(blocks, [0, 2, 1, 3]), [rows, columns]);
    }
    const byColumn = tf.transpose(tf.reshape(alongY, [y.input * y.output, x.kernel, inner]), [1, 0, 2]);
    const alongX = tf.matMul(placements(x), tf.reshape(byColumn, [x.kernel, -1]), true); // [w·ow, h·oh·c·f]
    const blocks = tf.reshape(alongX, [x.input, x.output, y.input, y.output, channels, filters]);
    return tf.reshape(tf.transpose(blocks, [2, 0, 4, 3, 1, 5]), [rows, columns]);
  });
}

/**
 * The kernel whose {@link toeplitz} matrix is nearest to a given one (least squares): the mean over positions.
 *
 * K[k, c, f] = mean of M[(i, c), (o, f)] over all i, o with i − stride·o + before = k
 *
 * @param matrix M, `[rows, columns]`
 * @param geometry of {@link convolutionGeometry}
 * @returns the kernel, `geometry.kernelShape`; 0 where no position uses an element
 *
 * @example
 * ```ts
 * const geometry = convolutionGeometry({inputShape: [3, 1], kernelSize: 2, filters: 1});
 * nearestKernel(toeplitz(tf.tensor3d([[[1]], [[2]]]), geometry), geometry); // [[[1]], [[2]]]
 * ```
 */
export function nearestKernel(matrix: tf.Tensor, geometry: ConvolutionGeometry): tf.Tensor {
  return computed('nearestKernel', {matrix, geometry}, () => {
    const {axes, channels, filters, kernelShape} = geometry;
    const [y, x] = axes;
    if (y === undefined) throw new RangeError('a convolution needs an axis');
    if (x === undefined) {
      const blocks = tf.reshape(matrix, [y.input, channels, y.output, filters]);
      const byPosition = tf.reshape(tf.transpose(blocks, [0, 2, 1, 3]), [y.input * y.output, -1]);
      return tf.reshape(tf.matMul(averages(y), byPosition), [...kernelShape]);
    }
    const blocks = tf.reshape(matrix, [y.input, x.input, channels, y.output, x.output, filters]);
    const byPosition = tf.reshape(tf.transpose(blocks, [1, 4, 0, 3, 2, 5]), [x.input * x.output, -1]);
    const alongX = tf.matMul(averages(x), byPosition); // [kw, h·oh·c·f]
    const byRow = tf.transpose(
      tf.reshape(alongX, [x.kernel, y.input * y.output, channels * filters]),
      [1, 0, 2],
    );
    return tf.reshape(tf.matMul(averages(y), tf.reshape(byRow, [y.input * y.output, -1])), [...kernelShape]);
  });
}

/**
 * A bias per filter as the bias of the dense layer: repeated at every position.
 *
 * @param bias `[filters]`
 * @param geometry of {@link convolutionGeometry}
 * @returns `[columns]`
 */
export function repeatedBias(bias: tf.Tensor, geometry: ConvolutionGeometry): tf.Tensor1D {
  return computed('repeatedBias', {bias, geometry}, () => {
    const {columns, filters} = geometry;
    // A product, for the gradient of tile is one slice per position.
    const positions = tf.ones([columns / filters, 1]);
    return tf.reshape(tf.matMul(positions, tf.reshape(bias, [1, filters])), [columns]);
  });
}

/** Which input each kernel element meets at each position: `[kernel, input·output]` of zeros and ones. */
function placements(axis: ConvolutionAxis): tf.Tensor2D {
  return tf.tensor2d(placementValues(axis), [axis.kernel, axis.input * axis.output]);
}

/** {@link placements}, each row divided by its sum. */
function averages(axis: ConvolutionAxis): tf.Tensor2D {
  const values = placementValues(axis);
  const length = axis.input * axis.output;
  for (let row = 0; row < values.length; row += length) {
    const sum = values.subarray(row, row + length).reduce((total, value) => total + value, 0);
    for (let i = row; i < row + length; i++) values[i] = values[i]! / Math.max(sum, 1);
  }
  return tf.tensor2d(values, [axis.kernel, length]);
}

function placementValues({input, kernel, stride, before, output}: ConvolutionAxis): Float32Array {
  const values = new Float32Array(kernel * input * output);
  for (let position = 0; position < output; position++) {
    for (let offset = 0; offset < kernel; offset++) {
      const element = position * stride - before + offset;
      if (element >= 0 && element < input) values[(offset * input + element) * output + position] = 1;
    }
  }
  return values;
}
