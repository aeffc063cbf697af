import {
  type NumberRange,
  type Option,
  type OptionsOf,
  type OptionsWithDefaults,
  type OptionWords,
  option,
  type PortInfo,
  type SearchInterval,
  type Selector,
  type SelectorOption,
} from '@regularizers/core';

/** Rows, columns and channels of one image. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** What becomes of a target that is an image itself. */
export type TargetPolicy = 'refuse' | 'transform' | 'keep';

/** How the four numbers of a box are written; `xyxy` and `yxyx` are two corners, `xywh` the corner nearest to 0. */
export type BoxFormat = 'xyxy' | 'yxyx' | 'xywh' | 'cxcywh';

/** What the target of one output is, so that it follows its image. */
export interface TargetPlaces {
  /**
   * Keypoints or boxes, `[batch, count, numbers]` or `[batch, count · numbers]`; an image, which changes exactly as the
   * input; or something that stays as it is, wherever things are.
   */
  readonly kind: 'keypoints' | 'boxes' | 'image' | 'keep';
  /** Name of the output. @defaultValue the model's only one */
  readonly output?: string;
  /** How a keypoint (`xy`, `yx`) or a box is written. @defaultValue 'xy', 'xyxy' */
  readonly format?: 'xy' | 'yx' | BoxFormat;
  /**
   * In pixels, keypoints are counted from the first pixel's centre and boxes from its corner, as torchvision does: the
   * pixels from 2 to 4 are the box from 2 to 5. Fractions are of the image's sides, from corner to corner.
   *
   * @defaultValue 'pixels'
   */
  readonly unit?: 'pixels' | 'fractions';
  /** One more number after each: 1 where it is seen, which becomes 0 where it leaves the image. @defaultValue false */
  readonly flag?: boolean;
  /** Which keypoint each becomes in a mirror image: `[0, 2, 1]` for a nose, a left and a right eye. */
  readonly mirror?: readonly number[];
}

/** What every technique of this package lets you choose about images and targets. */
export interface ImageOptions {
  /** Which inputs are images. @defaultValue every input of rank 4; with `imageShape`, every one of its size */
  readonly inputs?: Selector<PortInfo>;
  /**
   * The image behind an input of another rank: `[28, 28, 1]` for MNIST as vectors `[batch, 784]`. The input is
   * reshaped for the technique and back again.
   */
  readonly imageShape?: ImageShape;
  /**
   * Targets that follow their images. An image (an autoencoder's, a segmentation mask): `'refuse'` it with an error,
   * `'transform'` it exactly as the input, or `'keep'` it as it is (denoising). Numbers that may say where something is,
   * to a technique that moves pixels: say what they are, or `'keep'` them; else they are refused.
   * @defaultValue 'refuse'
   */
  readonly targets?: TargetPolicy | TargetPlaces | readonly TargetPlaces[];
}

/** How pixels that come from outside the image are made up, drawn for a row `a b c d`. */
export type FillMode =
  /** `k k | a b c d | k k`, with k the `fillValue`. */
  | 'constant'
  /** `b a | a b c d | d c`; numpy and torchvision call this `symmetric`. */
  | 'reflect'
  /** `a a | a b c d | d d`. */
  | 'nearest'
  /** `c d | a b c d | a b`. */
  | 'wrap';

/** How pixels that come from outside the image are made up. */
export interface FillOptions {
  /** @defaultValue 'constant' */
  readonly fillMode?: FillMode;
  /** The constant of `fillMode: 'constant'`, in the images' units. @defaultValue 0 */
  readonly fillValue?: number;
}

/** One number for both axes, or one for each. */
export type PerAxis = number | {readonly horizontal?: number; readonly vertical?: number};

/** The smallest and the largest value. */
export type Interval = readonly [min: number, max: number];

/** What pixels can be: stated, or what the training data shows: [0, 1], [0, 255] or [−1, 1]. */
export type PixelRange = Interval | 'data';

/** What techniques that need to know the pixel range let you say of it. */
export interface RangeOptions {
  /**
   * What pixels can be, which the result is clipped to. Data that lies outside, or within a hundredth of it, is refused.
   *
   * @defaultValue what the training data shows: [0, 1], [0, 255] or [−1, 1]; anything else is refused
   */
  readonly range?: Interval;
}

/** What becomes of targets that are images. */
export const policyOption: Option<TargetPolicy> = option.choice(['refuse', 'transform', 'keep'], {
  about: 'A target that is an image itself: refused, changed exactly as the input, or kept as it is.',
  otherwise: 'refuse',
  rare: true,
});

