import {
  defineTechnique,
  looking,
  type Named,
  type OptionsOf,
  option,
  type Regularizer,
  readTechnique,
  type Technique,
} from '@regularizers/core';
import {hostIntegers, type KeyPair} from '@regularizers/random';
import {type CombineMode, combineOption} from './combine.ts';
import {memberPlugin, membersOption} from './members.ts';

/** Options of {@link bagging}. */
export interface BaggingOptions<Name extends string = string> extends Named<Name> {
  /** How many models are trained, 2 or more. @defaultValue 5 */
  readonly members?: number;
  /** How their outputs become one. @defaultValue 'mean' */
  readonly combine?: CombineMode;
  /**
   * Examples that each member draws, as a share of all, in (0, 1].
   *
   * @defaultValue 1
   */
  readonly sampleSize?: number;
}

const described = {
  members: membersOption({min: 2}),
  combine: combineOption,
  sampleSize: option.number({
    min: 0,
    minExclusive: true,
    max: 1,
    default: 1,
    about: 'Examples that each member draws, as a share of all.',
    search: {from: 0.5, to: 1, scale: 'linear'},
  }),
} satisfies OptionsOf<BaggingOptions>;

/**
 * A bootstrap sample: indices drawn with replacement.
 *
 * Of n examples, a sample of n holds 1 − (1 − 1/n)ⁿ ≈ 63% at least once.
 *
 * @param indices the examples to draw from
 * @param key the stream of random numbers
 * @param size how many to draw; by default as many as there are
 *
 * @example
 * ```ts
 * bootstrapIndices(Int32Array.of(0, 1, 2, 3), deriveKey(7, 'bootstrap')); // for example 2, 0, 2, 3
 * ```
 *
 * @see Breiman 1996, Bagging Predictors, section 2, https://doi.org/10.1007/BF00058655
 */
export function bootstrapIndices(indices: Int32Array, key: KeyPair, size?: number): Int32Array {
  return looking('bootstrapIndices', 'what to draw from', () =>
    hostIntegers(size ?? indices.length, key, {max: indices.length}).map((drawn) => indices[drawn]!),
  );
}

/**
 * Bagging: members with initial weights of their own, each trained on a bootstrap sample of its own.
 *
 * A member sees the same sample in every epoch, in an order that changes. What the members disagree on averages out:
 * the ensemble's squared error is the members' mean error less their mean spread (see `ambiguity`).
 *
 * @param options how many members, how they are combined, how much each draws
 * @throws RegularizerError if an option is out of range, or the outputs cannot be combined that way
 *
 * @example
 * ```ts
 * const trainer = createTrainer({model, loss, optimizer, regularizers: [bagging({members: 5})], seed: 7});
 * const {model: ensemble} = await trainer.fit(data, {epochs: 20});
 * ```
 *
 * @see Breiman 1996, Bagging Predictors, https://doi.org/10.1007/BF00058655
 */
export function bagging<const Name extends string = 'bagging'>(
  options: BaggingOptions<Name> = {},
): Regularizer<Name, undefined, null> {
  const {sampleSize, ...read} = readTechnique('bagging', options, described);
  return memberPlugin(read, {
    tags: ['subset'],
    sample: (indices, {key}) => {
      const size = Math.max(1, Math.round(sampleSize * indices.length));
      return bootstrapIndices(indices, key('bootstrap'), size);
    },
  });
}

/** What {@link bagging} says of itself. */
export const baggingTechnique: Technique = defineTechnique({
  name: 'bagging',
  family: 'ensembles',
  about: 'Trains several models, each on a bootstrap sample of the examples, and combines them.',
  options: described,
  trials: [{options: {members: 2}}],
  create: bagging,
});
