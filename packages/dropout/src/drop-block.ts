import {
  computed,
  defineRegularizer,
  defineTechnique,
  type Named,
  namesOf,
  type OptionsOf,
  option,
  type Regularizer,
  readTechnique,
  type Selector,
  type SiteInfo,
  type Technique,
} from '@regularizers/core';
import {bernoulli, type KeyLike} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {isHidden} from './hidden-sites.ts';
import {checkLayout, type Layout} from './layout.ts';
import {maskOrder} from './mask-order.ts';
import {dropRate} from './options.ts';

/** Options of {@link dropBlock}. */
export interface DropBlockOptions<Name extends string = string> extends Named<Name> {
  /** Share p of the elements that is dropped, somewhat less where blocks overlap, in [0, 1). @defaultValue 0.1 */
  readonly rate?: number;
  /** Side of a block, in elements; no longer than the image. @defaultValue 7 */
  readonly blockSize?: number;
  /**
   * Sites whose values lose blocks: images, channels last.
   *
   * @defaultValue outputs of hidden convolutions, after the activation layer where that is a layer of its own, and
   * after a batch normalization that would come next
   */
  readonly at?: Selector<SiteInfo>;
}

const convolutions = ['Conv2D', 'Conv2DTranspose', 'DepthwiseConv2D', 'SeparableConv2D'];

const described = {
  rate: dropRate(0.1, 'Share of the elements that is dropped, somewhat less where blocks overlap.'),
  blockSize: option.integer({
    min: 1,
    default: 7,
    unit: 'elements',
    about: 'Side of a block; no longer than the image.',
    search: {from: 2, to: 9, scale: 'linear'},
  }),
  at: option.sites({
    about: 'Sites whose values lose blocks.',
    default: isHidden(...convolutions),
    otherwise: 'outputs of hidden convolutions, after the activation layer where that is a layer of its own',
    rare: true,
  }),
} satisfies OptionsOf<DropBlockOptions>;

const layout: Layout = {
  what: 'images [batch, height, width, channels]',
  ranks: [4, 4],
  hint: 'spatialDropout drops whole channels of sequences, images and volumes.',
};

/** How {@link dropBlockMask} draws. */
export interface DropBlockMaskOptions {
  /** p, in [0, 1). */
  readonly rate: number;
  /** b, an integer of at least 1. */
  readonly blockSize: number;
}

/**
 * A mask of zeros in square blocks, each within the image, for each example and channel anew.
 *
 * Blocks begin with probability γ = p·HW / (b²(H − b + 1)(W − b + 1)) at each place where one fits, so that p is the
 * share that is dropped but for overlaps.
 *
 * @param shape `[batch, height, width, channels]`
 * @param key where the draw comes from; one key is one mask
 * @param options `rate`: p; `blockSize`: b, cut to the height and the width
 * @returns zeros and ones of that shape
 *
 * @example
 * ```ts
 * const mask = dropBlockMask([32, 14, 14, 64], deriveKey(7, 'mask'), {rate: 0.1, blockSize: 7});
 * ```
 */
export function dropBlockMask(
  shape: readonly [batch: number, height: number, width: number, channels: number],
  key: KeyLike,
  options: DropBlockMaskOptions,
): tf.Tensor4D {
  return computed('dropBlockMask', {shape, key, options}, () => {
    const {rate, blockSize} = options;
    const [batch, height, width, channels] = shape;
    const [tall, wide] = [Math.min(blockSize, height), Math.min(blockSize, width)];
    const [rows, columns] = [height - tall + 1, width - wide + 1];
    const probability = (rate * height * width) / (tall * wide * rows * columns);
    const corners = bernoulli<tf.Rank.R4>([batch, rows, columns, channels], key, {probability});
    // An element is in a block that begins up to b − 1 before it.
    const margin = (side: number): [number, number] => [side - 1, side - 1];
    const padded = tf.pad(corners, [[0, 0], margin(tall), margin(wide), [0, 0]]);
    return tf.sub(1, tf.maxPool(padded, [tall, wide], 1, 'valid'));
  });
}

/**
 * Sets square blocks to 0 and scales what is kept, so that the mean stays.
 *
 * y·m·n/Σm, with the mask m of {@link dropBlockMask} and n the number of its elements
 *
 * @param value `[batch, height, width, channels]`
 * @param key where the draw comes from
 * @param options `rate`: p, in [0, 1); `blockSize`: the side of a block
 * @returns a value of the same shape
 *
 * @example
 * ```ts
 * const dropped = droppedBlocks(images, deriveKey(7, 'mask'), {rate: 0.1, blockSize: 7});
 * ```
 */
export function droppedBlocks(value: tf.Tensor, key: KeyLike, options: DropBlockMaskOptions): tf.Tensor {
  return computed('droppedBlocks', {value, key, options}, () => {
    const mask = dropBlockMask((value as tf.Tensor4D).shape, key, options);
    return tf.mul(value, tf.mul(mask, tf.divNoNan(1, tf.mean(mask))));
  });
}

/**
 * DropBlock: drops square blocks of feature maps, each channel's its own. What a single dropped element said, its
 * neighbours say too; a block takes a part of the image away.
 *
 * y ← y·m·n/Σm, m zero in blocks that begin at random; evaluation is the identity.
 *
 * @param options how much, in blocks of which size, and where
 * @throws RegularizerError if an option is out of range, `at` selects nothing, a value is no image, or a layer has its
 * channels first
 *
 * @example
 * ```ts
 * const regularizers = [dropBlock({rate: 0.1, blockSize: 5})];
 * ```
 *
 * @see Ghiasi, Lin, Le (2018), DropBlock: A Regularization Method for Convolutional Networks, algorithm 1 and eq. 1,
 * with a mask for each channel. https://arxiv.org/abs/1810.12890
 */
export function dropBlock<const Name extends string = 'dropBlock'>(
  options: DropBlockOptions<Name> = {},
): Regularizer<Name> {
  const {name, settings, rate, blockSize, at} = readTechnique('dropBlock', options, described);
  return defineRegularizer({
    name,
    settings,
    ...maskOrder,
    setup(context) {
      if (rate === 0) return {idle: true};
      const chosen = at(context);
      for (const site of chosen) checkLayout(name, site, layout);
      return {at: namesOf(chosen)};
    },
    activation: (value, site, step) =>
      droppedBlocks(value, step.key(`mask/${site.index}`), {rate, blockSize}),
  });
}

/** What {@link dropBlock} says of itself. */
export const dropBlockTechnique: Technique = defineTechnique({
  name: 'dropBlock',
  title: 'DropBlock',
  family: 'dropout',
  about: 'Drops square blocks of feature maps.',
  options: described,
  trials: [
    {options: {rate: 0.3, blockSize: 3}, on: ['images']},
    {options: {rate: 0.3, blockSize: 2, at: 'block1_branch'}, on: ['composite']},
  ],
  create: dropBlock,
});
