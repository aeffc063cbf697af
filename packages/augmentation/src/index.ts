/**
 * Dataset augmentation on the device.
 *
 * @module @regularizers/augmentation
 */

import type {Technique} from '@regularizers/core';
import {balancedSamplingTechnique} from './balanced-sampling.ts';
import {cutmixTechnique} from './cutmix.ts';
import {cutoutTechnique} from './cutout.ts';
import {mixupTechnique} from './mixup.ts';
import {pipelineTechnique} from './pipeline.ts';
import {randomAffineTechnique} from './random-affine.ts';
import {randomBrightnessTechnique} from './random-brightness.ts';
import {randomContrastTechnique} from './random-contrast.ts';
import {randomCropTechnique} from './random-crop.ts';
import {randomErasingTechnique} from './random-erasing.ts';
import {randomFlipTechnique} from './random-flip.ts';
import {randomGrayscaleTechnique} from './random-grayscale.ts';
import {randomHueTechnique} from './random-hue.ts';
import {randomInvertTechnique} from './random-invert.ts';
import {randomSaturationTechnique} from './random-saturation.ts';
import {randomShiftTechnique} from './random-shift.ts';

export {type BalancedSamplingOptions, balancedIndices, balancedSampling} from './balanced-sampling.ts';
export {type Boxes, boxMask, filledImages} from './box.ts';
export {type ColourMap, composedColours, mappedColour, mappedColours} from './colour.ts';
export {type CutmixOptions, cutmix, cutmixBoxes, keptShare, pastedImages, randomCentres} from './cutmix.ts';
export {type CutoutOptions, type CutoutSettings, cutout, cutoutBoxes} from './cutout.ts';
export type {
  Change,
  Colouring,
  Erasing,
  ImageRegularizer,
  ImageTechnique,
  Moving,
} from './image-plugin.ts';
export {composedMatrices, type ImageSize} from './matrix.ts';
export {type MixingSettings, mixedTargets, randomLambda} from './mixing.ts';
export {type MixupOptions, mixedExamples, mixup} from './mixup.ts';
export type {Keys, Motion} from './motion.ts';
export type {
  BoxFormat,
  FillMode,
  FillOptions,
  ImageOptions,
  ImageShape,
  Interval,
  PerAxis,
  PixelRange,
  RangeOptions,
  TargetPlaces,
  TargetPolicy,
} from './options.ts';
export {type PipelineOptions, type PipelinePlan, pipeline} from './pipeline.ts';
export type {PixelState} from './pixel-range.ts';
export type {ImagePlan, OpenShape, Place, PointTarget, Touch} from './plan.ts';
export {movedBoxes, movedKeypoints} from './points.ts';
export {
  type AffineParameters,
  type AffineSettings,
  affineMatrix,
  type RandomAffineOptions,
  randomAffine,
  randomAffineMatrix,
} from './random-affine.ts';
export {
  brightenedImages,
  brightnessMap,
  type RandomBrightnessOptions,
  randomBrightness,
} from './random-brightness.ts';
export {
  contrastedImages,
  contrastMap,
  type RandomContrastOptions,
  randomContrast,
} from './random-contrast.ts';
export {croppedImages, type RandomCropOptions, randomCrop} from './random-crop.ts';
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
  flipMatrix,
  flippedImages,
  type RandomFlipOptions,
  randomFlip,
  randomFlips,
} from './random-flip.ts';
export {type RandomGrayscaleOptions, randomGrayscale} from './random-grayscale.ts';
export {hueMap, type RandomHueOptions, randomHue} from './random-hue.ts';
export {inversionMap, type RandomInvertOptions, randomInvert} from './random-invert.ts';
export {type RandomSaturationOptions, randomSaturation} from './random-saturation.ts';
export {
  type RandomShiftOptions,
  randomCorners,
  randomOffsets,
  randomShift,
  type ShiftSettings,
  shiftedImages,
  shiftMatrix,
} from './random-shift.ts';
export type {Recolouring} from './recolouring.ts';
export {type Interpolation, type ResampleOptions, resampledImages} from './resample.ts';
export {saturationMap} from './rgb.ts';

/** The techniques of this package. */
export const techniques: readonly Technique[] = [
  randomAffineTechnique,
  randomShiftTechnique,
  randomFlipTechnique,
  randomCropTechnique,
  randomBrightnessTechnique,
  randomContrastTechnique,
  randomSaturationTechnique,
  randomHueTechnique,
  randomGrayscaleTechnique,
  randomInvertTechnique,
  pipelineTechnique,
  randomErasingTechnique,
  cutoutTechnique,
  mixupTechnique,
  cutmixTechnique,
  balancedSamplingTechnique,
];
export type {Reach} from './motion.ts';
