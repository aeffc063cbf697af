// What tfjs's kernels on WebGL make of tensors whose texels hold garbage past the edge, against its cpu backend.
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import {registered} from '@regularizers/random/webgl';
import {poisonWebGL} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, test} from 'vitest';
import {mendKernels} from '../src/kernels/mend.ts';
import {elementwise} from '../src/kernels/webgl.ts';
import {waves} from './support/data.ts';
import {expectClose} from './tolerance.ts';

beforeAll(() => mendKernels());

interface Case {
  readonly shapes: readonly (readonly number[])[];
  readonly dtype?: 'float32' | 'int32';
  run(...inputs: tf.Tensor[]): tf.Tensor;
}

/** Both finite and not: the former makes results that are silently wrong. */
const poisons = [NaN, Infinity, 1e6];

function onCpu<T>(run: () => T): T {
  const current = tf.getBackend();
  tf.setBackend('cpu');
  try {
    return run();
  } finally {
    tf.setBackend(current);
  }
}

function check(name: string, {shapes, dtype = 'float32', run}: Case): void {
  const results = (): Float32Array =>
    tf.tidy(() => {
      const inputs = shapes.map((shape, i) => {
        const values = waves([...shape], 1.7 + 0.4 * i);
        return dtype === 'int32' ? tf.cast(tf.round(tf.mul(values, 9)), 'int32') : values;
      });
      return run(...inputs).dataSync<'float32'>();
    });
  const expected = onCpu(results);
  for (const poison of poisons) {
    const stop = poisonWebGL(poison);
    try {
      expectClose(results(), expected, 'step');
    } catch (error) {
      expect.fail(`${name}, poison ${poison}: ${(error as Error).message}`);
    } finally {
      stop();
    }
  }
}

const sizes = [1, 2, 3, 4, 5];
const flags = [false, true];
const activations = ['linear', 'relu', 'sigmoid', 'elu', 'prelu', 'leakyrelu'] as const;

test('the poison is there', () => {
  const sums = registered('RegularizersTestTexelSums', (backend, {x}) =>
    backend.runWebGLProgram(
      elementwise(x!.shape, ['x'], [], 'vec4(x.x + x.y + x.z + x.w)'),
      [x!],
      'float32',
      [],
    ),
  );
  const stop = poisonWebGL(7);
  const result: tf.Tensor = tf.engine().runKernel(sums, {x: tf.ones([1, 3])});
  stop();
  expect([...result.dataSync()]).toEqual([16, 16, 22]);
});

describe('products of matrices', () => {
  test.each(flags.flatMap((a) => flags.map((b) => [a, b] as const)))(
    'every size, transposed: %s, %s',
    (a, b) => {
      for (const inner of [...sizes, 1001, 1002]) {
        for (const [rows, columns] of [
          [1, 1],
          [1, 3],
          [2, 3],
          [3, 1],
          [3, 2],
        ] as const) {
          check(`${rows} × ${inner} × ${columns}`, {
            shapes: [a ? [inner, rows] : [rows, inner], b ? [columns, inner] : [inner, columns]],
            run: (x, y) => tf.matMul(x!, y!, a, b),
          });
        }
      }
    },
  );

  test.each([[[2]], [[2, 3]], [[1, 3]], [[2, 1, 3]], [[2, 1, 2, 3]]])('stacks of %j', (stack) => {
    for (const inner of sizes) {
      for (const [a, b] of [
        [stack, stack],
        [stack, stack.map(() => 1)],
        [stack.map(() => 1), stack],
      ]) {
        check(`${a} and ${b} of 3 × ${inner} × 2`, {
          shapes: [
            [...a!, 3, inner],
            [...b!, inner, 2],
          ],
          run: (x, y) => tf.matMul(x!, y!),
        });
      }
    }
  });

  test('of int32', () => {
    for (const inner of sizes) {
      check(`inner ${inner}`, {
        dtype: 'int32',
        shapes: [
          [3, inner],
          [inner, 3],
        ],
        run: (x, y) => tf.matMul(x!, y!),
      });
    }
  });

  test.each(activations)('fused, with a bias and %s', (activation) => {
    for (const inner of sizes) {
      for (const [rows, columns] of [
        [1, 1],
        [3, 5],
        [2, 4],
      ] as const) {
        check(`${rows} × ${inner} × ${columns}`, {
          shapes: [[rows, inner], [inner, columns], [columns], [rows, columns]],
          run: (a, b, bias, slopes) =>
            tf.fused.matMul({
              a: a!,
              b: b!,
              bias: bias!,
              activation,
              leakyreluAlpha: 0.2,
              ...(activation === 'prelu' ? {preluActivationWeights: slopes!} : {}),
            }),
        });
      }
    }
  });
});

