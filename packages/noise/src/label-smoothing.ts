import {
  computed,
  defineRegularizer,
  defineTechnique,
  type Named,
  type OptionsOf,
  option,
  type PortInfo,
  type Regularizer,
  readTechnique,
  type Selector,
  type Technique,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {classificationKind} from './classification.ts';

/** Options of {@link labelSmoothing}. */
export interface LabelSmoothingOptions<Name extends string = string> extends Named<Name> {
  /** Weight ε of the uniform distribution in each target, in [0, 1). @defaultValue 0.1 */
  readonly epsilon?: number;
  /** The model's outputs whose targets are smoothed, by name. @defaultValue all */
  readonly outputs?: Selector<PortInfo>;
}

const described = {
  epsilon: option.number({
    min: 0,
    max: 1,
    maxExclusive: true,
    default: 0.1,
    nothing: 0,
    about: 'Weight of the uniform distribution in each target.',
    search: {from: 0.01, to: 0.3, scale: 'linear'},
  }),
  outputs: option.outputs({
    about: "The model's outputs whose targets are smoothed.",
    default: () => true,
    otherwise: 'all',
    rare: true,
  }),
} satisfies OptionsOf<LabelSmoothingOptions>;

/**
 * Mixes targets with the uniform distribution.
 *
 * t(1 − ε) + ε/K
 *
 * @param target probabilities: `[batch, ..., K]` over K classes, or any shape for independent ones
 * @param options `epsilon`: ε in [0, 1); `classes`: K, which is 2 for independent probabilities, toward ½
 * @returns a tensor of the same shape
 *
 * @example
 * ```ts
 * smoothedLabels(tf.tensor2d([[0, 1, 0, 0]]), {epsilon: 0.1, classes: 4}); // [[0.025, 0.925, 0.025, 0.025]]
 * ```
 */
export function smoothedLabels(
  target: tf.Tensor,
  options: {readonly epsilon: number; readonly classes: number},
): tf.Tensor {
  return computed('smoothedLabels', {target, options}, () => {
    const {epsilon, classes} = options;
    return tf.add(tf.mul(target, 1 - epsilon), epsilon / classes);
  });
}

/**
 * Label smoothing: trains toward a little less than certainty, so that logits need not grow without end.
 *
 * Every target t of a batch becomes t(1 − ε) + ε/K for K classes, and t(1 − ε) + ε/2 for binary targets, one-hot
 * or integer. Each entry of the list of targets is mapped, so it commutes with mixup and cutmix. Validation sees
 * hard targets.
 *
 * @param options how much, and which outputs
 * @throws RegularizerError if an option is out of range, `outputs` selects nothing, or an output is a regression
 *
 * @example
 * ```ts
 * const regularizers = [labelSmoothing({epsilon: 0.1})];
 * ```
 *
 * @see Szegedy, Vanhoucke, Ioffe, Shlens, Wojna (2016), Rethinking the Inception Architecture for Computer Vision,
 * section 7. https://arxiv.org/abs/1512.00567
 */
export function labelSmoothing<const Name extends string = 'labelSmoothing'>(
  options: LabelSmoothingOptions<Name> = {},
): Regularizer<Name> {
  const {name, settings, epsilon, outputs} = readTechnique('labelSmoothing', options, described);
  return defineRegularizer({
    name,
    settings,
    tags: ['label-smoothing'],
    // Where targets are images, what changes them sees them as they are: a filled rectangle is smoothed as well.
    after: ['augmentation', 'erasing'],
    setup(context) {
      if (epsilon === 0) return {idle: true};
      const chosen = outputs(context);
      return {
        plan: context.outputs.map((port, output) =>
          chosen.includes(port) ? classificationKind(name, port, context.losses[output]!) : undefined,
        ),
      };
    },
    batch(batch, step) {
      const targets = batch.targets.map((list, output) => {
        const kind = step.plan[output];
        if (kind === undefined) return list;
        return list.map(({target, weight}) => {
          const classes = kind === 'binary' ? 2 : target.shape[target.rank - 1]!;
          return {target: smoothedLabels(target, {epsilon, classes}), weight};
        });
      });
      return {...batch, targets};
    },
  });
}

/** What {@link labelSmoothing} says of itself. */
export const labelSmoothingTechnique: Technique = defineTechnique({
  name: 'labelSmoothing',
  family: 'noise',
  about: 'Mixes each target with the uniform distribution.',
  options: described,
  trials: [{options: {epsilon: 0.3}}],
  create: labelSmoothing,
});
