/**
 * Counter-based random numbers for TensorFlow.js: the same bits on every backend.
 *
 * @module @regularizers/random
 */

export {type BernoulliOptions, bernoulli} from './bernoulli.ts';
export {type BetaOptions, beta} from './beta.ts';
export type {Parameter} from './check.ts';
export {type GammaOptions, gamma} from './gamma.ts';
export {hostBits, hostIntegers, hostNormal, hostUniform} from './host.ts';
export {hostPermutation} from './host-permutation.ts';
export {type IntegersOptions, integers} from './integers.ts';
export type {Key, KeyLike, KeyPair} from './key.ts';
export {advance, deriveKey, keyTensor} from './keys.ts';
export {type MaskedScaleOptions, maskedScale} from './masked-scale.ts';
export {type NormalOptions, normal} from './normal.ts';
export {LARGEST_PERMUTATION, permutation} from './permutation.ts';
export {truncatedNormal} from './truncated-normal.ts';
export {type UniformOptions, uniform} from './uniform.ts';
