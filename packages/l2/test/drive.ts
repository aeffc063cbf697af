// Runs single hooks of a plugin, without a trainer.
import type {
  AnalyticPenalty,
  Finding,
  Regularizer,
  Setup,
  SetupContext,
  Tensors,
  WeightInfo,
} from '@regularizers/core';
import {contextOf, gradientStepOf, weightOf} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';

const batch = {inputs: [], targets: [], size: 4};

function never(): never {
  throw new Error('these plugins draw nothing');
}

/** What a trainer would say about a weight of this name and shape. */
export function weightInfo(
  name: string,
  shape: readonly number[],
  more: Partial<WeightInfo> = {},
): WeightInfo {
  return weightOf({name, shape, ...more});
}

/** The weights of a model, as `setup` sees them. */
export function setupContext(
  weights: readonly WeightInfo[],
  findings: readonly Finding[] = [],
): SetupContext {
  return contextOf({weights, findings, key: never});
}

/** One plugin after its `setup`, its hooks waiting to be called. */
export interface Driver {
  readonly setup: Setup;
  readonly names: readonly string[];
  penalty(weights: Tensors): AnalyticPenalty;
  gradients(gradients: Tensors, weights?: Tensors): Tensors;
  project(weights: Tensors, previous: Tensors, learningRate: number): Tensors;
}

/** Sets a plugin up on some weights. */
export function drive(
  plugin: Regularizer,
  weights: readonly WeightInfo[],
  findings: readonly Finding[] = [],
): Driver {
  const setup = plugin.setup?.(setupContext(weights, findings)) ?? {};
  const {plan} = setup;
  const step = {...gradientStepOf(1, plan), key: never};
  const missing = (hook: string): never => {
    throw new Error(`${plugin.name} has no ${hook}`);
  };
  return {
    setup,
    names: Array.isArray(plan) ? plan : (Object(plan).names ?? []),
    penalty(weights) {
      const penalty = plugin.penalty?.(
        {weights, outputs: [], outputMasks: [], sites: {}, masks: {}, batch},
        step,
      );
      return penalty !== undefined && 'gradients' in penalty ? penalty : missing('analytic penalty');
    },
    gradients: (gradients, weights = {}) =>
      plugin.gradients?.(gradients, {...step, weights}) ?? missing('gradients'),
    project: (weights, previous, learningRate) =>
      plugin.project?.(weights, {...step, previous, learningRate: tf.scalar(learningRate)}) ??
      missing('project'),
  };
}
