// What a trainer hands to hooks, without one: for tests of one hook at a time.
import {
  type Batch,
  type BatchStep,
  createTrainer,
  defineRegularizer,
  type GradientStep,
  type Regularizer,
  type Setup,
  type SetupContext,
  type SiteInfo,
  type Step,
  sgd,
  type WeightInfo,
} from '@regularizers/core';
import {deriveKey, keyTensor} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';

/** What `setup` is told of a model, from what matters; all else is empty. */
export function contextOf(parts: Partial<SetupContext> = {}): SetupContext {
  return {
    weights: [],
    sites: [],
    inputs: [],
    outputs: [],
    losses: [],
    findings: [],
    chose: () => undefined,
    initial: {},
    member: 0,
    key: (purpose) => deriveKey(1, purpose),
    ...parts,
  };
}

/** What a plugin's `setup` makes of a model. */
export function setUp(plugin: Regularizer, parts: Partial<SetupContext> = {}): Setup {
  return plugin.setup?.(contextOf(parts)) ?? {};
}

/** Sites in order, each feeding the next, from what differs. */
export function sitesOf(
  ...parts: readonly (Partial<SiteInfo> & {readonly layerClass: string})[]
): SiteInfo[] {
  const names = parts.map(({name, layerClass}, index) => name ?? `${layerClass}_${index}`);
  return parts.map((part, index) => {
    const name = names[index]!;
    const feeds = names.slice(index + 1, index + 2);
    return {layer: name, shape: [null, 4], isOutput: false, feeds, config: {}, ...part, name, index};
  });
}

/** The sites of a model, as a trainer tells plugins of them. */
export function sitesIn(model: LayersModel): readonly SiteInfo[] {
  let found: readonly SiteInfo[] = [];
  const probe = defineRegularizer({
    name: 'probe',
    setup: ({sites}) => {
      found = sites;
      return {};
    },
  });
  createTrainer({model, loss: 'meanSquaredError', optimizer: sgd(), regularizers: [probe]}).dispose();
  return found;
}

/** A weight of the model, from what differs. */
export function weightOf(part: Partial<WeightInfo> & {readonly name: string}): WeightInfo {
  const cut = part.name.lastIndexOf('/');
  const [layer, shortName] = [part.name.slice(0, Math.max(0, cut)), part.name.slice(cut + 1)];
  return {shortName, layer, layerClass: 'Dense', shape: [2, 3], role: 'trained', owner: undefined, ...part};
}

/** A step whose keys depend on `seed` and the purpose. */
export function stepOf(seed: number, plan: unknown = undefined, scalars: Step['scalars'] = {}): Step {
  return {
    plan,
    state: null,
    scalars,
    learningRate: tf.scalar(0.1),
    run: {examples: 64, batchSize: 8, epochs: 1, stepsPerEpoch: 8},
    key: (purpose) => keyTensor(deriveKey(seed, purpose)),
  };
}

/** The same for a `batch` hook that asks for no gradient. */
export function batchStepOf(...args: Parameters<typeof stepOf>): BatchStep {
  return {...stepOf(...args), inputGradients: noGradient};
}

/** The same for a `gradients` hook that asks for no other ones. */
export function gradientStepOf(...args: Parameters<typeof stepOf>): GradientStep {
  return {...stepOf(...args), weights: {}, gradientsAt: noGradient};
}

function noGradient(): never {
  throw new Error('no gradient was expected');
}

/** A batch of inputs, and of targets with weight 1. */
export function batchOf(inputs: readonly tf.Tensor[], targets: readonly tf.Tensor[] = []): Batch {
  return {inputs, targets: targets.map((target) => [{target, weight: 1}]), size: inputs[0]?.shape[0] ?? 0};
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
