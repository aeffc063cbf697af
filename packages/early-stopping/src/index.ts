/**
 * Early stopping that restores the best weights.
 *
 * @module @regularizers/early-stopping
 */

import type {Technique} from '@regularizers/core';
import {earlyStoppingTechnique} from './early-stopping.ts';
import {stopWhenTechnique} from './stop-when.ts';

export * from './criteria.ts';
export * from './early-stopping.ts';
export * from './equivalent-l2.ts';
export type {Direction} from './monitor.ts';
export * from './patience.ts';
export * from './stop-when.ts';

/** The techniques of this package. */
export const techniques: readonly Technique[] = [earlyStoppingTechnique, stopWhenTechnique];