type Image = tf.Tensor4D;

/** Filters by size and channels, on images of odd and even sizes. */
const convolutions = [1, 3].flatMap((filter) =>
  [1, 2, 3].flatMap((channels) =>
    [1, 2, 3].flatMap((units) => [4, 5].map((size) => ({filter, channels, units, size}))),
  ),
);

describe('convolutions', () => {
  test.each(
    ([1, 2] as const).flatMap((strides) =>
      (['same', 'valid'] as const).map((pad) => [strides, pad] as const),
    ),
  )('strides %s, pad %s: value and gradients', (strides, pad) => {
    for (const {filter, channels, units, size} of convolutions) {
      const shapes = [
        [3, size, size, channels],
        [filter, filter, channels, units],
      ];
      const name = JSON.stringify(shapes);
      check(`value ${name}`, {
        shapes,
        run: (x, w) => tf.conv2d(x as Image, w as Image, strides, pad),
      });
      const shape = tf.tidy(
        () => tf.conv2d(waves(shapes[0]!) as Image, waves(shapes[1]!) as Image, strides, pad).shape,
      );
      for (const argument of [0, 1]) {
        check(`gradient in ${argument === 0 ? 'x' : 'the filter'} ${name}`, {
          shapes: [...shapes, shape],
          run: (x, w, dy) =>
            tf.grads((a, b) => tf.conv2d(a as Image, b as Image, strides, pad))([x!, w!], dy!)[argument]!,
        });
      }
    }
  });

  test.each(activations)('fused, with a bias and %s', (activation) => {
    for (const {filter, channels, units, size} of convolutions) {
      const shapes = [[2, size, size, channels], [filter, filter, channels, units], [units]];
      check(JSON.stringify(shapes), {
        shapes: [...shapes, [1, 1, units]],
        run: (x, w, bias, slopes) =>
          tf.fused.conv2d({
            x: x as Image,
            filter: w as Image,
            strides: 1,
            pad: 'same',
            bias: bias!,
            activation,
            leakyreluAlpha: 0.2,
            ...(activation === 'prelu' ? {preluActivationWeights: slopes!} : {}),
          }),
      });
    }
  });
});

type Matrix = tf.Tensor2D;

