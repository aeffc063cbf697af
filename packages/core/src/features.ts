import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, model as makeModel} from '@tensorflow/tfjs-layers';
import {type Arrays, listInputs} from './data/data.ts';
import {asInput, examplesIn, type Rows, slicedRows} from './data/rows.ts';
import {integer, type OptionsOf, text} from './description/option.ts';
import {readOptions} from './description/read.ts';
import type {PortInfo} from './info.ts';
import {describeValue} from './lib/describe-value.ts';
import {RegularizerError} from './lib/errors.ts';
import {memberOf} from './lib/given.ts';
import {alone, firstOf} from './lib/item.ts';
import {zip} from './lib/zip.ts';
import {requireBuilt} from './model/built.ts';
import {type GraphModelLike, isGraphModel} from './model/graph-model.ts';
import {isLayersModel} from './model/layers-model.ts';
import {graphOf, nodesIn} from './model/walk.ts';

/** Options of {@link extractFeatures}. */
export interface ExtractFeaturesOptions {
  /**
   * Where the features are read: a layer of a LayersModel, a node of a GraphModel.
   *
   * @defaultValue the model's output
   */
  readonly output?: string;
  /** Examples in a batch. @defaultValue 64 */
  readonly batchSize?: number;
}

const described = {
  output: text({about: 'Where the features are read: a layer, or a node.', otherwise: "the model's output"}),
  batchSize: integer({min: 1, default: 64, about: 'Examples in a batch.'}),
} satisfies OptionsOf<ExtractFeaturesOptions>;

/**
 * What a trained model makes of examples, each computed once: train a model of a few layers, a head, on these instead
 * of the examples. Plugins of the head's trainer then act on features: `mixup` mixes them, `inputNoise` adds to them.
 * What changes the pictures themselves is to be done before, as the features of a changed picture are others.
 *
 * @param model a `tf.GraphModel`, such as those of TF Hub, or a `tf.LayersModel`
 * @param x examples as the model expects them, `[examples, ...]`, in any form that `fit` takes; integers are cast for a
 *   model of floats, not scaled
 * @returns features, `[examples, ...]`, which are the caller's to dispose of
 * @throws RegularizerError with code `not-a-model`, `no-such-output`, `several-outputs`, `not-computable`, or what
 *   `predict` refuses data with
 *
 * @example
 * ```ts
 * // A base that knows something; as well a tf.GraphModel, such as a MobileNet of TF Hub.
 * const base = buildModel();
 * const features = await extractFeatures(base, x, {output: 'hidden'});
 * const head = tf.sequential({layers: [tf.layers.dense({units: 3, activation: 'softmax', inputShape: [8]})]});
 * const trainer = createTrainer({model: head, loss: 'categoricalCrossentropy', optimizer: adam()});
 * await trainer.fit({x: features, y}, {epochs: 2});
 * trainer.predict(await extractFeatures(base, vx, {output: 'hidden'}));
 * ```
 */
export async function extractFeatures(
  model: LayersModel | GraphModelLike,
  x: Arrays,
  options: ExtractFeaturesOptions = {},
): Promise<tf.Tensor> {
  const {output, batchSize} = readOptions<ExtractFeaturesOptions, typeof described>(
    where,
    options,
    described,
  );
  const runner = isGraphModel(model) ? graphRunner(model, output) : layersRunner(model, output);
  const inputs = rowsOf(x, runner.ports);
  const parts: tf.Tensor[] = [];
  try {
    const examples = examplesIn(inputs);
    for (let start = 0; start < examples; start += batchSize) {
      const size = Math.min(batchSize, examples - start);
      const batch = tf.tidy(() =>
        zip(inputs, runner.ports).map(([rows, port]) =>
          asInput(slicedRows(rows, start, size, port.dtype), port),
        ),
      );
      try {
        parts.push(await computedBy(runner, batch));
      } finally {
        tf.dispose(batch);
      }
    }
    return tf.concat(parts);
  } finally {
    tf.dispose(parts);
  }
}

const where = 'extractFeatures';

/** What a model computes of a batch, and what it is to be given. */
interface Runner {
  readonly ports: readonly PortInfo[];
  run(batch: tf.Tensor[]): Promise<tf.Tensor> | tf.Tensor;
}

