// Ensembles of models that mask padding: what counts is evaluated, by the whole ensemble and out of bag, and the plain
// model of all members predicts as they do.
import {createTrainer, type Regularizer, sgd} from '@regularizers/core';
import {deriveKey} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, layers, sequential} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {bagging, bootstrapIndices, deepEnsemble} from '../src/index.ts';
import {expectClose} from './helpers.ts';

const [examples, steps, seed] = [8, 4, 5];
/** How many steps of a sequence are none of padding. */
const lengthOf = (example: number): number => 1 + (example % steps);
const counts = (example: number, step: number): boolean => step < lengthOf(example);

const wave = (i: number): number => Math.sin(1.3 * i + 0.4);
const grid = (value: (example: number, step: number) => number): tf.Tensor3D =>
  tf.tensor3d(
    Array.from({length: examples}, (_, e) => Array.from({length: steps}, (_, s) => [value(e, s)])),
    [examples, steps, 1],
  );
const x = () => grid((e, s) => (counts(e, s) ? wave(steps * e + s) : 0));
const y = () => grid((e, s) => (counts(e, s) ? wave(2 * (steps * e + s)) : 1e3));

function trainerOf(plugin: Regularizer) {
  const model = sequential({
    layers: [
      layers.masking({inputShape: [steps, 1], name: 'masking'}),
      layers.gru({units: 2, returnSequences: true, recurrentInitializer: 'glorotNormal', name: 'gru'}),
      layers.dense({units: 1, name: 'output'}),
    ],
  });
  return createTrainer({
    model,
    loss: 'meanSquaredError',
    optimizer: sgd({learningRate: 0.1}),
    metrics: ['meanAbsoluteError'],
    regularizers: [plugin],
    initialWeights: 'seed',
    seed,
  });
}

/** Means over the steps that count of some examples, of squares and of distances. */
function errors(chosen: readonly number[], outputOf: (example: number, step: number) => number): number[] {
  let [squares, distances, count] = [0, 0, 0];
  for (const e of chosen) {
    for (let s = 0; s < lengthOf(e); s++) {
      const distance = Math.abs(outputOf(e, s) - wave(2 * (steps * e + s)));
      squares += distance ** 2;
      distances += distance;
      count += 1;
    }
  }
  return [squares / count, distances / count];
}

test('the ensemble is evaluated on what counts, and its plain model predicts the same', async () => {
  const trainer = trainerOf(deepEnsemble({members: 2}));
  const {model} = await trainer.fit({x: x(), y: y()}, {epochs: 2, batchSize: 4});
  const output = (trainer.predict(x()) as tf.Tensor3D).arraySync();
  const {loss, meanAbsoluteError} = await trainer.evaluate({x: x(), y: y()}, {batchSize: 3});
  const all = Array.from({length: examples}, (_, e) => e);
  expectClose(
    [loss, meanAbsoluteError!],
    errors(all, (e, s) => output[e]![s]![0]!),
  );
  const plain = (model as LayersModel).predict(x()) as tf.Tensor;
  expectClose([...plain.dataSync()], output.flat(2));
});

test('out of bag, each example is evaluated on what counts of it', async () => {
  const trainer = trainerOf(bagging({members: 3}));
  await trainer.fit({x: x(), y: y()}, {epochs: 2, batchSize: 4});
  const outputs = (await trainer.members()).map((member) => (member.predict(x()) as tf.Tensor3D).arraySync());
  const places = Int32Array.from({length: examples}, (_, i) => i);
  const drawn = outputs.map(
    (_, member) =>
      new Set(bootstrapIndices(places, deriveKey(seed, member, 'bagging', 'sample', 'bootstrap'))),
  );
  const unseen = (example: number) => outputs.filter((_, member) => !drawn[member]!.has(example));
  const chosen = [...places].filter((example) => unseen(example).length > 0);
  const {report, examples: found} = await trainer.outOfBag({x: x(), y: y()}, {batchSize: 3});
  expect([...found]).toEqual(chosen);
  const mean = (e: number, s: number): number =>
    unseen(e).reduce((sum, output) => sum + output[e]![s]![0]!, 0) / unseen(e).length;
  expectClose([report.loss, report['meanAbsoluteError']!], errors(chosen, mean));
});
