/**
 * The dropout family.
 *
 * @module @regularizers/dropout
 */

export * from './alpha-dropout.ts';
export * from './drop-connect.ts';
export * from './dropout.ts';
export * from './from-model.ts';
export * from './gaussian-dropout.ts';
export type {NoiseShape} from './noise-shape.ts';
export * from './spatial-dropout.ts';
export * from './stochastic-depth.ts';
