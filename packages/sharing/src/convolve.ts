import {
  defineRegularizer,
  defineTechnique,
  type Named,
  type OptionsOf,
  option,
  type Regularizer,
  RegularizerError,
  readTechnique,
  type SetupContext,
  showShape,
  type Technique,
  type Tensors,
  type WeightInfo,
} from '@regularizers/core';
import {hostUniform} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {checkConvolution, convolutionOptions} from './convolution-options.ts';
import {savedParameters} from './parameters.ts';
import {
  type ConvolutionGeometry,
  type ConvolutionOptions,
  nearestKernel,
  repeatedBias,
  toeplitz,
} from './toeplitz.ts';
import {checkDerivable, present} from './weights.ts';

/** Options of {@link convolve}. */
export interface ConvolveOptions<Name extends string = string> extends ConvolutionOptions, Named<Name> {
  /** Path of the Dense layer. Its rows are the flattened input, its columns the flattened result. */
  readonly layer: string;
  /**
   * One bias per filter, the same at every position, as a convolution has it; `false` leaves the layer its own
   * bias for every position.
   *
   * @defaultValue true
   */
  readonly sharedBias?: boolean;
  /**
   * The kernel's first value. `glorotUniform`: drawn as a convolution's would be. `nearest`: that of the convolution
   * which is nearest to the dense matrix that there is, for a layer that is trained already.
   *
   * @defaultValue 'glorotUniform'
   */
  readonly initial?: 'glorotUniform' | 'nearest';
}

const described = {
  layer: option.text({
    about: 'Path of the Dense layer: its rows are the flattened input, its columns the flattened result.',
    required: true,
  }),
  ...convolutionOptions,
  sharedBias: option.flag({
    default: true,
    about: 'One bias per filter, the same at every position.',
    rare: true,
  }),
  initial: option.choice(['glorotUniform', 'nearest'], {
    default: 'glorotUniform',
    about: "The kernel's first value: drawn, or the convolution nearest to the matrix that there is.",
    rare: true,
  }),
} satisfies OptionsOf<ConvolveOptions>;

/** What `convolve` works out from the model. */
export interface ConvolvePlan {
  readonly geometry: ConvolutionGeometry;
  /** Name of the dense matrix, and of the kernel that it is a function of. */
  readonly kernel: {readonly weight: string; readonly from: string};
  /** Likewise for the bias; undefined if the layer has none or keeps its own. */
  readonly bias: {readonly weight: string; readonly from: string} | undefined;
  /** Parameters that are no longer trained. */
  readonly savedParameters: number;
}

/**
 * Constrains a Dense layer over a line or an image to be a convolution: the same filter at every position.
 *
 * y = x·T(K) + 1⊗b; ∂L/∂K is the sum over the positions at which each element of K is used
 *
 * The dense matrix of n·m numbers becomes a function of one small kernel K, `<name>/kernel`, which is trained in its
 * stead; so is the bias, of `<name>/bias`. Under `fit` the model computes what a convolution layer would, and is
 * left with a plain dense matrix; `toConvolution` turns it into a model with a convolution layer.
 *
 * @param options the layer, and the convolution that it becomes
 * @throws RegularizerError if an option is out of range, there is no such Dense layer, or its kernel is not
 *   `[rows, columns]` of the convolution
 *
 * @example
 * ```ts
 * // Dense(24 · 24 · 8) on flattened 28 × 28 images: 3 617 280 numbers become 208.
 * convolve({layer: 'fc', inputShape: [28, 28, 1], kernelSize: 5, filters: 8});
 * ```
 *
 * @see LeCun et al. 1989, Backpropagation Applied to Handwritten Zip Code Recognition, section 3,
 *   https://doi.org/10.1162/neco.1989.1.4.541
 * @see Goodfellow, Bengio & Courville 2016, Deep Learning, sections 7.9 and 9.2, https://www.deeplearningbook.org
 */
