// A step and a model without a trainer, for tests of one hook at a time.
import type {Regularizer, RunInfo, Setup, SetupContext, SiteInfo, Step, WeightInfo} from '@regularizers/core';
import {deriveKey, keyTensor} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';

const run: RunInfo = {examples: 64, batchSize: 8, epochs: 1, stepsPerEpoch: 8};

/** Sites in order, each feeding the next, from what differs. */
export function sitesOf(
  ...parts: readonly (Partial<SiteInfo> & {readonly layerClass: string})[]
): SiteInfo[] {
  const nameAt = (index: number): string => parts[index]!.name ?? `${parts[index]!.layerClass}_${index}`;
  return parts.map((part, index) => {
    const name = nameAt(index);
    const feeds = index + 1 < parts.length ? [nameAt(index + 1)] : [];
    return {layer: name, shape: [null, 4], isOutput: false, feeds, config: {}, ...part, name, index};
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
export function stepOf(seed: number, plan: unknown = undefined): Step {
  return {
    plan,
    state: null,
    scalars: {},
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
