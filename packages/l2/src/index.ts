/**
 * Weight penalties, weight decay and norm constraints.
 *
 * @module @regularizers/l2
 */

export * from './clip-gradients.ts';
export * from './elastic-net.ts';
export * from './from-model.ts';
export * from './l1.ts';
export * from './l2.ts';
export * from './max-norm.ts';
export * from './min-max-norm.ts';
export * from './non-negative.ts';
export {softThreshold} from './soft-threshold.ts';
export * from './unit-norm.ts';
export {type Axis, incomingAxes} from './units.ts';
export * from './weight-decay.ts';
