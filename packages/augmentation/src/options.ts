import {
  checkChoice,
  checkNumber,
  type NumberRange,
  type PortInfo,
  RegularizerError,
  type Selector,
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

/** The names of {@link ImageOptions}, for `checkKnown`. */
export const imageOptionNames: readonly string[] = ['inputs', 'imageShape', 'targets'];

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

/** The names of {@link FillOptions}, for `checkKnown`. */
export const fillOptionNames: readonly string[] = ['fillMode', 'fillValue'];

/** One number for both axes, or one for each. */
export type PerAxis = number | {readonly horizontal?: number; readonly vertical?: number};

/** The smallest and the largest value. */
export type Interval = readonly [min: number, max: number];

/** @throws RegularizerError if `imageShape` or `targets` makes no sense */
export function checkImageOptions(where: string, {imageShape, targets}: ImageOptions): void {
  if (targets !== undefined) checkChoice(where, 'targets', targets, ['refuse', 'transform', 'keep']);
  if (imageShape === undefined) return;
  if (!Array.isArray(imageShape) || imageShape.length !== 3) {
    throw refused(
      where,
      `imageShape must be [height, width, channels]; received ${JSON.stringify(imageShape)}`,
    );
  }
  for (const side of imageShape) checkNumber(where, 'imageShape', side, {min: 1, integer: true});
}

/** @throws RegularizerError if `fillMode` or `fillValue` makes no sense */
export function checkFill(
  where: string,
  {fillMode = 'constant', fillValue = 0}: FillOptions,
): Required<FillOptions> {
  checkChoice(where, 'fillMode', fillMode, ['constant', 'reflect', 'nearest', 'wrap']);
  checkNumber(where, 'fillValue', fillValue);
  return {fillMode, fillValue};
}

/** @throws RegularizerError if the value is not a pair in order and in range */
export function checkInterval(where: string, option: string, value: Interval, range: NumberRange): Interval {
  if (!Array.isArray(value) || value.length !== 2) {
    throw refused(where, `${option} must be [min, max]; received ${JSON.stringify(value)}`);
  }
  for (const bound of value) checkNumber(where, option, bound, range);
  if (value[0] > value[1]) {
    throw refused(where, `${option} must be in order, [min, max]; received [${value.join(', ')}]`);
  }
  return value;
}

/** The pixel range, which has to have a width. */
export function checkRange(where: string, range: Interval): Interval {
  checkInterval(where, 'range', range, {});
  if (range[0] === range[1]) throw refused(where, `range must not be empty; received [${range.join(', ')}]`);
  return range;
}

/** @throws RegularizerError if a number is out of range */
export function checkPerAxis(
  where: string,
  option: string,
  value: PerAxis,
  range: NumberRange,
): {readonly horizontal: number; readonly vertical: number} {
  const {horizontal = 0, vertical = 0} =
    typeof value === 'object' && value !== null ? value : {horizontal: value, vertical: value};
  return {
    horizontal: checkNumber(where, option, horizontal, range),
    vertical: checkNumber(where, option, vertical, range),
  };
}

function refused(where: string, message: string): RegularizerError {
  return new RegularizerError({where, code: 'out-of-range', message});
}
