import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {
  type ConvolutionOptions,
  convolutionGeometry,
  nearestKernel,
  repeatedBias,
  toeplitz,
} from '../src/index.ts';
import {expectClose, filled, numbers} from './helpers.ts';

/** A convolution by its definition, in float64: the sum over offsets, zero outside. */
function convolveByHand(
  x: readonly number[],
  kernel: readonly number[],
  options: ConvolutionOptions,
): Float64Array {
  const {axes, channels, filters} = convolutionGeometry(options);
  const [y, z = {input: 1, kernel: 1, stride: 1, before: 0, output: 1}] = axes;
  const result = new Float64Array(y!.output * z.output * filters);
  for (let oy = 0; oy < y!.output; oy++) {
    for (let oz = 0; oz < z.output; oz++) {
      for (let ky = 0; ky < y!.kernel; ky++) {
        for (let kz = 0; kz < z.kernel; kz++) {
          const iy = oy * y!.stride - y!.before + ky;
          const iz = oz * z.stride - z.before + kz;
          if (iy < 0 || iy >= y!.input || iz < 0 || iz >= z.input) continue;
          for (let c = 0; c < channels; c++) {
            for (let f = 0; f < filters; f++) {
              result[(oy * z.output + oz) * filters + f]! +=
                x[(iy * z.input + iz) * channels + c]! *
                kernel[((ky * z.kernel + kz) * channels + c) * filters + f]!;
            }
          }
        }
      }
    }
  }
  return result;
}

const cases: readonly ConvolutionOptions[] = [
  {inputShape: [7, 1], kernelSize: 3, filters: 1},
  {inputShape: [8, 2], kernelSize: [3], filters: 4, strides: 2, padding: 'same'},
  {inputShape: [6, 5, 1], kernelSize: [3, 2], filters: 2},
  {inputShape: [6, 7, 2], kernelSize: [3, 4], filters: 3, padding: 'same'},
  {inputShape: [7, 6, 3], kernelSize: 3, filters: 2, strides: [2, 3], padding: 'same'},
  {inputShape: [7, 7, 1], kernelSize: 3, filters: 2, strides: 2},
];

