import {checkKnown, type Regularizer, RegularizerError} from '@regularizers/core';
import type {Key} from '@regularizers/random';
import type * as tf from '@tensorflow/tfjs-core';
import {imagePlugin} from './image-plugin.ts';
import type {ImagePlan} from './images.ts';
import {composeMatrices, type ImageSize} from './matrix.ts';
import {
  checkFill,
  checkImageOptions,
  type FillOptions,
  fillOptionNames,
  type ImageOptions,
  imageOptionNames,
} from './options.ts';
import {type AffineSettings, checkAffine, randomAffineMatrix} from './random-affine.ts';
import {checkFlip, type FlipSettings, flipMatrix, randomFlips} from './random-flip.ts';
import {
  checkReach,
  checkShift,
  type Reach,
  randomOffsets,
  type ShiftSettings,
  shiftMatrix,
} from './random-shift.ts';
import {checkInterpolation, forContent, type Interpolation, resampleImages} from './resample.ts';

/** Options of {@link geometric}: the changes that are left out don't happen. */
export interface GeometricOptions extends FillOptions, ImageOptions {
  /** Mirrors first, as `randomFlip` does. */
  readonly flip?: FlipSettings;
  /** Then moves by whole pixels, as `randomShift` does. */
  readonly shift?: ShiftSettings;
  /** Then rotates, moves, scales and shears, as `randomAffine` does. */
  readonly affine?: AffineSettings;
  /** @defaultValue 'bilinear' with `affine`, else 'nearest', which is exact */
  readonly interpolation?: Interpolation;
}

/** The changes that {@link geometric} composes, checked; undefined for those that do nothing. */
interface Changes {
  readonly flip: Required<FlipSettings> | undefined;
  readonly shift: Reach | undefined;
  readonly affine: AffineSettings | undefined;
}

/**
 * Flips, shifts and affine changes of a batch as one matrix per image, so that every image is resampled once: one
 * kernel instead of three, and no blur upon blur. The matrix is T_flip · T_shift · T_affine, from places in the
 * output to places in the input.
 *
 * @param options which changes, how values between pixels are found, and which inputs are images
 * @throws RegularizerError if an option is out of range or unknown, or if no change is named
 *
 * @example
 * ```ts
 * geometric({flip: {horizontal: 0.5}, shift: {pixels: 4}, affine: {rotation: 15}, fillMode: 'reflect'});
 * ```
 *
 * @see Simard, Steinkraus and Platt 2003, section 2, https://doi.org/10.1109/ICDAR.2003.1227801
 */
export function geometric<const Name extends string = 'geometric'>(
  options: GeometricOptions & {readonly name?: Name},
): Regularizer<Name, ImagePlan, null> {
  const {name = 'geometric' as Name} = options;
  checkKnown(name, options, [
    ...['name', 'flip', 'shift', 'affine', 'interpolation'],
    ...fillOptionNames,
    ...imageOptionNames,
  ]);
  checkImageOptions(name, options);
  const fill = checkFill(name, options);
  const changes = checkChanges(name, options);
  const {interpolation = changes.affine ? 'bilinear' : 'nearest'} = options;
  checkInterpolation(name, interpolation);
  return imagePlugin({
    name,
    stage: 'augmentation',
    touch: 'places',
    idle: !changes.flip && !changes.shift && !changes.affine,
    options,
    check: (shape) => {
      if (changes.shift) checkReach(name, 'pixels', changes.shift, shape);
    },
    change: (images, key, content) => {
      const [batch, height, width] = images.shape;
      const matrices = drawMatrices(batch, {height, width}, key, changes);
      return resampleImages(images, matrices, forContent(content, {...fill, interpolation}));
    },
  });
}

function checkChanges(where: string, {flip, shift, affine}: GeometricOptions): Changes {
  if (!flip && !shift && !affine) {
    throw new RegularizerError({
      where,
      code: 'nothing-to-do',
      message: 'none of flip, shift and affine is given',
      hint: 'Such as geometric({flip: {}, affine: {rotation: 15}}); {} takes the defaults.',
    });
  }
  const flips =
    flip && checkKnownSettings(where, 'flip', flip, ['horizontal', 'vertical']) && checkFlip(where, flip);
  const reach = shift && checkKnownSettings(where, 'shift', shift, ['pixels']) && checkShift(where, shift);
  const settings =
    affine &&
    checkKnownSettings(where, 'affine', affine, ['rotation', 'translation', 'scale', 'shear']) &&
    checkAffine(where, affine);
  return {
    flip: flips && (flips.horizontal > 0 || flips.vertical > 0) ? flips : undefined,
    shift: reach && (reach.horizontal > 0 || reach.vertical > 0) ? reach : undefined,
    affine: settings && !settings.idle ? settings : undefined,
  };
}

function checkKnownSettings(where: string, option: string, settings: object, known: readonly string[]): true {
  checkKnown(`${where} ${option}`, settings, known);
  return true;
}

function drawMatrices(
  batch: number,
  size: ImageSize,
  key: (purpose: string) => Key,
  {flip, shift, affine}: Changes,
): tf.Tensor3D {
  const matrices = [
    ...(flip ? [flipMatrix(randomFlips(batch, key, flip), size)] : []),
    ...(shift ? [shiftMatrix(randomOffsets(batch, key('shift'), shift))] : []),
    ...(affine ? [randomAffineMatrix(batch, size, key('affine'), affine)] : []),
  ];
  const [first, ...then] = matrices;
  return composeMatrices(first!, ...then);
}
