// What a model declares and tfjs gets wrong is refused, unless a plugin claims it; then it is switched off.
import {defineRegularizer, type Regularizer} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {
  constraints,
  input,
  type LayersModel,
  layers,
  model,
  regularizers,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {waves} from './support/data.ts';
import {mlp, numbersOf, withKnownWeights} from './support/models.ts';
import {classData, errorOf, trainerOf} from './support/trainers.ts';

const dense: Parameters<typeof layers.dense>[0] = {
  units: 3,
  activation: 'softmax',
  inputShape: [4],
  name: 'd',
};
const declared: Readonly<Record<string, [() => LayersModel, message: RegExp, covered: string]>> = {
  'a Dropout layer': [
    () => sequential({layers: [layers.dense(dense), layers.dropout({rate: 0.5, name: 'drop'})]}),
    /the layer drop \(Dropout\), whose random numbers tfjs makes on the host/,
    "fromModel(model) of '@regularizers/dropout'",
  ],
  'a noise layer in a nested model': [
    () => {
      const inner = sequential({
        name: 'inner',
        layers: [layers.gaussianNoise({stddev: 1, inputShape: [4], name: 'noise'})],
      });
      const x = input({shape: [4]});
      return model({inputs: x, outputs: layers.dense(dense).apply(inner.apply(x)) as SymbolicTensor});
    },
    /the layer inner\/noise \(GaussianNoise\)/,
    "fromModel(model) of '@regularizers/noise'",
  ],
  'a regularizer': [
    () => sequential({layers: [layers.dense({...dense, kernelRegularizer: regularizers.l2({l2: 0.1})})]}),
    /a L1L2 regularizer on d\/kernel, which tfjs applies once per use or never/,
    "fromModel(model) of '@regularizers/l2'",
  ],
  'a constraint': [
    () =>
      sequential({layers: [layers.dense({...dense, biasConstraint: constraints.maxNorm({maxValue: 1})})]}),
    /a MaxNorm constraint on d\/bias, which tfjs never applies in training/,
    "fromModel(model) of '@regularizers/l2'",
  ],
  'dropout in a cell': [
    () =>
      sequential({
        layers: [
          layers.lstm({
            units: 3,
            inputShape: [4, 2],
            recurrentDropout: 0.3,
            name: 'lstm',
            recurrentInitializer: 'zeros',
          }),
        ],
      }),
    /lstm\/recurrentDropout, whose random numbers tfjs makes on the host/,
    "fromModel(model) of '@regularizers/dropout'",
  ],
};

for (const [what, [make, message, covered]] of Object.entries(declared)) {
  test(`${what} that nobody claims is refused`, async () => {
    const made = make();
    const before = tf.memory().numTensors;
    const error = await errorOf(() => trainerOf([], {model: made}));
    expect(error).toMatchObject({
      code: 'declared-in-model',
      message: expect.stringMatching(message),
      hint: expect.stringContaining(covered),
    });
    expect(tf.memory().numTensors).toBe(before);
  });
}

test('at its null setting a stochastic layer is none', () => {
  const made = sequential({layers: [layers.dense(dense), layers.dropout({rate: 0})]});
  expect(() => trainerOf([], {model: made})).not.toThrow();
});

/** Claims everything that the model declares, and does nothing in its place. */
function claimer(name = 'claimer'): Regularizer {
  return defineRegularizer({name, setup: ({findings}) => ({claims: findings.map(({id}) => id)})});
}

test("a layer's own dropout is off while a plugin claims it, and on again afterwards", async () => {
  const stochastic = () =>
    withKnownWeights(
      sequential({
        layers: [
          layers.dense({units: 5, activation: 'tanh', inputShape: [4], name: 'hidden'}),
          layers.dropout({rate: 0.5, name: 'drop'}),
          layers.dense({units: 3, activation: 'softmax', name: 'output'}),
        ],
      }),
    );
  const made = stochastic();
  await trainerOf([claimer()], {model: made}).fit(classData(), {epochs: 2, batchSize: 4, shuffle: false});
  const without = withKnownWeights(mlp());
  await trainerOf([], {model: without}).fit(classData(), {epochs: 2, batchSize: 4, shuffle: false});
  expect(numbersOf(made)).toEqual(numbersOf(without));
  // All ones in, and in training some of them are dropped.
  const dropped = made.getLayer('drop').apply(tf.ones([1, 64]), {training: true}) as tf.Tensor;
  expect(new Set(dropped.dataSync())).toEqual(new Set([0, 2]));
});

for (const option of ['dropout', 'recurrentDropout'] as const) {
  test(`a cell's own ${option} is off while a plugin claims it`, async () => {
    const make = (rate: number) =>
      withKnownWeights(
        sequential({
          layers: [
            layers.gru({
              units: 3,
              inputShape: [4, 2],
              recurrentInitializer: 'zeros',
              [option]: rate,
              name: 'gru',
            }),
            layers.dense({units: 1, name: 'output'}),
          ],
        }),
      );
    const data = {x: waves([8, 4, 2]), y: waves([8, 1], 0.9)};
    const trained: number[][] = [];
    for (const rate of [0.5, 0]) {
      const made = make(rate);
      await trainerOf([claimer()], {model: made, loss: 'meanSquaredError'}).fit(data, {
        batchSize: 8,
        shuffle: false,
      });
      trained.push(numbersOf(made));
    }
    expect(trained[0]).toEqual(trained[1]);
  });
}

test('two plugins that claim one thing are refused by name', async () => {
  const made = sequential({layers: [layers.dense(dense), layers.dropout({rate: 0.5, name: 'drop'})]});
  expect(await errorOf(() => trainerOf([claimer('one'), claimer('two')], {model: made}))).toMatchObject({
    code: 'claimed-twice',
    message: expect.stringContaining('one and two both take over drop'),
  });
});
