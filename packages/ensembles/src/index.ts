/**
 * Ensembles and averages of weights.
 *
 * @module @regularizers/ensembles
 */

import type {Technique} from '@regularizers/core';
import {baggingTechnique} from './bagging.ts';
import {deepEnsembleTechnique} from './deep-ensemble.ts';
import {emaTechnique} from './ema.ts';
import {monteCarloTechnique} from './monte-carlo.ts';
import {snapshotsTechnique} from './snapshots.ts';
import {swaTechnique} from './swa.ts';

export * from './bagging.ts';
export {type CombineMode, meanLogitsOutput, meanOutput, voteOutput} from './combine.ts';
export * from './deep-ensemble.ts';
export * from './ema.ts';
export * from './ensemble-model.ts';
export * from './monte-carlo.ts';
export * from './report.ts';
export * from './snapshots.ts';
export * from './swa.ts';

/** The techniques of this package. */
export const techniques: readonly Technique[] = [
  baggingTechnique,
  deepEnsembleTechnique,
  snapshotsTechnique,
  swaTechnique,
  emaTechnique,
  monteCarloTechnique,
];
