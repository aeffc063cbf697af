import {
  defineRegularizer,
  defineTechnique,
  isOfModel,
  type Named,
  namesOf,
  type OptionsOf,
  option,
  type Regularizer,
  readTechnique,
  type Selector,
  type Technique,
  type WeightInfo,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {towardMeanPenalty} from './toward-mean-penalty.js';

export interface TowardMeanOptions<Name extends string = string> extends Named<Name> {
  /** a, in [0, ∞). @defaultValue 1e-3 */
  readonly strength?: number;
  /** Which trained weights. @defaultValue those of rank 2 or more */
  readonly include?: Selector<WeightInfo>;
}

const described = {
  strength: option.number({
    min: 0,
    default: 1e-3,
    nothing: 0,
    about: 'Strength a of (a/2)·Σ(w − mean w)².',
    search: {from: 1e-5, to: 1e-1, scale: 'log'},
  }),
  include: option.weights({
    about: 'Which trained weights.',
    default: (weight) => isOfModel(weight) && weight.shape.length >= 2,
    otherwise: 'those of rank 2 or more',
  }),
} satisfies OptionsOf<TowardMeanOptions>;

export function towardMean<const Name extends string = 'towardMean'>(
  options: TowardMeanOptions<Name> = {},
): Regularizer<Name> {
  const {name, settings, strength, include} = readTechnique('towardMean', options, described);
  return defineRegularizer({
    name,
    settings,
    setup: (context) => (strength === 0 ? {idle: true} : {plan: namesOf(include(context))}),
    penalty({weights}, {plan}) {
      const parts = plan.map((weight) => [weight, towardMeanPenalty(weights[weight]!, strength)] as const);
      return {
        value: tf.addN(parts.map(([, {value}]) => value)) as tf.Scalar,
        gradients: Object.fromEntries(parts.map(([weight, {gradient}]) => [weight, gradient])),
      };
    },
  });
}

/** What {@link towardMean} says of itself: lists, forms, schemas and searches read it. */
export const towardMeanTechnique: Technique = defineTechnique({
  name: 'towardMean',
  family: 'l2',
  about: 'Pulls the weights of a kernel towards their mean.',
  options: described,
  trials: [{options: {strength: 0.1}}],
  create: towardMean,
});
