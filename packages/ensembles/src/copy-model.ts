import {
  type ActivatedOutput,
  activatedOutput,
  type OutputActivation,
  RegularizerError,
} from '@regularizers/core';
import type * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, layers} from '@tensorflow/tfjs-layers';

type Layer = layers.Layer;

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
  /** Outputs, by position, that lose their softmax or sigmoid. */
  readonly withoutActivation: readonly number[];
}

/** A copy, and the activations that were taken off, by output. */
export interface ModelCopy {
  readonly model: LayersModel;
  readonly activations: ReadonlyMap<number, OutputActivation>;
}

/** A copy of a model, its weights included, with new names. */
export function copyModel(model: LayersModel, {name, withoutActivation}: CopyOptions): ModelCopy {
  const config: InnerConfig = JSON.parse(JSON.stringify(model.getConfig()));
  renameInside(config, name);
  const copy = fromConfig(model, {...config, name});
  copyWeights(model, copy);
  const found = withoutActivation.map((output) => [output, takeableActivation(copy, output)] as const);
  for (const [, {layer}] of found) Object.assign(layer, {activation: linear()});
  return {model: copy, activations: new Map(found.map(([output, {activation}]) => [output, activation]))};
}

/** What a model's class has to make a model from a configuration. */
interface ModelClass {
  fromConfig(
    cls: unknown,
    config: tf.serialization.ConfigDict,
    custom: object,
    fastWeightInit: boolean,
  ): LayersModel;
}

function fromConfig(model: LayersModel, config: InnerConfig): LayersModel {
  const modelClass = model.constructor as unknown as ModelClass;
  // Fast: zeros instead of random numbers, since the weights are set anyway.
  return modelClass.fromConfig(modelClass, config as unknown as tf.serialization.ConfigDict, {}, true);
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

function takeableActivation(model: LayersModel, output: number): ActivatedOutput {
  const found = activatedOutput(model, output);
  if (found) return found;
  throw new RegularizerError({
    where: 'ensembleModel',
    code: 'not-probabilities',
    message: `output ${output} is not made by a softmax or sigmoid that can be taken off`,
    hint: "Use combine: 'mean', which for outputs that are logits is the mean of logits.",
  });
}

/** An activation of tfjs-layers, which exports none by itself. */
function linear(): unknown {
  const layer: {readonly activation?: unknown} = layers.activation({activation: 'linear'});
  return layer.activation;
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
