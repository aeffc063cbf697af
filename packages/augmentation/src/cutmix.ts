import {
  computed,
  defineRegularizer,
  defineTechnique,
  type Named,
  type OptionsOf,
  type Regularizer,
  RegularizerError,
  readTechnique,
  type Technique,
} from '@regularizers/core';
import {type Key, uniform} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {type Boxes, boxMask} from './box.ts';
import {planImages} from './images.ts';
import type {ImageSize} from './matrix.ts';
import {type MixingSettings, mixBatch, mixingOptions, randomLambda, randomPartners} from './mixing.ts';
import {type ImageOptions, imageOptions} from './options.ts';
import {type ImagePlan, imageSize} from './plan.ts';

/** Options of {@link cutmix}. */
export interface CutmixOptions extends MixingSettings, ImageOptions {
  /** Parameter of Beta(α, α), from which 1 − the box's area is drawn; 1 is uniform, at least 0. @defaultValue 1 */
  readonly alpha?: number;
}

const described = {
  ...mixingOptions(1, "Parameter of Beta(α, α), from which 1 − the box's area is drawn."),
  ...imageOptions,
} satisfies OptionsOf<CutmixOptions>;

/**
 * The box of each image for a given λ: sides H·√(1−λ) and W·√(1−λ) about a centre, cut off at the image's edge
 * (equation 2 of the paper; whole pixels as in the authors' code, half a side rounded down).
 *
 * @param lambda share that the image keeps, `[batch]`, in [0, 1]
 * @param centres row and column of the centres, `[batch, 2]`, whole numbers inside the image
 * @param size sides of the images in pixels
 * @returns boxes inside the image
 *
 * @example
 * ```ts
 * const size = {height: 32, width: 32};
 * const boxes = cutmixBoxes(tf.fill([64], 0.7), randomCentres(64, key, size), size);
 * ```
 */
export function cutmixBoxes(lambda: tf.Tensor, centres: tf.Tensor2D, size: ImageSize): Boxes {
  return computed('cutmixBoxes', {lambda, centres, size}, () => {
    const {height, width} = size;
    const ratio: tf.Tensor2D = tf.reshape(tf.sqrt(tf.sub(1, lambda)), [-1, 1]);
    const half = tf.floor(tf.mul(ratio, tf.tensor1d([height / 2, width / 2])));
    return {
      start: tf.maximum(tf.sub(centres, half), 0),
      end: tf.minimum(tf.add(centres, half), tf.tensor1d([height, width])),
    };
  });
}

/**
 * The λ that the labels get: 1 − the box's area ÷ the image's, after cutting off at the edge.
 *
 * @param boxes boxes inside the image
 * @param size sides of the images in pixels
 * @returns `[batch]`
 *
 * @example
 * ```ts
 * const size = {height: 32, width: 32};
 * const boxes = cutmixBoxes(tf.fill([64], 0.7), randomCentres(64, key, size), size);
 * const targets = mixedTargets([{target: y, weight: 1}], permutation(64, key), keptShare(boxes, size));
 * ```
 */
export function keptShare(boxes: Boxes, size: ImageSize): tf.Tensor1D {
  return computed('keptShare', {boxes, size}, () => {
    const {start, end} = boxes;
    const {height, width} = size;
    return tf.sub(1, tf.div(tf.prod(tf.sub(end, start), 1), height * width));
  });
}

/**
 * Each image with its partner's pixels inside the mask: M⊙x + (1 − M)⊙x′, with M 0 inside (equation 1). Exact.
 *
 * @param images `[batch, height, width, channels]`
 * @param partners each image's partner, int32, `[batch]`
 * @param mask bool, 1 in the boxes, `[batch, height, width, 1]`
 * @returns the shape of `images`
 *
 * @example
 * ```ts
 * const size = {height: 32, width: 32};
 * const boxes = cutmixBoxes(tf.fill([64], 0.7), randomCentres(64, key, size), size);
 * const mixed = pastedImages(images, permutation(64, key), boxMask(boxes, size));
 * ```
 */
