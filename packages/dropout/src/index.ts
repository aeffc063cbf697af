/**
 * The dropout family.
 *
 * @module @regularizers/dropout
 */

import type {Technique} from '@regularizers/core';
import {alphaDropoutTechnique} from './alpha-dropout.ts';
import {dropBlockTechnique} from './drop-block.ts';
import {dropConnectTechnique} from './drop-connect.ts';
import {dropoutTechnique} from './dropout.ts';
import {gaussianDropoutTechnique} from './gaussian-dropout.ts';
import {spatialDropoutTechnique} from './spatial-dropout.ts';
import {stochasticDepthTechnique} from './stochastic-depth.ts';

export * from './alpha-dropout.ts';
export * from './drop-block.ts';
export * from './drop-connect.ts';
export * from './dropout.ts';
export * from './from-model.ts';
export * from './gaussian-dropout.ts';
export type {NoiseShape} from './noise-shape.ts';
export * from './spatial-dropout.ts';
export * from './stochastic-depth.ts';

/** The techniques of this package. */
export const techniques: readonly Technique[] = [
  dropoutTechnique,
  gaussianDropoutTechnique,
  alphaDropoutTechnique,
  spatialDropoutTechnique,
  dropBlockTechnique,
  dropConnectTechnique,
  stochasticDepthTechnique,
];
