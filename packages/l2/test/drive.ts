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
import * as tf from '@tensorflow/tfjs-core';

const run = {examples: 8, batchSize: 4, epochs: 1, stepsPerEpoch: 2};
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
  const layer = name.slice(0, name.lastIndexOf('/'));
  const shortName = name.slice(name.lastIndexOf('/') + 1);
  return {name, shape, shortName, layer, layerClass: 'Dense', role: 'trained', owner: undefined, ...more};
}

/** The weights of a model, as `setup` sees them. */
export function setupContext(
  weights: readonly WeightInfo[],
  findings: readonly Finding[] = [],
): SetupContext {
  const none = {sites: [], inputs: [], outputs: [], losses: [], initial: {}, member: 0};
  return {weights, findings, ...none, key: never};
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
  const step = {plan, state: null, scalars: {}, run, learningRate: tf.scalar(0), key: never};
  const missing = (hook: string): never => {
    throw new Error(`${plugin.name} has no ${hook}`);
  };
  return {
    setup,
    names: Object(plan).names ?? [],
    penalty(weights) {
      const penalty = plugin.penalty?.({weights, outputs: [], sites: {}, batch}, step);
      return penalty !== undefined && 'gradients' in penalty ? penalty : missing('analytic penalty');
    },
    gradients: (gradients, weights = {}) =>
      plugin.gradients?.(gradients, {...step, weights, gradientsAt: never}) ?? missing('gradients'),
    project: (weights, previous, learningRate) =>
      plugin.project?.(weights, {...step, previous, learningRate: tf.scalar(learningRate)}) ??
      missing('project'),
  };
}