export function pastedImages(images: tf.Tensor, partners: tf.Tensor1D, mask: tf.Tensor): tf.Tensor {
  return computed('pastedImages', {images, partners, mask}, () =>
    tf.where(mask, tf.gather(images, partners), images),
  );
}

/**
 * Draws the centres of boxes, uniform over the pixels.
 *
 * @param batch number of images
 * @param key the key to draw with
 * @param size sides of the images in pixels
 * @returns row and column, `[batch, 2]`
 *
 * @example
 * ```ts
 * const centres = randomCentres(64, key, {height: 32, width: 32});
 * ```
 */
export function randomCentres(batch: number, key: Key, size: ImageSize): tf.Tensor2D {
  return computed('randomCentres', {batch, key, size}, () => {
    const {height, width} = size;
    return tf.floor(tf.mul(uniform<tf.Rank.R2>([batch, 2], key), tf.tensor1d([height, width])));
  });
}

/**
 * Pastes a box of another image of the batch into each image, and mixes the targets by the box's area:
 *
 * x ← M⊙x + (1 − M)⊙x′, loss ← λ·loss(t, y) + (1 − λ)·loss(t′, y), 1 − λ = area of the box ÷ area of the image
 *
 * Every image has a box of its own. Peers cut one box for the whole batch.
 *
 * @param options α, how often, and which inputs are images
 * @throws RegularizerError if an option is out of range or unknown
 *
 * @example
 * ```ts
 * const regularizers = [cutmix({probability: 0.5})];
 * ```
 *
 * @see Yun, Han, Oh, Chun, Choe and Yoo 2019, equations 1 and 2, https://arxiv.org/abs/1905.04899
 */
export function cutmix<const Name extends string = 'cutmix'>(
  options: CutmixOptions & Named<Name> = {},
): Regularizer<Name, ImagePlan, null> {
  const {name, settings, alpha, probability} = readTechnique('cutmix', options, described);
  const idle = alpha === 0 || probability === 0;
  return defineRegularizer<Name, ImagePlan, null>({
    name,
    settings,
    tags: ['mixing'],
    after: ['augmentation', 'erasing'],
    inListOrder: ['mixing'],
    setup: (context) => {
      if (idle) return {idle};
      const plan = planImages(context, {where: name, touch: 'places', options});
      checkOneSize(name, plan);
      return {plan};
    },
    batch: (batch, step) => {
      const key = (purpose: string) => step.key(purpose);
      const size = imageSize(batch.inputs, step.plan);
      const partners = randomPartners(batch.size, key);
      const centres = randomCentres(batch.size, key('centres'), size);
      const boxes = cutmixBoxes(randomLambda(batch.size, key, {alpha, probability}), centres, size);
      const mask = boxMask(boxes, size);
      const mix = (images: tf.Tensor): tf.Tensor => pastedImages(images, partners, mask);
      return mixBatch(batch, step.plan, {partners, lambda: keptShare(boxes, size), mix});
    },
  });
}

/** With images of two sizes, one λ could not be exact for both. */
function checkOneSize(where: string, {inputs}: ImagePlan): void {
  const sizes = new Set(inputs.map(({shape}) => `${shape[0] ?? '?'}×${shape[1] ?? '?'}`));
  if (sizes.size === 1) return;
  throw new RegularizerError({
    where,
    code: 'several-sizes',
    message: `the image inputs differ in size: ${[...sizes].join(', ')}`,
    hint: 'Choose inputs of one size with the option inputs.',
  });
}

/** What {@link cutmix} says of itself. */
export const cutmixTechnique: Technique = defineTechnique({
  name: 'cutmix',
  title: 'CutMix',
  family: 'augmentation',
  about: 'Pastes a box of one image into another, and mixes the targets by area.',
  options: described,
  trials: [{on: ['images', 'composite']}],
  create: cutmix,
});
