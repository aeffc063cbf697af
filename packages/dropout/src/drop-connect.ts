import {
  changedTensors,
  defineRegularizer,
  defineTechnique,
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
import {droppedValue} from './dropout.ts';
import {dropRate} from './options.ts';

/** Options of {@link dropConnect}. */
export interface DropConnectOptions<Name extends string = string> extends Named<Name> {
  /** Probability p that a weight is dropped, in [0, 1). @defaultValue 0.5 */
  readonly rate?: number;
  /** Weights that are dropped from. @defaultValue trained kernels of the model's Dense layers */
  readonly include?: Selector<WeightInfo>;
}

const described = {
  rate: dropRate(0.5, 'Probability that a weight is dropped.'),
  include: option.weights({
    about: 'Weights that are dropped from.',
    default: isDenseKernel,
    otherwise: "trained kernels of the model's Dense layers",
    rare: true,
  }),
} satisfies OptionsOf<DropConnectOptions>;

/**
 * DropConnect: each step, the model reads weights of which some are switched off, and the rest scaled up.
 *
 * w ← w·m, m = b/(1 − p), b ~ Bernoulli(1 − p) for each weight, one mask for the batch; the gradient in the clean
 * weight is that in the dropped one times m. Evaluation reads the clean weights. ({@link droppedValue} is it for one weight.)
 *
 * The paper draws a mask per example and, to predict, samples each unit from a Gaussian that matches its moments;
 * this takes the mean of that Gaussian, as all common implementations do.
 *
 * @param options how often, and which weights
 * @throws RegularizerError if an option is out of range, or `include` selects nothing
 *
 * @example
 * ```ts
 * const regularizers = [dropConnect({rate: 0.3, include: ['fc_1/kernel', 'fc_2/kernel']})];
 * ```
 *
 * @see Wan, Zeiler, Zhang, LeCun, Fergus (2013), Regularization of Neural Networks using DropConnect, section 3.
 * https://proceedings.mlr.press/v28/wan13.html
 */
export function dropConnect<const Name extends string = 'dropConnect'>(
  options: DropConnectOptions<Name> = {},
): Regularizer<Name> {
  const {name, settings, rate, include} = readTechnique('dropConnect', options, described);
  return defineRegularizer({
    name,
    settings,
    tags: ['weight-mask'],
    after: ['weight-noise'],
    setup: (context) => (rate === 0 ? {idle: true} : {plan: namesOf(include(context))}),
    weights: (weights, step) =>
      changedTensors(weights, step.plan, (weight, _, position) =>
        droppedValue(weight, step.key(`mask/${position}`), {rate}),
      ),
  });
}

function isDenseKernel({owner, layerClass, shortName}: WeightInfo): boolean {
  return owner === undefined && layerClass === 'Dense' && shortName === 'kernel';
}

/** What {@link dropConnect} says of itself. */
export const dropConnectTechnique: Technique = defineTechnique({
  name: 'dropConnect',
  title: 'DropConnect',
  family: 'dropout',
  about: 'Drops weights in place of units.',
  options: described,
  create: dropConnect,
});
