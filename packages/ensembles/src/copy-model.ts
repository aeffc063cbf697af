import {RegularizerError} from '@regularizers/core';
import type {serialization} from '@tensorflow/tfjs-core';
import type {LayersModel, layers} from '@tensorflow/tfjs-layers';

type Layer = layers.Layer;

/** Activations that turn logits into probabilities. */
export type ProbabilityActivation = 'softmax' | 'sigmoid';

/** Where a layer's input comes from: layer, its use, which of its outputs, call arguments. */
type Reference = [string, number, number, ...unknown[]];

/** A layer in a model's configuration, with the keys that are rewritten here. */
interface LayerConfig {
  config: InnerConfig;
  name?: string;
  inboundNodes?: Reference[][];
}

interface InnerConfig {
  name?: string;
  activation?: string;
  /** Of containers. */
  layers?: LayerConfig[];
  inputLayers?: Reference[];
  outputLayers?: Reference[];
  /** Of wrappers and recurrent layers. */
  layer?: LayerConfig;
  cell?: LayerConfig;
  cells?: LayerConfig[];
}

/** How {@link copyModel} changes the copy. */
export interface CopyOptions {
  /** The copy's name, and the start of the names of its layers. */
  readonly name: string;
  /** Take the softmax or sigmoid off the output layers. */
  readonly withoutActivation: boolean;
}

/** A copy, and the activations that were taken off, one per output. */
export interface ModelCopy {
  readonly model: LayersModel;
  readonly activations: readonly ProbabilityActivation[];
}

/** A copy of a model, its weights included, with new names. */
export function copyModel(model: LayersModel, {name, withoutActivation}: CopyOptions): ModelCopy {
  const config: InnerConfig = JSON.parse(JSON.stringify(model.getConfig()));
  const activations = withoutActivation
    ? model.outputs.map((_, index) => takeOffActivation(config, index))
    : [];
  renameInside(config, name);
  const copy = fromConfig(model, {...config, name});
  copyWeights(model, copy);
  return {model: copy, activations};
}

/** What a model's class has to make a model from a configuration. */
interface ModelClass {
  fromConfig(
    cls: unknown,
    config: serialization.ConfigDict,
    custom: object,
    fastWeightInit: boolean,
  ): LayersModel;
}

function fromConfig(model: LayersModel, config: InnerConfig): LayersModel {
  const modelClass = model.constructor as unknown as ModelClass;
  // Fast: zeros instead of random numbers, since the weights are set anyway.
  return modelClass.fromConfig(modelClass, config as unknown as serialization.ConfigDict, {}, true);
}

/** Names each layer by its path, so that layers of one name in different nested models differ. */
function renameInside(config: InnerConfig, path: string): void {
  const prefix = `${path}_`;
  const inner = [...(config.layers ?? []), ...(config.cells ?? []), config.layer, config.cell];
  const references = [...(config.inputLayers ?? []), ...(config.outputLayers ?? [])];
  for (const child of inner) {
    if (child === undefined) continue;
    references.push(...(child.inboundNodes ?? []).flat());
    const name = prefix + (child.config.name ?? 'cell');
    child.config.name = name;
    if (child.name !== undefined) child.name = name;
    renameInside(child.config, name);
  }
  for (const reference of references) reference[0] = prefix + reference[0];
}

function takeOffActivation(config: InnerConfig, output: number): ProbabilityActivation {
  const {layers = [], outputLayers} = config;
  const name = outputLayers?.[output]?.[0];
  const entry = outputLayers ? layers.find((layer) => layer.name === name) : layers.at(-1);
  if (entry?.config.layers)
    return takeOffActivation(entry.config, outputLayers ? (outputLayers[output]?.[2] ?? 0) : output);
  const activation = entry?.config.activation;
  const isReadElsewhere = layers.some(({inboundNodes = []}) =>
    inboundNodes.flat().some(([from]) => from === name),
  );
  if (entry && (activation === 'softmax' || activation === 'sigmoid') && !isReadElsewhere) {
    entry.config.activation = 'linear';
    return activation;
  }
  throw new RegularizerError({
    where: 'ensembleModel',
    code: 'not-probabilities',
    message: `output ${output} is not made by a softmax or sigmoid that can be taken off`,
    hint: "Use combine: 'mean'.",
  });
}

/** Layer by layer, for a container's own list of weights has another order where a part of it is frozen. */
function copyWeights(from: Layer, to: Layer): void {
  const inner = innerLayers(from);
  const copies = innerLayers(to);
  if (inner === undefined || copies === undefined) {
    if (from.weights.length > 0) to.setWeights(from.getWeights());
    return;
  }
  inner.forEach((layer, index) => {
    const copy = copies[index];
    if (copy) copyWeights(layer, copy);
  });
}

function innerLayers(layer: Layer): readonly Layer[] | undefined {
  return 'layers' in layer ? (layer.layers as readonly Layer[]) : undefined;
}