/** Everything else that a model or a technique is made of, each on one size where nothing is even. */
const others: Record<string, Case> = {
  conv1d: {
    shapes: [
      [3, 5, 3],
      [3, 3, 5],
    ],
    run: (x, w) => tf.conv1d(x as tf.Tensor3D, w as tf.Tensor3D, 1, 'same'),
  },
  conv2dTranspose: {
    shapes: [
      [3, 3, 3, 5],
      [3, 3, 3, 5],
    ],
    run: (x, w) => tf.conv2dTranspose(x as Image, w as Image, [3, 5, 5, 3], 2, 'same'),
  },
  conv3d: {
    shapes: [
      [1, 3, 3, 3, 3],
      [3, 3, 3, 3, 1],
    ],
    run: (x, w) => tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, 1, 'same'),
  },
  separableConv2d: {
    shapes: [
      [3, 5, 5, 3],
      [3, 3, 3, 1],
      [1, 1, 3, 5],
    ],
    run: (x, depth, point) => tf.separableConv2d(x as Image, depth as Image, point as Image, 1, 'same'),
  },
  maxPool: {shapes: [[3, 5, 5, 3]], run: (x) => tf.maxPool(x as Image, 3, 1, 'same')},
  avgPool: {shapes: [[3, 5, 5, 3]], run: (x) => tf.avgPool(x as Image, 3, 2, 'same')},
  batchNorm: {
    shapes: [[3, 5], [5], [5]],
    run: (x, mean, variance) =>
      tf.batchNorm2d(x as Matrix, mean as tf.Tensor1D, tf.abs(variance!) as tf.Tensor1D),
  },
  softmax: {shapes: [[3, 5]], run: (x) => tf.softmax(x!)},
  logSoftmax: {shapes: [[3, 5]], run: (x) => tf.logSoftmax(x!)},
  sum: {shapes: [[3, 5, 3]], run: (x) => tf.sum(x!)},
  'sum of columns': {shapes: [[5, 3]], run: (x) => tf.sum(x!, 0)},
  mean: {shapes: [[3, 5, 3]], run: (x) => tf.mean(x!, [0, 2])},
  prod: {shapes: [[3, 3]], run: (x) => tf.prod(x!, -1)},
  max: {shapes: [[3, 5]], run: (x) => tf.max(x!, -1)},
  min: {shapes: [[3, 5]], run: (x) => tf.min(x!, 0)},
  norm: {shapes: [[3, 5]], run: (x) => tf.norm(x!)},
  moments: {shapes: [[3, 5]], run: (x) => tf.moments(x!, 0).variance},
  cumsum: {shapes: [[3, 5]], run: (x) => tf.cumsum(x!, 1)},
  argMax: {shapes: [[3, 5]], run: (x) => tf.argMax(x!, -1)},
  'argMax of a cube': {shapes: [[3, 3, 5]], run: (x) => tf.argMax(x!, -1)},
  topk: {shapes: [[3, 5]], run: (x) => tf.topk(x!, 3).values},
  transpose: {shapes: [[3, 5]], run: (x) => tf.transpose(x!)},
  'transpose of a cube': {shapes: [[3, 5, 7]], run: (x) => tf.transpose(x!, [2, 0, 1])},
  reshape: {shapes: [[3, 5, 7]], run: (x) => tf.reshape(x!, [7, 15])},
  concat: {
    shapes: [
      [3, 5],
      [3, 3],
    ],
    run: (a, b) => tf.concat([a!, b!], 1),
  },
  stack: {
    shapes: [
      [3, 5],
      [3, 5],
    ],
    run: (a, b) => tf.stack([a!, b!], 1),
  },
  slice: {shapes: [[5, 5]], run: (x) => tf.slice(x!, [1, 1], [3, 3])},
  stridedSlice: {shapes: [[5, 5]], run: (x) => tf.stridedSlice(x!, [0, 0], [5, 5], [2, 3])},
  pad: {
    shapes: [[3, 5]],
    run: (x) =>
      tf.pad(x!, [
        [1, 1],
        [1, 3],
      ]),
  },
  mirrorPad: {
    shapes: [[3, 5]],
    run: (x) =>
      tf.mirrorPad(
        x!,
        [
          [1, 1],
          [1, 1],
        ],
        'reflect',
      ),
  },
  reverse: {shapes: [[3, 5]], run: (x) => tf.reverse(x!)},
  tile: {shapes: [[3, 5]], run: (x) => tf.tile(x!, [2, 3])},
  gather: {shapes: [[3, 5]], run: (x) => tf.gather(x!, tf.tensor1d([2, 0], 'int32'), 1)},
  where: {
    shapes: [
      [3, 5],
      [3, 5],
    ],
    run: (a, b) => tf.where(tf.greater(a!, 0), a!, b!),
  },
  addN: {
    shapes: [
      [3, 5],
      [3, 5],
      [3, 5],
    ],
    run: (...all) => tf.addN(all),
  },
  broadcast: {
    shapes: [
      [3, 1],
      [1, 5],
    ],
    run: (a, b) => tf.mul(a!, b!),
  },
  clip: {shapes: [[3, 5]], run: (x) => tf.clipByValue(x!, -0.5, 0.5)},
  resize: {shapes: [[3, 3, 3, 3]], run: (x) => tf.image.resizeBilinear(x as Image, [5, 7])},
  normalization: {shapes: [[3, 3, 3, 5]], run: (x) => tf.localResponseNormalization(x as Image, 1)},
};

test.each(Object.entries(others))('%s', (name, subject) => check(name, subject));

test.each([1, 2, 3])('depthwise convolutions, multiplier 1 and 2, filter %s', (filter) => {
  for (const multiplier of [1, 2]) {
    for (const strides of [1, 2] as const) {
      for (const pad of ['same', 'valid'] as const) {
        for (const size of [4, 5]) {
          const shapes = [
            [3, size, size, 3],
            [filter, filter, 3, multiplier],
          ];
          check(`${JSON.stringify(shapes)}, strides ${strides}, ${pad}`, {
            shapes,
            run: (x, w) => tf.depthwiseConv2d(x as Image, w as Image, strides, pad),
          });
        }
      }
    }
  }
});

test('clipping leaves NaN as it is, and nothing beside it', () => {
  // The absolute values are packed already.
  const clipped = tf.clipByValue(
    tf.abs(
      tf.tensor2d([
        [NaN, 2],
        [-0.5, 3],
      ]),
    ),
    0,
    1,
  );
  expect([...clipped.dataSync()]).toEqual([NaN, 1, 0.5, 1]);
});
