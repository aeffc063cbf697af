/**
 * Weight penalties, weight decay and norm constraints.
 *
 * @module @regularizers/l2
 */

import type {Technique} from '@regularizers/core';
import {activityL1Technique} from './activity-l1.ts';
import {activityL2Technique} from './activity-l2.ts';
import {clipGradientsTechnique} from './clip-gradients.ts';
import {elasticNetTechnique} from './elastic-net.ts';
import {gradualUnfreezingTechnique} from './gradual-unfreezing.ts';
import {l1Technique} from './l1.ts';
import {l2Technique} from './l2.ts';
import {layerwiseLearningRatesTechnique} from './layerwise-learning-rates.ts';
import {maxNormTechnique} from './max-norm.ts';
import {minMaxNormTechnique} from './min-max-norm.ts';
import {nonNegativeTechnique} from './non-negative.ts';
import {orthogonalTechnique} from './orthogonal.ts';
import {sharpnessAwareTechnique} from './sharpness-aware.ts';
import {unitNormTechnique} from './unit-norm.ts';
import {weightDecayTechnique} from './weight-decay.ts';

export type {ActivityOptions, ActivityPenaltyOptions} from './activity.ts';
export * from './activity-l1.ts';
export * from './activity-l2.ts';
export * from './clip-gradients.ts';
export * from './elastic-net.ts';
export * from './from-model.ts';
export * from './gradual-unfreezing.ts';
export * from './l1.ts';
export * from './l2.ts';
export * from './layerwise-learning-rates.ts';
export * from './max-norm.ts';
export * from './min-max-norm.ts';
export * from './non-negative.ts';
export * from './orthogonal.ts';
export * from './sharpness-aware.ts';
export {softThreshold} from './soft-threshold.ts';
export * from './unit-norm.ts';
export {type Axis, incomingAxes} from './units.ts';
export * from './weight-decay.ts';

/** The techniques of this package. */
export const techniques: readonly Technique[] = [
  l2Technique,
  l1Technique,
  elasticNetTechnique,
  activityL1Technique,
  activityL2Technique,
  orthogonalTechnique,
  weightDecayTechnique,
  maxNormTechnique,
  unitNormTechnique,
  minMaxNormTechnique,
  nonNegativeTechnique,
  clipGradientsTechnique,
  sharpnessAwareTechnique,
  layerwiseLearningRatesTechnique,
  gradualUnfreezingTechnique,
];
