import {
  type Batch,
  computed,
  type DataSummary,
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
import {valueWithUniformNoise} from './corruptions.ts';
import {withPadding} from './padding.ts';
import {realInputs} from './real-inputs.ts';
import {checkDefaultScale, checkRange} from './scale.ts';

/** Options of {@link adversarial}. */
export interface AdversarialOptions<Name extends string = string> extends Named<Name> {
  /** How far ε each element may be moved, at least 0, in the inputs' unit. @defaultValue 0.01 */
  readonly epsilon?: number;
  /** Steps of the attack: one is FGSM, more are PGD from a random start. @defaultValue 1 */
  readonly steps?: number;
  /** How far one step moves each element, above 0. @defaultValue ε for one step, 2.5·ε/steps for more */
  readonly stepSize?: number;
  /** Weight α of the clean examples' loss, in [0, 1]. At 0 none are trained on. @defaultValue 0.5 */
  readonly clean?: number;
  /** Values that inputs may have, such as `[0, 1]` for images. @defaultValue any */
  readonly range?: readonly [min: number, max: number];
  /** The model's inputs that are attacked, by name; indices are left alone. @defaultValue all */
  readonly inputs?: Selector<PortInfo>;
}

const described = {
  epsilon: option.number({
    min: 0,
    default: 0.01,
    nothing: 0,
    about: "How far each element may be moved, in the inputs' unit.",
    search: {from: 1e-3, to: 0.3, scale: 'log'},
  }),
  steps: option.integer({
    min: 1,
    default: 1,
    about: 'Steps of the attack: one is FGSM, more are PGD from a random start.',
    search: {from: 1, to: 7, scale: 'linear'},
  }),
  stepSize: option.number({
    min: 0,
    minExclusive: true,
    about: 'How far one step moves each element.',
    otherwise: 'epsilon for one step, 2.5·epsilon/steps for more',
    rare: true,
  }),
  clean: option.number({
    min: 0,
    max: 1,
    default: 0.5,
    nothing: 1,
    about: "Weight of the clean examples' loss; at 0 none are trained on.",
    search: {from: 0, to: 0.9, scale: 'linear'},
  }),
  range: option.interval({}, {about: 'Values that inputs may have.', otherwise: 'any'}),
  inputs: option.inputs({
    about: "The model's inputs that are attacked; indices among them are left alone.",
    default: () => true,
    otherwise: 'all',
    rare: true,
  }),
} satisfies OptionsOf<AdversarialOptions>;

/** How far an attack may go. */
export interface AdversarialLimits {
  /** ε, at least 0. */
  readonly epsilon: number;
  /** How far one step moves each element. @defaultValue ε */
  readonly stepSize?: number;
  /** Values that there are. @defaultValue any */
  readonly range?: readonly [min: number, max: number] | undefined;
}

/**
 * One step of an attack: moves each element so that the loss grows, no further than ε from where it was.
 *
 * x′ + a·sign(∂loss/∂x′), held to x ± ε; from x′ = x with a = ε the fast gradient sign method
 *
 * @param value x′, where the attack has come to, any shape
 * @param gradient of the loss in x′, the same shape
 * @param clean x
 * @param options `epsilon`: ε; `stepSize`: a; `range`: held to as well
 *
 * @example
 * ```ts
 * const value = tf.tensor1d([1, 1, 1]);
 * adversarialValue(value, tf.tensor1d([-2, 0, 5]), value, {epsilon: 0.1}); // value + [-0.1, 0, 0.1]
 * ```
 */
export function adversarialValue(
  value: tf.Tensor,
  gradient: tf.Tensor,
  clean: tf.Tensor,
  options: AdversarialLimits,
): tf.Tensor {
  return computed('adversarialValue', {value, gradient, clean, options}, () => {
    const {epsilon, stepSize = epsilon, range} = options;
    const moved = tf.add(value, tf.mul(tf.sign(gradient), stepSize));
    const near = tf.minimum(tf.maximum(moved, tf.sub(clean, epsilon)), tf.add(clean, epsilon));
    return range ? tf.clipByValue(near, ...range) : near;
  });
}

/**
 * Adversarial training: beside each example, the model is trained on one that is moved a little where it hurts most.
 *
 * objective = α·loss(x) + (1 − α)·loss(x′), x′ = x + ε·sign(∂loss/∂x) (FGSM); with more `steps`, x′ comes of as many
 * smaller ones from a random place within x ± ε (PGD)
 *
 * The attack is on the model of this step, with its masks and weight noise, and on inputs as they are after all that
 * changes them; it is not differentiated through. Every step costs one gradient more, and the batch is twice as large
 * where clean examples are trained on too: what is reported is the mean over both. Evaluation sees clean inputs.
 *
 * @param options how far, in how many steps, which inputs, and the share of clean examples
 * @throws RegularizerError if the data lies outside of `range`, or the default ε means nothing to it (values that deviate
 * by more than 10), an option is out of range, or `inputs` selects nothing but indices
 *
 * @example
 * ```ts
 * const fgsm = [adversarial({epsilon: 0.1, range: [0, 1]})];
 * const pgd = [adversarial({epsilon: 0.1, steps: 7, clean: 0, range: [0, 1]})];
 * ```
 *
 * @see Goodfellow, Shlens, Szegedy (2015), Explaining and Harnessing Adversarial Examples, section 6.
 * https://arxiv.org/abs/1412.6572
 * @see Madry, Makelov, Schmidt, Tsipras, Vladu (2018), Towards Deep Learning Models Resistant to Adversarial Attacks,
 * for PGD. https://arxiv.org/abs/1706.06083
 */
export function adversarial<const Name extends string = 'adversarial'>(
  options: AdversarialOptions<Name> = {},
): Regularizer<Name> {
  const read = readTechnique('adversarial', options, described);
  const {name, settings, inputs, epsilon, steps, clean: share, range} = read;
  const {stepSize = steps === 1 ? epsilon : (2.5 * epsilon) / steps} = read;
  return defineRegularizer({
    name,
    settings: {...settings, stepSize},
    tags: ['adversarial'],
    after: ['augmentation', 'erasing', 'mixing', 'input-noise', 'label-smoothing'],
    excludes: ['adversarial'],
    setup(context) {
      if (epsilon === 0 || share === 1) return {idle: true};
      return {plan: {isAttacked: realInputs(name, inputs, context), inputs: context.inputs}};
    },
    ...((!('epsilon' in options) || range) && {
      adapt: (data: DataSummary, {plan: {isAttacked, inputs}}: {readonly plan: Plan}) => {
        const scaled = {inputs, isChosen: isAttacked};
        if (range) checkRange(name, range, scaled, data);
        if (!('epsilon' in options))
          checkDefaultScale(name, {option: 'epsilon', value: epsilon}, scaled, data);
        return undefined;
      },
    }),
    batch(batch, step) {
      const {isAttacked, inputs: ports} = step.plan;
      const each = (change: (value: tf.Tensor, port: number) => tf.Tensor, of = batch.inputs): tf.Tensor[] =>
        of.map((value, port) =>
          isAttacked[port] ? withPadding(batch.inputs[port]!, change(value, port), ports[port]!) : value,
        );
      const limits = {epsilon, stepSize, range};
      const start = (value: tf.Tensor, port: number): tf.Tensor =>
        valueWithUniformNoise(value, step.key(`start/${port}`), {limit: epsilon});
      let inputs = steps === 1 ? batch.inputs : each(start);
      for (let taken = 0; taken < steps; taken++) {
        const gradients = step.inputGradients({...batch, inputs});
        inputs = each(
          (value, port) => adversarialValue(value, gradients[port]!, batch.inputs[port]!, limits),
          inputs,
        );
      }
      return share === 0 ? {...batch, inputs} : beside(batch, inputs, share);
    },
  });
}

/** What `setup` worked out. */
interface Plan {
  readonly inputs: readonly PortInfo[];
  readonly isAttacked: readonly boolean[];
}

/** A batch of twice the size: the clean examples with this share of the loss, then the others. */
function beside({inputs, targets, size}: Batch, attacked: readonly tf.Tensor[], clean: number): Batch {
  // The loss is the mean over all examples, of which each kind is a half.
  const weigh = (weight: number | tf.Tensor): number | tf.Tensor => {
    if (clean === 0.5 && typeof weight === 'number') return weight;
    const each = typeof weight === 'number' || weight.rank === 0 ? tf.mul(tf.ones([size]), weight) : weight;
    return tf.concat([tf.mul(each, 2 * clean), tf.mul(each, 2 * (1 - clean))]);
  };
  return {
    inputs: inputs.map((value, port) => tf.concat([value, attacked[port]!])),
    targets: targets.map((list) =>
      list.map(({target, weight}) => ({target: tf.concat([target, target]), weight: weigh(weight)})),
    ),
    size: 2 * size,
  };
}

/** What {@link adversarial} says of itself. */
export const adversarialTechnique: Technique = defineTechnique({
  name: 'adversarial',
  title: 'Adversarial training',
  family: 'noise',
  about: 'Trains also on examples that are moved a little where it hurts most.',
  options: described,
  trials: [
    {options: {epsilon: 0.2}},
    {
      label: 'several steps',
      options: {epsilon: 0.2, steps: 3, clean: 0.2, range: [0, 1]},
      on: ['images', 'composite'],
    },
  ],
  create: adversarial,
});
