import {
  type Choice,
  computed,
  defineRegularizer,
  defineTechnique,
  type Named,
  type OptionsOf,
  option,
  type PortInfo,
  type Regularizer,
  RegularizerError,
  readTechnique,
  type Selector,
  type SetupContext,
  type Technique,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {type MixingSettings, mixBatch, mixingOptions, randomLambda, randomPartners} from './mixing.ts';
import {policyOption, type TargetPolicy} from './options.ts';
import type {ImagePlan} from './plan.ts';
import {planTargets} from './targets.ts';

/** Options of {@link mixup}. */
export interface MixupOptions extends MixingSettings {
  /** Parameter of Beta(α, α): small is mostly one of the two, 1 is uniform, at least 0. @defaultValue 0.2 */
  readonly alpha?: number;
  /** Which inputs are mixed; of any rank, but not indices. @defaultValue every input */
  readonly inputs?: Selector<PortInfo>;
  /**
   * A target that is an image of the input's shape (an autoencoder's): `'refuse'` it with an error, `'transform'` it
   * by mixing the targets themselves, or `'keep'` it as it is (denoising).
   * @defaultValue 'refuse'
   */
  readonly targets?: TargetPolicy;
}

const described = {
  ...mixingOptions(0.2, 'Parameter of Beta(α, α): small is mostly one of the two, 1 is uniform.'),
  inputs: option.inputs({
    about: 'Which inputs are mixed; of any rank, but not indices.',
    default: () => true,
    otherwise: 'every input',
    rare: true,
  }),
  targets: policyOption,
} satisfies OptionsOf<MixupOptions>;

/**
 * Each example mixed with its partner: λ·x + (1 − λ)·x′.
 *
 * @param examples `[batch, ...]`
 * @param partners each example's partner, int32, `[batch]`
 * @param lambda the example's own share, `[batch]`, in [0, 1]
 * @returns the shape of `examples`
 *
 * @example
 * ```ts
 * const partners = permutation(64, key);
 * const lambda = randomLambda(64, keyFor, {alpha: 0.2});
 * const mixed = mixedExamples(x, partners, lambda);
 * const targets = mixedTargets([{target: y, weight: 1}], partners, lambda);
 * ```
 */
export function mixedExamples(examples: tf.Tensor, partners: tf.Tensor1D, lambda: tf.Tensor): tf.Tensor {
  return computed('mixedExamples', {examples, partners, lambda}, () => {
    const share = tf.reshape(lambda, [-1, ...examples.shape.slice(1).map(() => 1)]);
    return tf.add(tf.mul(examples, share), tf.mul(tf.gather(examples, partners), tf.sub(1, share)));
  });
}

/**
 * Mixes each example with another of its batch, and their targets in the same proportion:
 *
 * x ← λ·x + (1 − λ)·x′, loss ← λ·loss(t, y) + (1 − λ)·loss(t′, y), λ ~ Beta(α, α)
 *
 * λ is drawn for each example and weighs the example itself; the partner comes from a random permutation. All inputs
 * of an example are mixed alike. Peers draw one λ per batch, or reverse the batch for partners: the expectation is the
 * same, the noise of the gradient is larger.
 *
 * @param options α, how often, and which inputs
 * @throws RegularizerError if an option is out of range or unknown
 *
 * @example
 * ```ts
 * const trainer = createTrainer({model, loss, optimizer, regularizers: [mixup({alpha: 0.2})]});
 * ```
 *
 * @see Zhang, Cisse, Dauphin and Lopez-Paz 2018, section 2, https://arxiv.org/abs/1710.09412
 */
export function mixup<const Name extends string = 'mixup'>(
  options: MixupOptions & Named<Name> = {},
): Regularizer<Name, ImagePlan, null> {
  const {name, settings, inputs, targets = 'refuse', ...drawn} = readTechnique('mixup', options, described);
  const idle = drawn.alpha === 0 || drawn.probability === 0;
  return defineRegularizer<Name, ImagePlan, null>({
    name,
    settings,
    tags: ['mixing'],
    after: ['augmentation', 'erasing'],
    inListOrder: ['mixing'],
    setup: (context) => (idle ? {idle} : {plan: planMixup(context, name, inputs, targets)}),
    batch: (batch, step) => {
      const key = (purpose: string) => step.key(purpose);
      const partners = randomPartners(batch.size, key);
      const lambda = randomLambda(batch.size, key, drawn);
      const mix = (examples: tf.Tensor): tf.Tensor => mixedExamples(examples, partners, lambda);
      return mixBatch(batch, step.plan, {partners, lambda, mix});
    },
  });
}

function planMixup(
  context: SetupContext,
  where: string,
  inputs: Choice<PortInfo>,
  targets: TargetPolicy,
): ImagePlan {
  const ports = inputs(context);
  const indices = ports.find(({dtype}) => dtype === 'int32');
  if (indices) {
    throw new RegularizerError({
      where,
      code: 'not-mixable',
      message: `the input ${indices.name} holds indices, and indices have no mean`,
      hint: 'Name the inputs that can be mixed with the option inputs.',
    });
  }
  const padded = ports.find(({padding}) => padding !== undefined);
  if (padded) {
    throw new RegularizerError({
      where,
      code: 'not-mixable',
      message: `the input ${padded.name} is padded, and a mixture of padding and a value is neither`,
      hint: 'Name the inputs that can be mixed with the option inputs.',
    });
  }
  const places = ports.map((port) => ({
    name: port.name,
    index: context.inputs.indexOf(port),
    shape: port.shape.slice(1),
    flat: false,
    content: 'pixels' as const,
  }));
  const images = places.filter(({shape}) => shape.length === 3);
  return {inputs: places, ...planTargets(context, images, {where, touch: 'values', options: {targets}})};
}

/** What {@link mixup} says of itself. */
export const mixupTechnique: Technique = defineTechnique({
  name: 'mixup',
  family: 'augmentation',
  about: 'Blends pairs of examples and their targets.',
  options: described,
  trials: [{options: {alpha: 1}, on: ['images', 'composite']}],
  create: mixup,
});
