import {
  computed,
  defineTechnique,
  type Named,
  type OptionsOf,
  type OptionsWithDefaults,
  option,
  readTechnique,
  type Technique,
} from '@regularizers/core';
import {type Key, uniform} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {type Boxes, boxMask, filledImages} from './box.ts';
import {type ImageRegularizer, imagePlugin} from './image-plugin.ts';
import type {ImageSize} from './matrix.ts';
import {
  type ImageOptions,
  type Interval,
  imageOptions,
  type PixelRange,
  probabilityOption,
  type RangeOptions,
  rangeOption,
} from './options.ts';

/** The rectangles that {@link randomErasing} draws. */
export interface ErasingSettings {
  /** Probability that an image gets one, in [0, 1]. @defaultValue 0.5 */
  readonly probability?: number;
  /** Smallest and largest area, as a fraction of the image's, in (0, 1]. @defaultValue [0.02, 0.33] */
  readonly area?: Interval;
  /** Smallest and largest height ÷ width, above 0. @defaultValue [0.3, 3.3] */
  readonly aspect?: Interval;
}

/** What an erased rectangle is filled with. */
export interface EraseOptions extends RangeOptions {
  /** A number in the images' units, or `'noise'`: uniform over `range`, for every pixel. @defaultValue 0 */
  readonly fill?: number | 'noise';
}

/** The options that say what erased parts are filled with. */
export const eraseOptions: OptionsWithDefaults<EraseOptions, 'fill'> = {
  fill: option.oneOf<number | 'noise'>(
    option.number({about: "A number in the images' units."}),
    option.choice(['noise'], {about: 'Uniform over the range, for every pixel.'}),
  )({default: 0, about: "What is filled in: a number in the images' units, or noise.", rare: true}),
  range: rangeOption,
};

/** Options of {@link randomErasing}. */
export interface RandomErasingOptions extends ErasingSettings, EraseOptions, ImageOptions {}

/**
 * Draws a rectangle for each image: the area a·H·W with a uniform, the aspect r uniform in its logarithm (so that
 * lying and standing rectangles are as likely), sides √(a·H·W·r) and √(a·H·W/r), the place uniform among those
 * where it lies inside.
 *
 * Other implementations draw again where a side would not fit, which makes large areas rarer; here the aspect gives
 * way and the area stays uniform.
 *
 * @param batch number of images
 * @param size sides of the images in pixels
 * @param key the key to draw with
 * @param settings how often, and of which sizes
 * @returns the rectangles, empty for images that are spared
 *
 * @example
 * ```ts
 * const size = {height: 32, width: 32};
 * const erased = filledImages(images, boxMask(randomBoxes(64, size, key), size), 0);
 * ```
 */
export function randomBoxes(batch: number, size: ImageSize, key: Key, settings: ErasingSettings = {}): Boxes {
  return computed('randomBoxes', {batch, size, key, settings}, () => {
    const {height, width} = size;
    const {probability = 0.5, area = [0.02, 0.33], aspect = [0.3, 3.3]} = settings;
    const draws = tf.split(uniform<tf.Rank.R2>([batch, 5], key), [1, 1, 1, 2], 1);
    const [chance, extent, form, place] = draws as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
    const pixels = scaled(extent, area[0] * height * width, area[1] * height * width);
    const drawn = tf.exp(scaled(form, Math.log(aspect[0]), Math.log(aspect[1])));
    // Neither side may be longer than the image's: r ≤ H²/pixels and r ≥ pixels/W².
    const ratio = tf.minimum(tf.maximum(drawn, tf.div(pixels, width ** 2)), tf.div(height ** 2, pixels));
    const squares = tf.concat([tf.mul(pixels, ratio), tf.div(pixels, ratio)], 1);
    const sides: tf.Tensor2D = tf.minimum(
      tf.maximum(tf.round(tf.sqrt(squares)), 1),
      tf.tensor1d([height, width]),
    );
    const start: tf.Tensor2D = tf.floor(tf.mul(place, tf.sub(tf.tensor1d([height + 1, width + 1]), sides)));
    const erased = tf.cast(tf.less(chance, probability), 'float32');
    return {start, end: tf.add(start, tf.mul(sides, erased))};
  });
}

const described = {
  probability: probabilityOption(0.5, 'Probability that an image gets a rectangle.'),
  area: option.interval(
    {min: 0, max: 1, minExclusive: true},
    {
      default: [0.02, 0.33],
      about: "Smallest and largest area, as a fraction of the image's.",
      search: {
        values: [
          [0.02, 0.1],
          [0.02, 0.2],
          [0.02, 0.33],
        ],
      },
    },
  ),
  aspect: option.interval(
    {min: 0, minExclusive: true},
    {default: [0.3, 3.3], about: 'Smallest and largest height ÷ width.', rare: true},
  ),
  ...eraseOptions,
  ...imageOptions,
} satisfies OptionsOf<RandomErasingOptions>;

function scaled(draw: tf.Tensor2D, min: number, max: number): tf.Tensor2D {
  return tf.add(tf.mul(draw, max - min), min);
}

/** The range that noise is of; one that is stated is held against the data in any case. */
export function eraseRange(
  fill: number | 'noise',
  stated: Interval | undefined,
): {readonly range?: PixelRange} {
  const range = stated ?? (fill === 'noise' ? 'data' : undefined);
  return range ? {range} : {};
}

/** What to fill rectangles with: the number, or noise of the images' shape, uniform over the range. */
export function eraseFill(
  images: tf.Tensor4D,
  key: (purpose: string) => Key,
  fill: number | 'noise',
  range: Interval | undefined,
): number | tf.Tensor4D {
  if (fill !== 'noise') return fill;
  const [min, max] = range!;
  return uniform<tf.Rank.R4>(images.shape, key('noise'), {min, max});
}

/**
 * Erases a rectangle from some images of a batch. Runs after flips and the like, and before mixing, where it would
 * erase pixels whose label stays.
 *
 * @param options how often, how large, what with, and which inputs are images
 * @throws RegularizerError if an option is out of range or unknown
 *
 * @example
 * ```ts
 * randomErasing({probability: 0.25, fill: 'noise'});
 * ```
 *
 * @see Zhong, Zheng, Kang, Li and Yang 2020 (preprint 2017), algorithm 1, https://arxiv.org/abs/1708.04896
 */
export function randomErasing<const Name extends string = 'randomErasing'>(
  options: RandomErasingOptions & Named<Name> = {},
): ImageRegularizer<Name> {
  const {name, settings, probability, area, aspect, fill, range} = readTechnique(
    'randomErasing',
    options,
    described,
  );
  return imagePlugin({
    kind: 'erasing',
    name,
    settings,
    idle: probability === 0,
    options,
    ...eraseRange(fill, range),
    change: (images, key, range) => {
      const [batch, height, width] = images.shape;
      const size = {height, width};
      const boxes = randomBoxes(batch, size, key('box'), {probability, area, aspect});
      return filledImages(images, boxMask(boxes, size), eraseFill(images, key, fill, range));
    },
  });
}

/** What {@link randomErasing} says of itself. */
export const randomErasingTechnique: Technique = defineTechnique({
  name: 'randomErasing',
  family: 'augmentation',
  about: 'Blanks a random rectangle of some images.',
  options: described,
  trials: [{options: {probability: 1, fill: 'noise'}, on: ['images', 'composite']}],
  create: randomErasing,
});
