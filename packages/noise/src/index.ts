/**
 * Noise on inputs, outputs, weights and gradients.
 *
 * @module @regularizers/noise
 */

export * from './activation-noise.ts';
export * from './corruptions.ts';
export * from './from-model.ts';
export * from './gradient-noise.ts';
export * from './input-noise.ts';
export * from './label-smoothing.ts';
export * from './weight-noise.ts';