/** Examples in any form that `fit` takes; of a graph whose inputs have no shape, tensors. */
function rowsOf(x: unknown, ports: readonly PortInfo[]): readonly Rows[] {
  const given: readonly unknown[] = Array.isArray(x) ? x : [x];
  const known = ports.map((port, i) => {
    const one = given[i];
    return port.shape.length === 0 && one instanceof tf.Tensor
      ? {...port, shape: one.shape.map(() => null)}
      : port;
  });
  return listInputs(where, x, {inputs: known, outputs: [], losses: []});
}

/** What goes wrong with data of the right form is tfjs's to say, and the model's. */
async function computedBy({run}: Runner, batch: tf.Tensor[]): Promise<tf.Tensor> {
  try {
    return await run(batch);
  } catch (cause) {
    if (RegularizerError.isInstance(cause)) throw cause;
    throw new RegularizerError({
      where,
      code: 'not-computable',
      message: `the model has no result for ${describeValue(batch)}: ${describeValue(memberOf(cause, 'message') ?? cause)}`,
      cause,
    });
  }
}

function layersRunner(model: unknown, output: string | undefined): Runner {
  if (!isLayersModel(model)) {
    throw new RegularizerError({
      where,
      code: 'not-a-model',
      message: `a tf.GraphModel or a tf.LayersModel is expected; received ${describeValue(model)}`,
    });
  }
  requireBuilt(model);
  const read = output === undefined ? model : upTo(model, output);
  requireOne(read.outputs.map(({name}) => name));
  return {
    ports: read.inputs.map(({name, shape, dtype}) => ({name, shape, dtype: typeOf(dtype)})),
    run: (batch) => firstOf(read.predict(alone(batch))),
  };
}

/** The part of a model that ends at a layer: it has the same layers, and nothing of its own to dispose of. */
function upTo(whole: LayersModel, name: string): LayersModel {
  const layer = whole.layers.find((one) => one.name === name);
  if (!layer) {
    const names = whole.layers.map((one) => one.name);
    throw noSuchOutput(`the model has no layer ${name}`, `Its layers are: ${names.join(', ')}.`, name);
  }
  // Of a layer that other models have as well, tfjs doesn't know which output is meant.
  const nodes = nodesIn(graphOf(whole), layer);
  const outputs =
    nodes.length > 0 ? nodes.flatMap(({outputTensors}) => outputTensors) : [layer.output].flat();
  return makeModel({inputs: whole.inputs, outputs});
}

function graphRunner(model: GraphModelLike, output: string | undefined): Runner {
  if (output === undefined) requireOne(model.outputs.map(({name}) => name));
  return {
    ports: model.inputs.map(({name, shape = [], dtype}) => ({
      name,
      shape: shape.map((side) => (side < 0 ? null : side)),
      dtype: typeOf(dtype),
    })),
    run: async (batch) => firstOf(await executed(model, alone(batch), output)),
  };
}

async function executed(
  model: GraphModelLike,
  given: tf.Tensor | tf.Tensor[],
  output: string | undefined,
): Promise<tf.Tensor | tf.Tensor[]> {
  try {
    return model.execute(given, output);
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    // tfjs says so of a graph with control flow, which runs asynchronously only.
    if (message.includes('executeAsync')) return model.executeAsync(given, output);
    if (output !== undefined && message.includes(output)) {
      const names = model.outputs.map(({name}) => name);
      throw noSuchOutput(`the graph has no node ${output}`, `Its outputs are: ${names.join(', ')}.`, output);
    }
    throw error;
  }
}

function typeOf(dtype: string | undefined): 'int32' | 'float32' {
  return dtype === 'int32' ? 'int32' : 'float32';
}

function requireOne(names: readonly string[]): void {
  if (names.length === 1) return;
  throw new RegularizerError({
    where,
    code: 'several-outputs',
    message: `the model has ${names.length} outputs`,
    hint: `Name one: {output: '${names[0]}'}. There are: ${names.join(', ')}.`,
    option: 'output',
    allowed: {enum: names},
  });
}

function noSuchOutput(message: string, hint: string, received: string): RegularizerError {
  return new RegularizerError({where, code: 'no-such-output', message, hint, option: 'output', received});
}
