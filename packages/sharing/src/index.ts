/**
 * Parameter sharing and parameter tying.
 *
 * @module @regularizers/sharing
 */

export * from './convolve.ts';
export type {GroupOptions, WeightGroup} from './groups.ts';
export * from './parameters.ts';
export * from './share.ts';
export * from './soft-share.ts';
export * from './tie.ts';
export * from './tied-autoencoder.ts';
export * from './to-convolution.ts';
export * from './toeplitz.ts';
