import {
  type DataSummary,
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
  type Technique,
  type WithDefaults,
} from '@regularizers/core';
import type {KeyLike} from '@regularizers/random';
import type * as tf from '@tensorflow/tfjs-core';
import {
  maskedValue,
  valueWithNormalNoise,
  valueWithSaltAndPepper,
  valueWithUniformNoise,
} from './corruptions.ts';
import {sigmaOption} from './options.ts';
import {withPadding} from './padding.ts';
import {realInputs} from './real-inputs.ts';
import {checkDefaultScale} from './scale.ts';

/** x + N(0, σ²). */
export interface NormalInputNoise {
  readonly distribution?: 'normal';
  /** Standard deviation σ, at least 0, in the inputs' unit. @defaultValue 0.1 */
  readonly sigma?: number;
}

/** x + U(−a, a). */
export interface UniformInputNoise {
  readonly distribution: 'uniform';
  /** The largest deviation a, at least 0, in the inputs' unit. @defaultValue 0.1 */
  readonly limit?: number;
}

/** Elements set to `low` or `high`. */
export interface SaltAndPepperInputNoise {
  readonly distribution: 'saltAndPepper';
  /** Probability that an element goes, in [0, 1]. @defaultValue 0.1 */
  readonly probability?: number;
  /** @defaultValue 0 */
  readonly low?: number;
  /** @defaultValue 1 */
  readonly high?: number;
}

/** Elements replaced by one value. */
export interface MaskingInputNoise {
  readonly distribution: 'masking';
  /** Probability that an element goes, in [0, 1]. @defaultValue 0.1 */
  readonly probability?: number;
  /** What it is replaced by. @defaultValue 0 */
  readonly replacement?: number;
}

/** Options of {@link inputNoise}: which distribution, with its own parameters. */
export type InputNoiseOptions<Name extends string = string> = Named<Name> & {
  /** The model's inputs, by name; indices among them are left alone. @defaultValue all */
  readonly inputs?: Selector<PortInfo>;
} & (NormalInputNoise | UniformInputNoise | SaltAndPepperInputNoise | MaskingInputNoise);

/** Every option of {@link inputNoise}, whatever the distribution. */
interface AnyInputNoise<Name extends string = string> extends Named<Name> {
  readonly inputs?: Selector<PortInfo>;
  readonly distribution?: 'normal' | 'uniform' | 'saltAndPepper' | 'masking';
  readonly sigma?: number;
  readonly limit?: number;
  readonly probability?: number;
  readonly low?: number;
  readonly high?: number;
  readonly replacement?: number;
}

const described = {
  distribution: option.choice(['normal', 'uniform', 'saltAndPepper', 'masking'], {
    default: 'normal',
    about: 'What kind of noise.',
    search: {values: ['normal', 'uniform', 'saltAndPepper', 'masking']},
  }),
  sigma: {
    ...sigmaOption(0.1, "Standard deviation, in the inputs' unit.", [0.01, 1]),
    when: {distribution: ['normal']},
  },
  limit: option.number({
    min: 0,
    default: 0.1,
    nothing: 0,
    about: "The largest deviation, in the inputs' unit.",
    search: {from: 0.01, to: 1, scale: 'log'},
    when: {distribution: ['uniform']},
  }),
  probability: option.number({
    min: 0,
    max: 1,
    default: 0.1,
    nothing: 0,
    about: 'Probability that an element goes.',
    search: {from: 0.01, to: 0.5, scale: 'linear'},
    when: {distribution: ['saltAndPepper', 'masking']},
  }),
  low: option.number({default: 0, about: 'Pepper.', when: {distribution: ['saltAndPepper']}}),
  high: option.number({default: 1, about: 'Salt, at least low.', when: {distribution: ['saltAndPepper']}}),
  replacement: option.number({
    default: 0,
    about: 'What an element is replaced by.',
    when: {distribution: ['masking']},
  }),
  inputs: option.inputs({
    about: "The model's inputs; indices among them are left alone.",
    default: () => true,
    otherwise: 'all',
    rare: true,
  }),
} satisfies OptionsOf<AnyInputNoise>;

type InputNoise = Omit<WithDefaults<AnyInputNoise, typeof described>, 'inputs'>;

/**
 * Input noise: the model sees each input with new noise on it at each step, and the clean one in evaluation.
 *
 * x + N(0, σ²) by default. On a linear model under ½ mean squared error that is ridge regression with strength
 * σ², in expectation: E ½(w·(x + n) − t)² = ½(w·x − t)² + ½σ²‖w‖².
 *
 * Padding of an input that a Masking layer reads stays as it is.
 *
 * Noise comes after augmentation and mixing; targets are untouched, so that an autoencoder that is given its
 * inputs as targets becomes a denoising one.
 *
 * Strengths are in the inputs' unit. Their defaults are for values that deviate by about 1, and are refused where the
 * training data's deviate by more than 10 (pixels to 255): say them.
 *
 * @param options the distribution with its parameters, and which inputs
 * @throws RegularizerError if a default strength means nothing to the data, an option is out of range or belongs to
 * another distribution, or `inputs` selects nothing but indices
 *
 * @example
 * ```ts
 * const regularizers = [inputNoise({sigma: 0.05})];
 * const denoising = [inputNoise({distribution: 'masking', probability: 0.25})];
 * ```
 *
 * @see Bishop (1995), Training with Noise is Equivalent to Tikhonov Regularization.
 * https://doi.org/10.1162/neco.1995.7.1.108
 * @see Vincent, Larochelle, Bengio, Manzagol (2008), Extracting and Composing Robust Features with Denoising
 * Autoencoders, for masking. https://doi.org/10.1145/1390156.1390294
 * @see Vincent, Larochelle, Lajoie, Bengio, Manzagol (2010), Stacked Denoising Autoencoders, section 3.3, for salt
 * and pepper. https://jmlr.org/papers/v11/vincent10a.html
 */
