/**
 * Dataset augmentation on the device.
 *
 * @module @regularizers/augmentation
 */

export {type Boxes, boxMask, fillBoxes} from './box.ts';
export {type CutmixOptions, cutmix, cutmixBoxes, keptShare, pasteImages, randomCentres} from './cutmix.ts';
export {type CutoutOptions, type CutoutSettings, cutout, cutoutBoxes} from './cutout.ts';
export {type GeometricOptions, geometric} from './geometric.ts';
export type {ImagePlan} from './images.ts';
export {composeMatrices, type ImageSize} from './matrix.ts';
export {type MixingSettings, mixTargets, randomLambda} from './mixing.ts';
export {type MixupOptions, mixExamples, mixup} from './mixup.ts';
export type {
  FillMode,
  FillOptions,
  ImageOptions,
  ImageShape,
  Interval,
  PerAxis,
  TargetPolicy,
} from './options.ts';
export {
  type AffineParameters,
  type AffineSettings,
  affineMatrix,
  type RandomAffineOptions,
  randomAffine,
  randomAffineMatrix,
} from './random-affine.ts';
export {brightenImages, type RandomBrightnessOptions, randomBrightness} from './random-brightness.ts';
export {contrastImages, type RandomContrastOptions, randomContrast} from './random-contrast.ts';
export {cropImages, type RandomCropOptions, randomCrop} from './random-crop.ts';
export {
  type EraseOptions,
  type ErasingSettings,
  type RandomErasingOptions,
  randomBoxes,
  randomErasing,
} from './random-erasing.ts';
export {
  type FlipSettings,
  type Flips,
  flipImages,
  flipMatrix,
  type RandomFlipOptions,
  randomFlip,
  randomFlips,
} from './random-flip.ts';
export {
  type RandomShiftOptions,
  type Reach,
  randomCorners,
  randomOffsets,
  randomShift,
  type ShiftSettings,
  shiftImages,
  shiftMatrix,
} from './random-shift.ts';
export {type Interpolation, type ResampleOptions, resampleImages} from './resample.ts';
