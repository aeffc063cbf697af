import {defineRegularizer, defineTechnique, type OptionsOf, option, type Technique} from '@regularizers/core';
import {convolutionGeometry, toeplitz} from '@regularizers/sharing';
import * as tf from '@tensorflow/tfjs-core';
import type {LabPlugin, RegularizerRecipe} from '../../regularizers.ts';
import {convolution} from './convolution.ts';

// What a convolution is without sharing: every position sees its own part of the picture, with weights of its own. Nobody
// needs it but a lesson that shows what sharing is worth.

const described = {
  kernelSize: option.integer({min: 1, about: "The part's side.", required: true}),
} satisfies OptionsOf<{readonly kernelSize: number}>;

/** Ones where a convolution's dense matrix has a number of the kernel. */
export function windows(kernelSize: number): tf.Tensor2D {
  const geometry = convolutionGeometry({...convolution, kernelSize});
  return toeplitz(tf.ones([...geometry.kernelShape]), geometry);
}

const kernel = 'hidden1/kernel';

const technique: Technique = defineTechnique({
  name: 'locallyConnected',
  family: 'sharing',
  about: 'A dense layer sees a part of the picture at each position.',
  options: described,
  example: {kernelSize: 3},
  trials: [],
  create: ({kernelSize, name = 'locallyConnected'}: {kernelSize: number; name?: string}) =>
    defineRegularizer({
      name,
      setup: ({initial}) => ({
        weights: {kernel: tf.clone(initial[kernel]!)},
        derived: [{name: kernel, from: [`${name}/kernel`]}],
      }),
      derive: (weights) => ({[kernel]: tf.mul(weights[`${name}/kernel`]!, windows(kernelSize))}),
    }),
});

const use = 'lesson';

/** To be loaded with a recipe of {@link locallyConnected}. */
export const plugins: readonly LabPlugin[] = [{use, techniques: [technique]}];

export const locallyConnected = (kernelSize: number): RegularizerRecipe => ({
  use,
  name: technique.name,
  kernelSize,
});
