// What `penalty` sees of the sites that `setup` asked for in `observe`.
import {defineRegularizer, type PureModel, type Regularizer, sgd} from '@regularizers/core';
import {orRefused} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {
  type LayersModel,
  layers,
  model as modelOf,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers';
import {describe, expect, test} from 'vitest';
import {waves} from './support/data.ts';
import {
  cnn,
  mlp,
  normalizedMlp,
  numbersOf,
  recurrent,
  shared,
  twoHeaded,
  withKnownWeights,
} from './support/models.ts';
import {siteNoise} from './support/plugins.ts';
import {classData, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

/** Σ over sites, by default those of inputs and layers, of the sum of squares, divided by the size of the batch. */
function activity(observe?: readonly string[], name = 'activity', seen: string[] = []): Regularizer {
  return defineRegularizer({
    name,
    setup: ({sites}) => ({observe: observe ?? sites.filter(({cell}) => !cell).map((site) => site.name)}),
    penalty({sites, batch}) {
      seen.push(...Object.entries(sites).map(([site, {shape}]) => `${site} [${shape.join(', ')}]`));
      expect(Object.values(sites).filter(({isDisposed}) => isDisposed)).toEqual([]);
      const sums = Object.values(sites).map((value) => tf.sum(tf.square(value)));
      return tf.div(tf.addN(sums), batch.size) as tf.Scalar;
    },
  });
}

/** Layers whose gradients need none of the values at the sites before them. */
function reshaped(): LayersModel {
  return sequential({
    layers: [
      layers.flatten({inputShape: [2, 2], name: 'flat'}),
      layers.dense({units: 4, useBias: false, name: 'linear'}),
      layers.reshape({targetShape: [2, 2], name: 'reshape'}),
      layers.permute({dims: [2, 1], name: 'permute'}),
      layers.permute({dims: [2, 1], name: 'back'}),
      layers.flatten({name: 'again'}),
      layers.dense({units: 1, name: 'output'}),
    ],
  });
}

interface Case {
  readonly make: () => LayersModel;
  readonly x: number[];
  readonly y: number[][];
}

const cases: Readonly<Record<string, Case>> = {
  mlp: {make: mlp, x: [4], y: [[3]]},
  normalizedMlp: {make: normalizedMlp, x: [4], y: [[3]]},
  cnn: {make: cnn, x: [6, 6, 1], y: [[3]]},
  recurrent: {make: recurrent, x: [4, 2], y: [[1]]},
  shared: {make: shared, x: [4], y: [[3]]},
  twoHeaded: {make: twoHeaded, x: [4], y: [[3], [1]]},
  reshaped: {make: reshaped, x: [2, 2], y: [[1]]},
};

const size = 5;
const batchOf = (shape: number[], frequency?: number): tf.Tensor => waves([size, ...shape], frequency);

/** The penalty of {@link activity} on all sites, by tfjs alone: a model whose outputs are its inputs and all layers' outputs. */
function reference(made: LayersModel, x: tf.Tensor): number {
  return tf.tidy(() => {
    const real = made.layers.filter((layer) => layer.getClassName() !== 'InputLayer');
    const ofLayers = real.flatMap((layer) => layer.inboundNodes.map((_, use) => layer.getOutputAt(use)));
    const outputs = [...made.inputs, ...ofLayers];
    const values = outputs.map((output) => {
      const upTo = modelOf({inputs: made.inputs, outputs: output as SymbolicTensor});
      return tf.sum(tf.square(upTo.apply(x, {training: true}) as tf.Tensor)).dataSync()[0]!;
    });
    return values.reduce((sum, value) => sum + value) / size;
  });
}

describe.each(['eager', 'auto'] as const)(
  'penalties see the values at the sites that they ask for, %s',
  (execution) => {
    for (const [name, {make, x, y}] of Object.entries(cases)) {
      const kernels = name === 'cnn' ? ['Conv2DBackpropFilter'] : [];
      test(
        `at every site of ${name}`,
        orRefused(kernels, async () => {
          const data = {x: batchOf(x), y: y.map((shape) => batchOf(shape, 0.9))};
          const expected = reference(withKnownWeights(make()), data.x);
          const made = withKnownWeights(make());
          const start = tf.memory().numTensors;
          const trainer = trainerOf([activity()], {model: made, loss: 'meanSquaredError', execution});
          const {history} = await trainer.fit(data, {batchSize: size});
          trainer.dispose();
          expectClose([history[0]!.train.penalty], [expected], 'step');
          expect(tf.memory().numTensors).toBe(start);
        }),
      );
    }

    test('and its gradient flows through them', async () => {
      const made = withKnownWeights(reshaped());
      const [w = [], ...others] = made.getWeights().map((weight) => [...weight.dataSync()]);
      const x = batchOf([2, 2]);
      const rows = tf.tidy(() => tf.reshape(x, [size, 4]).arraySync() as number[][]);
      await trainerOf([activity(['permute'])], {
        model: made,
        loss: 'meanSquaredError',
        lossWeights: [0],
        optimizer: sgd({learningRate: 0.1}),
        execution,
      }).fit({x, y: batchOf([1])}, {batchSize: size});
      // ∂/∂W of ‖XW‖² / n is 2 XᵀXW / n.
      const gradient = w.map((_, at) => {
        const [i, k] = [Math.floor(at / 4), at % 4];
        const terms = rows.map(
          (row) => row[i]! * row.reduce((sum, value, j) => sum + value * w[4 * j + k]!, 0),
        );
        return (2 / size) * terms.reduce((sum, term) => sum + term);
      });
      const expected = [...w.map((value, at) => value - 0.1 * gradient[at]!), ...others.flat()];
      expectClose(numbersOf(made), expected, 'step');
    });

    test('in a model that has scopes of its own', async () => {
      const pure: PureModel = {
        weights: {w: tf.tensor2d([[0.5], [0.25]])},
        inputShapes: [[2]],
        apply: ({w}, [x], {site}) => tf.tidy(() => tf.matMul(tf.add(site('twice', tf.mul(x!, 2)), 1), w!)),
      };
      const x = batchOf([2]);
      const trainer = trainerOf([activity(['twice'])], {model: pure, loss: 'meanSquaredError', execution});
      const {history} = await trainer.fit({x, y: batchOf([1])}, {batchSize: size});
      const squares = [...x.dataSync()].reduce((sum, value) => sum + 4 * value * value, 0);
      expectClose([history[0]!.train.penalty], [squares / size], 'step');
    });
  },
);

test('a penalty sees its own sites alone, with the noise that others put there', async () => {
  const [one, other]: [string[], string[]] = [[], []];
  const plugins = [
    activity(['output'], 'one', one),
    siteNoise('hidden', 0.9),
    activity(['hidden', 'output'], 'other', other),
  ];
  const {history} = await trainerOf(plugins, {execution: 'eager'}).fit(classData(), {batchSize: 10});
  expect(one).toEqual(['output [10, 3]']);
  expect(other).toEqual(['hidden [10, 5]', 'output [10, 3]']);
  const noisy = history[0]!.train;
  const clean = (
    await trainerOf(
      plugins.filter(({name}) => name !== 'site-noise'),
      {execution: 'eager'},
    ).fit(classData(), {batchSize: 10})
  ).history[0]!.train;
  // Of every ten values nine are gone, and one counts a hundredfold.
  expect(noisy.penalty).not.toBeCloseTo(clean.penalty, 2);
  expectClose([noisy.objective], [noisy.loss + noisy.penalty], 'step');
});
