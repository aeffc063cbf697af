/**
 * Ensembles and averages of weights.
 *
 * @module @regularizers/ensembles
 */

export * from './bagging.ts';
export {type CombineMode, combineLogits, combineMean, combineVote} from './combine.ts';
export * from './deep-ensemble.ts';
export * from './ema.ts';
export * from './ensemble-model.ts';
export * from './report.ts';
export * from './snapshots.ts';
export * from './swa.ts';
