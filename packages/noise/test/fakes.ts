// A step and a model without a trainer, for tests of one hook at a time.
import type {
  Batch,
  BatchStep,
  GradientStep,
  Regularizer,
  RunInfo,
  Setup,
  SetupContext,
  SiteInfo,
  Step,
  WeightInfo,
} from '@regularizers/core';
import {deriveKey, keyTensor} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';

const run: RunInfo = {examples: 64, batchSize: 8, epochs: 1, stepsPerEpoch: 8};

/** Sites in order, from what differs. */
export function sitesOf(
  ...parts: readonly (Partial<SiteInfo> & {readonly layerClass: string})[]
): SiteInfo[] {
  return parts.map((part, index) => {
    const name = part.name ?? `${part.layerClass}_${index}`;
    return {layer: name, shape: [null, 4], isOutput: false, feeds: [], config: {}, ...part, name, index};
  });
}

/** A weight of the model, from what differs. */
export function weightOf(part: Partial<WeightInfo> & {readonly name: string}): WeightInfo {
  const [layer = '', shortName = ''] = part.name.split('/');
  return {shortName, layer, layerClass: 'Dense', shape: [2, 3], role: 'trained', owner: undefined, ...part};
}

/** What a plugin's `setup` makes of a model. */
export function setUp(plugin: Regularizer, context: Partial<SetupContext>): Setup {
  return plugin.setup!({
    weights: [],
    sites: [],
    inputs: [],
    outputs: [],
    losses: [],
    findings: [],
    initial: {},
    member: 0,
    key: (purpose) => deriveKey(1, purpose),
    ...context,
  });
}

/** A step whose keys depend on `seed` and the purpose. */
export function stepOf(seed: number, plan: unknown = undefined, scalars: Step['scalars'] = {}): Step {
  return {
    plan,
    state: null,
    scalars,
    learningRate: tf.scalar(0.1),
    run,
    key: (purpose) => keyTensor(deriveKey(seed, purpose)),
  };
}

/** The message of what `act` throws. */
export function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'nothing was thrown';
}

/** The same for a `batch` hook that asks for no gradient. */
export function batchStepOf(seed: number, plan: unknown): BatchStep {
  const inputGradients = (): never => {
    throw new Error('no gradient was expected');
  };
  return {...stepOf(seed, plan), inputGradients};
}

/** The same for a `gradients` hook that asks for no other one. */
export function gradientStepOf(seed: number, plan: unknown, scalars: Step['scalars']): GradientStep {
  const gradientsAt = (): never => {
    throw new Error('no gradient was expected');
  };
  return {...stepOf(seed, plan, scalars), weights: {}, gradientsAt};
}

/** A batch of inputs, and of targets with weight 1. */
export function batchOf(inputs: readonly tf.Tensor[], targets: readonly tf.Tensor[] = []): Batch {
  return {inputs, targets: targets.map((target) => [{target, weight: 1}]), size: inputs[0]?.shape[0] ?? 0};
}
