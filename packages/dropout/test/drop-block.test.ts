import {bernoulli, deriveKey} from '@regularizers/random';
import {expectClose, messageOf, setUp, sitesOf} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {dropBlock, dropBlockMask, droppedBlocks} from '../src/index.ts';

type Shape = readonly [number, number, number, number];

/** The paper's γ, each side cut to the image as timm's drop_block_2d has it. */
function gamma([, height, width]: Shape, rate: number, blockSize: number): number {
  const [h, w] = [Math.min(blockSize, height), Math.min(blockSize, width)];
  return ((rate / (h * w)) * (height * width)) / ((height - h + 1) * (width - w + 1));
}

/** The mask by algorithm 1, element by element, from where blocks begin. */
function maskByHand(
  [batch, height, width, channels]: Shape,
  corners: readonly (readonly (readonly (readonly number[])[])[])[],
  blockSize: number,
): number[][][][] {
  const mask = Array.from({length: batch}, () =>
    Array.from({length: height}, () => Array.from({length: width}, () => Array<number>(channels).fill(1))),
  );
  corners.forEach((image, n) => {
    image.forEach((row, y) => {
      row.forEach((places, x) => {
        places.forEach((begins, c) => {
          if (begins === 0) return;
          for (let i = y; i < Math.min(y + blockSize, height); i++) {
            for (let j = x; j < Math.min(x + blockSize, width); j++) mask[n]![i]![j]![c] = 0;
          }
        });
      });
    });
  });
  return mask;
}

describe('dropBlockMask', () => {
  it('is zero in the blocks that begin where the draw says, and nowhere else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(fc.integer({min: 1, max: 2}), fc.integer({min: 1, max: 6}), fc.integer({min: 1, max: 6})),
        fc.integer({min: 1, max: 8}),
        fc.integer({min: 0, max: 99}),
        async ([batch, height, width], blockSize, seed) => {
          const shape = [batch, height, width, 3] as const;
          const key = deriveKey(seed, 'mask');
          const mask = await dropBlockMask(shape, key, {rate: 0.4, blockSize}).array();
          const [rows, columns] = [height, width].map((side) => side - Math.min(blockSize, side) + 1);
          const probability = gamma(shape, 0.4, blockSize);
          const corners = await bernoulli<tf.Rank.R4>([batch, rows!, columns!, 3], key, {
            probability,
          }).array();
          expect(mask).toEqual(maskByHand(shape, corners, blockSize));
        },
      ),
      {numRuns: 20, seed: 3},
    );
  });

  it('drops a share p but for overlaps', async () => {
    const shape = [60, 8, 8, 30] as const;
    const options = {rate: 0.1, blockSize: 3};
    const kept = (await tf.mean(dropBlockMask(shape, deriveKey(1, 'share'), options)).data())[0]!;
    // An element is kept if none of the blocks that would cover it begins: (1 − γ) to their number.
    const covering = (at: number): number => Math.min(at, 5) - Math.max(at - 2, 0) + 1;
    const g = gamma(shape, 0.1, 3);
    const sides = Array.from({length: 8}, (_, at) => covering(at));
    const expected = sides.flatMap((h) => sides.map((w) => (1 - g) ** (h * w)));
    const mean = expected.reduce((sum, value) => sum + value, 0) / 64;
    expect(mean).toBeGreaterThan(0.9);
    // 1800 maps; the dropped share of one has a standard deviation below 0.1: 0.1/√1800 = 0.0024.
    expect(Math.abs(kept - mean)).toBeLessThan(0.0096);
  });
});

describe('droppedBlocks', () => {
  it('keeps the sum of equal values, and is a mask for its gradient', async () => {
    const key = deriveKey(4, 'blocks');
    const [shape, options] = [[2, 6, 5, 3] as const, {rate: 0.3, blockSize: 2}];
    const y = tf.fill([...shape], 2) as tf.Tensor4D;
    const {value, grad} = tf.valueAndGrad((x) => droppedBlocks(x, key, options) as tf.Scalar)(y);
    expectClose(tf.sum(value), [2 * 2 * 6 * 5 * 3], 'reduction');
    const mask = dropBlockMask(shape, key, options);
    const scale = (2 * 6 * 5 * 3) / (await tf.sum(mask).data())[0]!;
    expectClose(grad, tf.mul(mask, scale));
  });

  it('is zero, not infinite, where everything is dropped', () => {
    // One block is the image, and begins with probability p.
    const seeds = Array.from({length: 40}, (_, seed) =>
      droppedBlocks(tf.ones([1, 2, 2, 1]), deriveKey(seed, 'all'), {rate: 0.5, blockSize: 2}),
    );
    const sums = seeds.map((dropped) => tf.sum(dropped).dataSync()[0]!);
    expect(new Set(sums)).toEqual(new Set([0, 4]));
  });
});

describe('dropBlock', () => {
  const sites = sitesOf(
    {layerClass: 'Conv2D', name: 'conv', shape: [null, 6, 6, 4], config: {activation: 'relu'}},
    {layerClass: 'Conv1D', name: 'line', shape: [null, 6, 4], config: {activation: 'relu'}},
    {layerClass: 'Dense', name: 'out', isOutput: true},
  );

  it('takes hidden convolutions over images by default', () => {
    expect(setUp(dropBlock(), {sites}).at).toEqual(['conv']);
  });

  it('is idle at rate 0, and refuses other layouts and bad options', () => {
    expect(setUp(dropBlock({rate: 0}), {sites})).toEqual({idle: true});
    expect(messageOf(() => setUp(dropBlock({at: 'line'}), {sites}))).toMatch(/line has \[null, 6, 4\]/);
    const first = sitesOf({
      layerClass: 'Conv2D',
      name: 'conv',
      shape: [null, 4, 6, 6],
      config: {activation: 'relu', dataFormat: 'channelsFirst'},
    });
    expect(messageOf(() => setUp(dropBlock({at: 'conv'}), {sites: first}))).toMatch(/channels first/);
    expect(messageOf(() => dropBlock({blockSize: 0}))).toMatch(/blockSize must be an integer in \[1, ∞\)/);
  });
});
