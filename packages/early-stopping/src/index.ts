/**
 * Early stopping that restores the best weights.
 *
 * @module @regularizers/early-stopping
 */

export * from './criteria.ts';
export * from './early-stopping.ts';
export * from './equivalent-l2.ts';
export type {Direction} from './monitor.ts';
export * from './patience.ts';
export * from './stop-when.ts';
