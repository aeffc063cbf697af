/**
 * Parameter sharing and parameter tying.
 *
 * @module @regularizers/sharing
 */

import type {Technique} from '@regularizers/core';
import {convolveTechnique} from './convolve.ts';
import {shareTechnique} from './share.ts';
import {softShareTechnique} from './soft-share.ts';
import {tieTechnique} from './tie.ts';

export * from './convolve.ts';
export type {GroupOptions, WeightGroup} from './groups.ts';
export * from './parameters.ts';
export * from './share.ts';
export * from './soft-share.ts';
export * from './tie.ts';
export * from './tied-autoencoder.ts';
export * from './to-convolution.ts';
export * from './toeplitz.ts';

/** The techniques of this package. */
export const techniques: readonly Technique[] = [
  tieTechnique,
  shareTechnique,
  softShareTechnique,
  convolveTechnique,
];