export function convolve<const Name extends string = 'convolve'>(
  options: ConvolveOptions<Name>,
): Regularizer<Name, ConvolvePlan, null> {
  const {name, settings, layer, sharedBias, initial, ...convolution} = readTechnique(
    'convolve',
    options,
    described,
  );
  const geometry = checkConvolution(name, convolution);
  return defineRegularizer<Name, ConvolvePlan, null>({
    name,
    settings,
    setup: (context) => {
      const {kernel, bias} = denseWeights(name, layer, geometry, context.weights);
      const shared = sharedBias ? bias : undefined;
      const dense = present(context.initial, kernel.name);
      const weights = {
        kernel: initial === 'nearest' ? nearestKernel(dense, geometry) : glorotKernel(geometry, context),
        ...(shared && {bias: meanBias(present(context.initial, shared.name), geometry)}),
      };
      const derived = [kernel, ...(shared ? [shared] : [])];
      return {
        plan: {
          geometry,
          kernel: {weight: kernel.name, from: `${name}/kernel`},
          bias: shared && {weight: shared.name, from: `${name}/bias`},
          savedParameters: savedParameters({derived, brought: Object.values(weights)}),
        },
        weights,
        derived: derived.map((weight) => ({name: weight.name, from: [`${name}/${weight.shortName}`]})),
      };
    },
    derive: (weights, plan) => denseValues(weights, plan),
  });
}

function denseValues(weights: Tensors, {geometry, kernel, bias}: ConvolvePlan): Tensors {
  return {
    [kernel.weight]: toeplitz(present(weights, kernel.from), geometry),
    ...(bias && {[bias.weight]: repeatedBias(present(weights, bias.from), geometry)}),
  };
}

interface DenseWeights {
  readonly kernel: WeightInfo;
  readonly bias: WeightInfo | undefined;
}

function denseWeights(
  where: string,
  layer: string,
  {rows, columns}: ConvolutionGeometry,
  weights: readonly WeightInfo[],
): DenseWeights {
  const own = weights.filter((weight) => weight.layer === layer && weight.owner === undefined);
  const kernel = own.find(({shortName, shape}) => shortName === 'kernel' && shape.length === 2);
  const bias = own.find(({shortName}) => shortName === 'bias');
  if (kernel === undefined) {
    const dense = weights
      .filter(({shortName, shape}) => shortName === 'kernel' && shape.length === 2)
      .map((weight) => weight.layer);
    throw new RegularizerError({
      where,
      code: 'nothing-selected',
      message: `layer: ${JSON.stringify(layer)} is no Dense layer of this model`,
      hint: `There are: ${dense.join(', ') || 'none'}.`,
      option: 'layer',
      received: layer,
      allowed: {enum: dense},
    });
  }
  if (kernel.shape[0] !== rows || kernel.shape[1] !== columns) {
    throw new RegularizerError({
      where,
      code: 'shape-mismatch',
      message: `${kernel.name} has shape ${showShape(kernel.shape)}, but this convolution's dense matrix has [${rows}, ${columns}]`,
      hint: 'Rows are the numbers of inputShape, columns positions × filters.',
    });
  }
  return {kernel: checkDerivable(where, kernel), bias: bias && checkDerivable(where, bias)};
}

/** Glorot & Bengio 2010: uniform in ±√(6/(fan in + fan out)), where the kernel's field counts in both fans. */
function glorotKernel({kernelShape, channels, filters}: ConvolutionGeometry, {key}: SetupContext): tf.Tensor {
  const size = kernelShape.reduce((product, length) => product * length, 1);
  const field = size / (channels * filters);
  const limit = Math.sqrt(6 / (field * (channels + filters)));
  return tf.tensor(hostUniform(size, key('kernel'), {min: -limit, max: limit}), [...kernelShape]);
}

/** The mean of the dense layer's bias over positions, which is zero where that is. */
function meanBias(bias: tf.Tensor, {filters}: ConvolutionGeometry): tf.Tensor {
  return tf.mean(tf.reshape(bias, [-1, filters]), 0);
}

/** What {@link convolve} says of itself. */
export const convolveTechnique: Technique = defineTechnique({
  name: 'convolve',
  title: 'Convolution in a dense layer',
  family: 'sharing',
  about: 'A dense layer becomes a convolution, in weights.',
  options: described,
  example: {layer: 'hidden1', inputShape: [28, 28, 1], kernelSize: 7, filters: 4, strides: 3},
  trials: [
    {
      options: {layer: 'line', inputShape: [4, 2], kernelSize: 3, filters: 2, padding: 'same'},
      on: ['composite'],
    },
  ],
  create: convolve,
});