describe('toeplitz', () => {
  it('repeats a kernel along the diagonal', () => {
    const geometry = convolutionGeometry({inputShape: [4, 1], kernelSize: 2, filters: 1});
    const matrix = toeplitz(tf.tensor3d([[[2]], [[3]]]), geometry);
    // x·T at position o is 2·x[o] + 3·x[o + 1].
    expect(matrix.arraySync()).toEqual([
      [2, 0, 0],
      [3, 2, 0],
      [0, 3, 2],
      [0, 0, 3],
    ]);
  });

  it.each(cases)('is the convolution by its definition: %j', (options) => {
    const geometry = convolutionGeometry(options);
    const kernel = filled(geometry.kernelShape);
    const x = numbers(geometry.rows, 50);
    const y = tf.matMul(tf.tensor2d(x, [1, geometry.rows]), toeplitz(kernel, geometry));
    expectClose(y, convolveByHand(x, numbers(kernel.size), options));
  });

  it.each(cases)('equals the layer, forward and gradient: %j', (options) => {
    const geometry = convolutionGeometry(options);
    const {strides = 1, padding = 'valid', kernelSize, filters, inputShape} = options;
    const kernel = filled(geometry.kernelShape);
    const bias = filled([filters], 20);
    const config = {kernelSize: kernelSize as number, filters, strides: strides as number, padding};
    const layer = inputShape.length === 2 ? tfl.layers.conv1d(config) : tfl.layers.conv2d(config);
    layer.build([null, ...inputShape]);
    layer.setWeights([kernel, bias]);
    const x = filled([5, ...inputShape], 50);
    const flat = tf.reshape(x, [5, geometry.rows]);
    const target = filled([5, geometry.columns], 9);

    const dense = (k: tf.Tensor, b: tf.Tensor): tf.Tensor =>
      tf.add(tf.matMul(flat, toeplitz(k, geometry)), repeatedBias(b, geometry));
    expectClose(dense(kernel, bias), tf.reshape(layer.apply(x) as tf.Tensor, target.shape));

    const squares = (y: tf.Tensor): tf.Scalar =>
      tf.sum(tf.square(tf.sub(tf.reshape(y, target.shape), target)));
    // tfjs has no gradient of a convolution on wasm to compare with.
    if (!tf.getKernel('Conv2DBackpropFilter', tf.getBackend())) return;
    const [ofKernel, ofBias] = tf.grads((k, b) => squares(dense(k!, b!)))([kernel, bias]);
    const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const {grads} = tf.variableGrads(() => squares(layer.apply(x) as tf.Tensor), variables);
    expectClose(ofKernel!, grads[variables[0]!.name]!);
    expectClose(ofBias!, grads[variables[1]!.name]!);
  });

  it('leaves its input alone, and is exact', () => {
    fc.assert(
      fc.property(
        fc.record({
          inputShape: fc.tuple(
            fc.integer({min: 3, max: 6}),
            fc.integer({min: 3, max: 6}),
            fc.integer({min: 1, max: 3}),
          ),
          kernelSize: fc.tuple(fc.integer({min: 1, max: 3}), fc.integer({min: 1, max: 3})),
          filters: fc.integer({min: 1, max: 3}),
          strides: fc.integer({min: 1, max: 2}),
          padding: fc.constantFrom('valid' as const, 'same' as const),
        }),
        (options) => {
          const geometry = convolutionGeometry(options);
          const kernel = filled(geometry.kernelShape);
          const before = kernel.dataSync().slice();
          const matrix = toeplitz(kernel, geometry);
          expect(matrix.shape).toEqual([geometry.rows, geometry.columns]);
          expect(matrix.dtype).toBe('float32');
          expect(kernel.dataSync()).toEqual(before);
          // Products with zeros and ones round nothing: every element is one of the kernel's, or 0.
          const allowed = new Set([0, ...before]);
          expect(Array.from(matrix.dataSync()).every((value) => allowed.has(value))).toBe(true);
        },
      ),
      {numRuns: 25, seed: 7},
    );
  });
});

describe('nearestKernel', () => {
  it.each(cases)('finds the kernel of its own matrix: %j', (options) => {
    const geometry = convolutionGeometry(options);
    const kernel = filled(geometry.kernelShape);
    expectClose(nearestKernel(toeplitz(kernel, geometry), geometry), kernel);
  });

  it('takes the mean over positions', () => {
    const geometry = convolutionGeometry({inputShape: [3, 1], kernelSize: 2, filters: 1});
    // The two diagonals hold 1, 3 and 5, 9; their means are 2 and 7. The 4 and 8 belong to no position.
    const matrix = tf.tensor2d([1, 4, 5, 3, 8, 9], [3, 2]);
    expectClose(nearestKernel(matrix, geometry), [2, 7]);
  });

  it('is 0 where a kernel reaches nothing', () => {
    // One position of a kernel of 3 around a line of 1: its first and last elements only ever see padding.
    const geometry = convolutionGeometry({inputShape: [1, 1], kernelSize: 3, filters: 1, padding: 'same'});
    expectClose(nearestKernel(tf.tensor2d([4], [1, 1]), geometry), [0, 4, 0]);
  });
});

describe('repeatedBias', () => {
  it('repeats per position, and its gradient is the sum over them', () => {
    const geometry = convolutionGeometry({inputShape: [3, 1], kernelSize: 2, filters: 2});
    expect(Array.from(repeatedBias(tf.tensor1d([5, 6]), geometry).dataSync())).toEqual([5, 6, 5, 6]);
    const gradient = tf.grad((b) => tf.sum(tf.mul(repeatedBias(b, geometry), [1, 2, 3, 4])))(
      tf.tensor1d([5, 6]),
    );
    expectClose(gradient, [1 + 3, 2 + 4]);
  });
});
