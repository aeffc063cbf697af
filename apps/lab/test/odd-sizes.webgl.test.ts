// Training on WebGL where nothing is even and NaN is past every edge, against cpu.
import {
  binaryCrossentropy,
  categoricalCrossentropy,
  createTrainer,
  type Loss,
  momentum,
  RegularizerError,
  sparseCategoricalCrossentropy,
} from '@regularizers/core';
import {expectClose, isThorough, makeFixture, poisonWebGL} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {input, type LayersModel, layers, model, type SymbolicTensor} from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {entries} from './compositions/entries.ts';

type Activation = 'softmax' | 'sigmoid' | 'linear';

const losses: Readonly<Record<string, readonly [Activation, string | Loss]>> = {
  'classes by probabilities': ['softmax', 'categoricalCrossentropy'],
  'classes by logits': ['linear', categoricalCrossentropy({fromLogits: true})],
  'class numbers by probabilities': ['softmax', 'sparseCategoricalCrossentropy'],
  'class numbers by logits': ['linear', sparseCategoricalCrossentropy({fromLogits: true})],
  'yes by probabilities': ['sigmoid', 'binaryCrossentropy'],
  'yes by logits': ['linear', binaryCrossentropy({fromLogits: true})],
  squares: ['linear', 'meanSquaredError'],
  'absolute values': ['linear', 'meanAbsoluteError'],
};

const batches = [1, 3, 5, 33];

/** The layers of `composite`, by name, with odd numbers of everything: 5 values to 5, and a convolution of 1 × 1. */
function oddModel(activation: Activation): LayersModel {
  const x = input({shape: [8, 8, 3], name: 'input'});
  const conv = {padding: 'same', filters: 5} as const;
  const stem = layers.conv2d({name: 'conv1', kernelSize: 3, activation: 'relu', ...conv}).apply(x);
  const norm = layers.batchNormalization({name: 'norm1'}).apply(stem) as SymbolicTensor;
  const branch = layers.conv2d({name: 'block1_branch', kernelSize: 1, ...conv}).apply(norm) as SymbolicTensor;
  const sum = layers.add({name: 'block1_add'}).apply([norm, branch]);
  // Not over all of an image: of one that is normalized by itself the mean is 0, but for what rounding leaves.
  const pooled = layers.averagePooling2d({name: 'pool1', poolSize: 7}).apply(sum);
  const flat = layers.flatten({name: 'flatten'}).apply(pooled);
  const line = layers.dense({name: 'line', units: 5, activation: 'relu'}).apply(flat);
  const hidden1 = layers.dense({name: 'hidden1', units: 5, activation: 'relu'}).apply(line);
  const hidden2 = layers
    .dense({name: 'hidden2', units: 5, activation: 'selu', kernelInitializer: 'leCunNormal'})
    .apply(hidden1);
  const output = layers.dense({name: 'output', units: 3, activation}).apply(hidden2);
  return model({inputs: x, outputs: output as SymbolicTensor});
}

interface Case {
  readonly loss: string;
  readonly batch: number;
  readonly technique: string;
}

/** What two steps come to: the losses, then the weights; or the code of a refusal. */
async function trained({loss: lossName, batch, technique}: Case): Promise<readonly number[][] | string> {
  const [activation, loss] = losses[lossName]!;
  const fixture = makeFixture('composite', {model: oddModel(activation)});
  const made: {dispose(): unknown}[] = [fixture];
  try {
    const examples = 2 * batch;
    const rows = tf.tensor1d(
      Array.from({length: examples}, (_, i) => i % fixture.x.shape[0]!),
      'int32',
    );
    const [x, hot] = [tf.gather(fixture.x, rows), tf.gather(fixture.y, rows)];
    const y = lossName.startsWith('class numbers') ? tf.argMax(hot, -1) : hot;
    made.push(rows, x, hot, y);
    const trainer = createTrainer({
      model: fixture.model,
      loss: loss as Loss,
      optimizer: momentum({learningRate: 0.05}),
      regularizers: [entries[technique]!.create(fixture)],
      seed: 7,
      initialWeights: 'seed',
    });
    made.push(trainer);
    const {history, model} = await trainer.fit({x, y}, {epochs: 1, batchSize: batch, validation: {x, y}});
    if (model !== fixture.model) made.push(model as LayersModel);
    return [
      history.flatMap(({train, validation}) => [train.loss, validation?.loss ?? 0]),
      ...(model as LayersModel).getWeights().map((weight) => [...weight.dataSync()]),
    ];
  } catch (error) {
    if (RegularizerError.isInstance(error)) return error.code;
    throw error;
  } finally {
    for (const thing of made.reverse()) thing.dispose();
  }
}

async function on<T>(backend: string, run: () => Promise<T>): Promise<T> {
  const current = tf.getBackend();
  await tf.setBackend(backend);
  try {
    return await run();
  } finally {
    await tf.setBackend(current);
  }
}

// Without what needs layers that declare something.
const techniques = Object.keys(entries).filter((name) => entries[name]!.declares === undefined);
const sizes = Object.keys(losses).flatMap((loss) => batches.map((batch) => ({loss, batch})));
const all = sizes.flatMap((size) => techniques.map((technique) => ({...size, technique})));

/** Each loss with each batch, and a technique of each, none twice as long as there are others. */
function sample(): readonly Case[] {
  const shuffled = fc.shuffledSubarray(techniques, {minLength: techniques.length});
  const [order] = fc.sample(shuffled, {seed: 8, numRuns: 1});
  return sizes.map((size, i) => ({...size, technique: order![i % order!.length]!}));
}

test.each(isThorough ? all : sample())('$technique, $loss, batches of $batch', async (subject) => {
  const stop = poisonWebGL();
  const here = await trained(subject).finally(stop);
  const there = await on('cpu', () => trained(subject));
  if (typeof here === 'string' || typeof there === 'string') return expect(here).toBe(there);
  expect(here.length).toBe(there.length);
  for (const [i, values] of here.entries()) expectClose(values, there[i]!, 'training');
});
