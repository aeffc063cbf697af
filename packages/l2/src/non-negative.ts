import {
  defineTechnique,
  type Named,
  type OptionsOf,
  type Regularizer,
  readTechnique,
  type Selector,
  type Technique,
  type WeightInfo,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {constraint} from './constraint.ts';
import {includeOption} from './weights.ts';

/** Options of {@link nonNegative}. */
export interface NonNegativeOptions<Name extends string = string> extends Named<Name> {
  /** Which trained weights. @defaultValue those of rank 2 or more: kernels and embeddings */
  readonly include?: Selector<WeightInfo>;
}

const described = {
  include: includeOption,
} satisfies OptionsOf<NonNegativeOptions>;

/**
 * Non-negativity: after each update, negative weights become zero. Its pure half is `tf.relu`.
 *
 * w ← max(w, 0)
 *
 * @param options which weights
 * @throws RegularizerError if an option is unknown, or if no weight is selected
 *
 * @example
 * ```ts
 * createTrainer({model, loss, optimizer, regularizers: [nonNegative({include: 'hidden/kernel'})]});
 * ```
 *
 * @see Lee, Seung (1999), Learning the parts of objects by non-negative matrix factorization.
 * https://doi.org/10.1038/44565
 */
export function nonNegative<const Name extends string = 'nonNegative'>(
  options: NonNegativeOptions<Name> = {},
): Regularizer<Name> {
  const {name, settings, include} = readTechnique('nonNegative', options, described);
  return constraint({
    kind: 'sign',
    name,
    settings,
    include,
    axis: undefined,
    project: (w) => tf.relu(w),
  });
}

/** What {@link nonNegative} says of itself. */
export const nonNegativeTechnique: Technique = defineTechnique({
  name: 'nonNegative',
  title: 'Non-negative weights',
  family: 'penalties and constraints',
  about: 'Keeps weights at or above zero.',
  options: described,
  create: nonNegative,
});
