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
   * A target that is an image (an autoencoder's, a segmentation mask): `'refuse'` it with an error, `'transform'`
   * it exactly as the input, or `'keep'` it as it is (denoising).
   * @defaultValue 'refuse'
   */
  readonly targets?: TargetPolicy;
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

/** What becomes of targets that are images. */
export const targetsOption: Option<TargetPolicy> = option.choice(['refuse', 'transform', 'keep'], {
  about: 'A target that is an image itself: refused, changed exactly as the input, or kept as it is.',
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

/** The images' pixel range. */
export const rangeOption: Option<Interval> & {readonly default: Interval} = option.interval(
  {},
  {
    ascending: 'strictly',
    default: [0, 1],
    about: "The images' pixel range, which the result is clipped to.",
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
