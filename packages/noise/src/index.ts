/**
 * Noise on inputs, outputs, weights and gradients.
 *
 * @module @regularizers/noise
 */

import type {Technique} from '@regularizers/core';
import {activationNoiseTechnique} from './activation-noise.ts';
import {adversarialTechnique} from './adversarial.ts';
import {bootstrapTargetsTechnique} from './bootstrap-targets.ts';
import {gradientNoiseTechnique} from './gradient-noise.ts';
import {inputNoiseTechnique} from './input-noise.ts';
import {labelSmoothingTechnique} from './label-smoothing.ts';
import {weightNoiseTechnique} from './weight-noise.ts';

export * from './activation-noise.ts';
export * from './adversarial.ts';
export * from './bootstrap-targets.ts';
export * from './corruptions.ts';
export * from './from-model.ts';
export * from './gradient-noise.ts';
export * from './input-noise.ts';
export * from './label-smoothing.ts';
export * from './weight-noise.ts';

/** The techniques of this package. */
export const techniques: readonly Technique[] = [
  inputNoiseTechnique,
  adversarialTechnique,
  labelSmoothingTechnique,
  bootstrapTargetsTechnique,
  activationNoiseTechnique,
  weightNoiseTechnique,
  gradientNoiseTechnique,
];