export function inputNoise<const Name extends string = 'inputNoise'>(
  options: InputNoiseOptions<Name> = {},
): Regularizer<Name> {
  const {name, settings, inputs, ...noise} = readTechnique<Name, AnyInputNoise<Name>, typeof described>(
    'inputNoise',
    options,
    described,
  );
  checkOrder(name, noise);
  const corrupt = corruptionOf(noise);
  const unit = inUnit[noise.distribution];
  const option = unit === undefined || unit in options ? undefined : unit;
  return defineRegularizer({
    name,
    settings,
    tags: ['input-noise'],
    after: ['augmentation', 'erasing', 'mixing'],
    inListOrder: ['input-noise'],
    setup(context) {
      if (corrupt === undefined) return {idle: true};
      const isNoisy = realInputs(name, inputs, context);
      const noisy = context.inputs.filter((_, port) => isNoisy[port]);
      checkPadding(name, noisy, noise);
      return {plan: {isNoisy, inputs: context.inputs, corrupt}};
    },
    ...(option && {
      adapt: (data: DataSummary, {plan: {isNoisy, inputs}}: {readonly plan: Plan}) => {
        checkDefaultScale(name, {option, value: noise[option]}, {inputs, isChosen: isNoisy}, data);
        return undefined;
      },
    }),
    batch(batch, step) {
      const {isNoisy, inputs: ports, corrupt} = step.plan;
      const inputs = batch.inputs.map((value, port) =>
        isNoisy[port] ? withPadding(value, corrupt(value, step.key(`noise/${port}`)), ports[port]!) : value,
      );
      return {...batch, inputs};
    },
  });
}

/** What `setup` worked out. */
interface Plan {
  readonly inputs: readonly PortInfo[];
  readonly isNoisy: readonly boolean[];
  readonly corrupt: Corruption;
}

/** The option of each distribution that means something in the inputs' unit alone, and has a default. */
const inUnit = {normal: 'sigma', uniform: 'limit', saltAndPepper: 'high', masking: undefined} as const;

type Corruption = (value: tf.Tensor, key: KeyLike) => tf.Tensor;

/** What is done to an input; undefined at a strength of zero. */
function corruptionOf({
  distribution,
  sigma,
  limit,
  probability,
  ...values
}: InputNoise): Corruption | undefined {
  switch (distribution) {
    case 'normal':
      return sigma === 0 ? undefined : (value, key) => valueWithNormalNoise(value, key, {sigma});
    case 'uniform':
      return limit === 0 ? undefined : (value, key) => valueWithUniformNoise(value, key, {limit});
    case 'saltAndPepper': {
      const {low, high} = values;
      return probability === 0
        ? undefined
        : (value, key) => valueWithSaltAndPepper(value, key, {probability, low, high});
    }
    case 'masking': {
      const {replacement} = values;
      return probability === 0
        ? undefined
        : (value, key) => maskedValue(value, key, {probability, replacement});
    }
  }
}

/** Where noise writes what padding is filled with, it would make padding of steps that are none. */
function checkPadding(
  where: string,
  inputs: readonly PortInfo[],
  {distribution, replacement, low, high}: InputNoise,
): void {
  const written = {normal: [], uniform: [], saltAndPepper: [low, high], masking: [replacement]}[distribution];
  const port = inputs.find(({padding}) => written.some((value) => value === padding));
  if (!port) return;
  throw new RegularizerError({
    where,
    code: 'noise-is-padding',
    message: `the input ${port.name} is padded with ${port.padding}, which this noise writes: steps would become padding`,
    hint: 'Pad with a value that is no datum, and say it to the Masking layer: tf.layers.masking({maskValue: -1e9}).',
  });
}

function checkOrder(where: string, {low, high}: InputNoise): void {
  if (low <= high) return;
  throw new RegularizerError({
    where,
    code: 'out-of-range',
    message: `high must be in [low = ${low}, ∞); received ${high}`,
    option: 'high',
    received: high,
    allowed: {type: 'number', minimum: low},
  });
}

/** What {@link inputNoise} says of itself. */
export const inputNoiseTechnique: Technique = defineTechnique({
  name: 'inputNoise',
  family: 'noise',
  about: 'The model sees each input with new noise on it at every step.',
  options: described,
  trials: [
    {options: {sigma: 0.3}},
    {label: 'salt and pepper', options: {distribution: 'saltAndPepper'}, on: ['images']},
    {
      label: 'masking',
      options: {distribution: 'masking', probability: 0.5, replacement: 1},
      on: ['autoencoder', 'composite'],
    },
  ],
  create: inputNoise,
});
