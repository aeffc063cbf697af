import {
  computed,
  defineRegularizer,
  defineTechnique,
  isYes,
  type Named,
  type OptionsOf,
  type OutputMeaning,
  option,
  type PortInfo,
  type Regularizer,
  readTechnique,
  type Selector,
  type Technique,
  toProbabilities,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {classificationKind} from './classification.ts';

/** What a prediction says as a target: its probabilities, or all for the likeliest class. */
export type BootstrapMode = 'soft' | 'hard';

/** Options of {@link bootstrapTargets}. */
export interface BootstrapTargetsOptions<Name extends string = string> extends Named<Name> {
  /** Weight β of the given target, in [0, 1]. @defaultValue 0.95; 0.8 where hard */
  readonly beta?: number;
  /** The model's probabilities, or its likeliest class alone. @defaultValue 'soft' */
  readonly mode?: BootstrapMode;
  /** The model's outputs whose targets are mixed, by name. @defaultValue all */
  readonly outputs?: Selector<PortInfo>;
}

const described = {
  beta: option.number({
    min: 0,
    max: 1,
    nothing: 1,
    about: 'Weight of the given target.',
    otherwise: '0.95; 0.8 where hard',
    search: {from: 0.6, to: 0.99, scale: 'linear'},
  }),
  mode: option.choice(['soft', 'hard'], {
    default: 'soft',
    about: "The model's probabilities, or its likeliest class alone.",
    search: {values: ['soft', 'hard']},
  }),
  outputs: option.outputs({
    about: "The model's outputs whose targets are mixed.",
    default: () => true,
    otherwise: 'all',
    rare: true,
  }),
} satisfies OptionsOf<BootstrapTargetsOptions>;

/**
 * Mixes a target with what the model says itself.
 *
 * βt + (1 − β)q, with q the probabilities; where hard, 1 for the likeliest class and 0 for the others
 *
 * @param target probabilities, the shape of the output
 * @param output the model's: probabilities or logits, as `meaning` says
 * @param options `beta`: β in [0, 1]; `mode`; `meaning`: how the output is read, such as its loss
 * @returns a tensor of the same shape; its gradient in a soft output is that of (1 − β)q, in a hard one none
 *
 * @example
 * ```ts
 * const meaning = {kind: 'classes', outputs: 'probabilities'} as const;
 * bootstrappedTarget(tf.tensor2d([[1, 0]]), tf.tensor2d([[0.2, 0.8]]), {beta: 0.9, mode: 'soft', meaning}); // [[0.92, 0.08]]
 * ```
 */
export function bootstrappedTarget(
  target: tf.Tensor,
  output: tf.Tensor,
  options: {readonly beta: number; readonly mode: BootstrapMode; readonly meaning: OutputMeaning},
): tf.Tensor {
  return computed('bootstrappedTarget', {target, output, options}, () => {
    const {beta, mode, meaning} = options;
    const own = mode === 'soft' ? toProbabilities(output, meaning) : likeliest(output, meaning);
    return tf.add(tf.mul(target, beta), tf.mul(own, 1 - beta));
  });
}

/** A constant to the gradient: a loss that has one in its targets asks for that of comparisons, which tfjs has not. */
function likeliest(output: tf.Tensor, meaning: OutputMeaning): tf.Tensor {
  const compute = (): tf.Tensor =>
    meaning.kind === 'binary'
      ? tf.cast(isYes(output, meaning), 'float32')
      : tf.oneHot(tf.argMax(output, -1), output.shape[output.rank - 1]!, 1, 0, 'float32');
  return tf.customGrad(() => ({value: compute(), gradFunc: () => [tf.zeros(output.shape)]}))(output);
}

/**
 * Bootstrapped targets: where labels are sometimes wrong, the model is also trained toward what it says itself, so that
 * it need not learn each mistake by heart.
 *
 * Every target t of a batch becomes βt + (1 − β)q, q the model's probabilities for the example in this step (dropout
 * and noise included), or its likeliest class. As in the paper, the soft form is differentiated through q as well, which
 * makes it the crossentropy with a weight β and an entropy penalty with 1 − β. Each entry of the list of targets is
 * mapped, so it works with mixup and cutmix, and it comes after label smoothing. Validation sees the given targets.
 *
 * @param options the weight of the given target, soft or hard, and which outputs
 * @throws RegularizerError if an option is out of range, `outputs` selects nothing, or an output is a regression
 *
 * @example
 * ```ts
 * const regularizers = [bootstrapTargets({mode: 'hard', beta: 0.8})];
 * ```
 *
 * @see Reed, Lee, Anguelov, Szegedy, Erhan, Rabinovich (2014), Training Deep Neural Networks on Noisy Labels with
 * Bootstrapping, eq. 6 and 7. https://arxiv.org/abs/1412.6596
 */
export function bootstrapTargets<const Name extends string = 'bootstrapTargets'>(
  options: BootstrapTargetsOptions<Name> = {},
): Regularizer<Name> {
  const {name, settings, mode, outputs, ...given} = readTechnique('bootstrapTargets', options, described);
  const {beta = mode === 'hard' ? 0.8 : 0.95} = given;
  return defineRegularizer({
    name,
    settings,
    tags: ['bootstrap'],
    excludes: ['bootstrap'],
    setup(context) {
      if (beta === 1) return {idle: true};
      const chosen = outputs(context);
      return {
        plan: context.outputs.map((port, output): OutputMeaning | undefined => {
          if (!chosen.includes(port)) return undefined;
          const loss = context.losses[output]!;
          return {kind: classificationKind(name, port, loss), outputs: loss.outputs};
        }),
      };
    },
    targets: (targets, outputs, {plan}) =>
      targets.map((list, output) => {
        const meaning = plan[output];
        if (meaning === undefined) return list;
        return list.map(({target, weight}) => ({
          target: bootstrappedTarget(target, outputs[output]!, {beta, mode, meaning}),
          weight,
        }));
      }),
  });
}

/** What {@link bootstrapTargets} says of itself. */
export const bootstrapTargetsTechnique: Technique = defineTechnique({
  name: 'bootstrapTargets',
  title: 'Bootstrapped targets',
  family: 'noise',
  about: "Mixes each target with the model's own prediction.",
  options: described,
  trials: [
    {options: {beta: 0.7}},
    {label: 'hard', options: {beta: 0.7, mode: 'hard'}, on: ['classifier', 'composite']},
  ],
  create: bootstrapTargets,
});