const placesOption: Option<TargetPlaces> = option.record<TargetPlaces>({
  kind: option.choice(['keypoints', 'boxes', 'image', 'keep'], {required: true, about: 'What it is.'}),
  output: option.text({about: 'Name of the output.', otherwise: "the model's only one"}),
  format: option.choice(['xy', 'yx', 'xyxy', 'yxyx', 'xywh', 'cxcywh'], {
    about: 'How a keypoint (xy, yx) or a box is written.',
    otherwise: 'xy, xyxy',
  }),
  unit: option.choice(['pixels', 'fractions'], {
    about: "Pixels, or fractions of the image's sides.",
    otherwise: 'pixels',
  }),
  flag: option.flag({
    about: 'One more number after each: 1 where it is seen, 0 where it has left the image.',
    otherwise: 'false',
  }),
  mirror: option.list<readonly number[]>(option.integer({min: 0, about: 'A keypoint, counted from 0.'}))({
    about: 'Which keypoint each becomes in a mirror image.',
    distinct: true,
  }),
})({about: 'What the target of one output is.'});

/** What becomes of targets that follow their images. */
const targetsOption: Option<TargetPolicy | TargetPlaces | readonly TargetPlaces[]> = option.oneOf<
  TargetPolicy | TargetPlaces | readonly TargetPlaces[]
>(
  policyOption,
  placesOption,
  option.list<readonly TargetPlaces[]>(placesOption)({about: 'Of several outputs.', least: 1}),
)({
  about:
    'Targets that follow their images: refused, changed along with the input, or kept; or what those of each output are.',
  otherwise: 'refuse',
  rare: true,
});

/** The options that every technique of this package has. */
export const imageOptions: OptionsOf<ImageOptions> & {readonly inputs: SelectorOption<PortInfo>} = {
  inputs: option.inputs({
    about: 'Which inputs are images.',
    otherwise: 'every input of rank 4; with imageShape, every one of its size',
    rare: true,
  }),
  imageShape: option.list<ImageShape>(option.integer({min: 1, about: 'A side, or the channels.'}))({
    about: 'The image behind an input of another rank: [height, width, channels].',
    length: 3,
    otherwise: "the input's own",
    rare: true,
  }),
  targets: targetsOption,
};

/** How pixels from outside the image are made up. */
export const fillOptions: OptionsWithDefaults<FillOptions, 'fillMode' | 'fillValue'> = {
  fillMode: option.choice(['constant', 'reflect', 'nearest', 'wrap'], {
    default: 'constant',
    about: 'How pixels that come from outside the image are made up.',
    rare: true,
  }),
  fillValue: option.number({
    default: 0,
    about: "The constant of fillMode constant, in the images' units.",
    rare: true,
  }),
};

/** What pixels can be. */
export const rangeOption: Option<Interval> = option.interval(
  {},
  {
    ascending: 'strictly',
    about: 'What pixels can be, which the result is clipped to.',
    otherwise: "the training data's: [0, 1], [0, 255] or [-1, 1]",
    rare: true,
  },
);

/** How often something happens at all. */
export function probabilityOption<const Default extends number>(
  initial: Default,
  about = 'Probability that an image is changed.',
  search: readonly [from: number, to: number] = [0.1, 1],
): Option<number> & {readonly default: Default} {
  return option.number({
    min: 0,
    max: 1,
    default: initial,
    nothing: 0,
    about,
    search: {from: search[0], to: search[1], scale: 'linear'},
  });
}

/** One number for both axes, or one for each. */
export function perAxisOption<const Default extends number>(
  range: NumberRange,
  words: Omit<OptionWords, 'search'> & {readonly default: Default; readonly search: SearchInterval},
): Option<PerAxis> & {readonly default: Default} {
  const side = (about: string): Option<number> => option.number({...range, about});
  return option.oneOf<PerAxis>(
    side('Both axes.'),
    option.record<Exclude<PerAxis, number>>({horizontal: side('Across.'), vertical: side('Down.')})({
      about: 'Each axis by itself; one that is left out is 0.',
    }),
  )({nothing: 0, ...words});
}

/** A number for each axis. */
export function bothAxes(value: PerAxis): {readonly horizontal: number; readonly vertical: number} {
  if (typeof value === 'number') return {horizontal: value, vertical: value};
  const {horizontal = 0, vertical = 0} = value;
  return {horizontal, vertical};
}
