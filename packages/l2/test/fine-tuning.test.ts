// Layers that are trained more slowly, or later, than others.
import {
  adam,
  createTrainer,
  momentum,
  type Optimizer,
  orderBetween,
  type Regularizer,
  sgd,
} from '@regularizers/core';
import {expectClose} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, layers, sequential} from '@tensorflow/tfjs-layers';
import {describe, expect, it} from 'vitest';
import {
  clipGradients,
  gradualUnfreezing,
  layerwiseLearningRates,
  maxNorm,
  openGroups,
  weightDecay,
} from '../src/index.ts';

const wave = (size: number, from = 0): number[] =>
  Array.from({length: size}, (_, i) => Math.sin(1.7 * (i + from) + 0.4));

const x = () => tf.tensor2d(wave(24), [6, 4]);
const y = () => tf.tensor2d(wave(12, 50), [6, 2]);

function modelOf(frozen = 0): LayersModel {
  const model = sequential({
    layers: [
      layers.dense({units: 5, activation: 'tanh', inputShape: [4], name: 'first'}),
      layers.dense({units: 3, activation: 'tanh', name: 'second'}),
      layers.dense({units: 2, name: 'third'}),
    ],
  });
  model.setWeights(
    model.getWeights().map(({shape, size}, i) =>
      tf.tensor(
        wave(size, 100 * i).map((v) => 0.5 * v),
        shape,
      ),
    ),
  );
  for (const layer of model.layers.slice(0, frozen)) layer.trainable = false;
  return model;
}

const weightsOf = (model: LayersModel, layer: string): number[] =>
  model
    .getLayer(layer)
    .getWeights()
    .flatMap((weight) => Array.from(weight.dataSync()));

async function trained(
  regularizers: readonly Regularizer[],
  {optimizer = sgd({learningRate: 0.1}) as Optimizer, epochs = 1, batchSize = 6, model = modelOf()} = {},
) {
  const trainer = createTrainer({model, loss: 'meanSquaredError', optimizer, regularizers, seed: 2});
  await trainer.fit({x: x(), y: y()}, {epochs, batchSize});
  return {trainer, model, of: (layer: string) => weightsOf(model, layer)};
}

/** The gradient of the loss at a model's weights, by tfjs's own means, weight by weight in the model's order. */
function gradientsOf(model: LayersModel): number[][] {
  return tf.tidy(() => {
    const loss = () => tf.losses.meanSquaredError(y(), model.apply(x()) as tf.Tensor) as tf.Scalar;
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const {grads} = tf.variableGrads(loss, variables);
    return variables.map(({name}) => Array.from(grads[name]!.dataSync()));
  });
}

/** Adam in float64 with a learning rate of each layer's own, as Keras's formula has it. */
function adamByLayer(rates: readonly number[], steps: number): number[] {
  const model = modelOf();
  const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-7];
  const weights = model.getWeights().map((weight) => Array.from(weight.dataSync()));
  const m = weights.map((values) => values.map(() => 0));
  const v = weights.map((values) => values.map(() => 0));
  for (let t = 1; t <= steps; t++) {
    for (const [i, gradient] of gradientsOf(model).entries()) {
      const rate = (rates[Math.floor(i / 2)]! * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t);
      for (const [j, g] of gradient.entries()) {
        m[i]![j] = beta1 * m[i]![j]! + (1 - beta1) * g;
        v[i]![j] = beta2 * v[i]![j]! + (1 - beta2) * g * g;
        weights[i]![j]! -= (rate * m[i]![j]!) / (Math.sqrt(v[i]![j]!) + epsilon);
      }
    }
    model.setWeights(model.getWeights().map(({shape}, i) => tf.tensor(weights[i]!, shape)));
  }
  return weights.flat();
}

const all = (model: LayersModel): number[] =>
  model.getWeights().flatMap((weight) => Array.from(weight.dataSync()));

describe('layerwiseLearningRates', () => {
  it('is a rate of its own for each layer: η, η·factor, η·factor² from the output', async () => {
    const before = modelOf();
    const gradients = gradientsOf(before);
    const {model} = await trained([layerwiseLearningRates({factor: 0.5})]);
    const rates = [0.025, 0.05, 0.1];
    const start = before.getWeights().map((weight) => Array.from(weight.dataSync()));
    const expected = start.flatMap((values, i) =>
      values.map((value, j) => value - rates[Math.floor(i / 2)]! * gradients[i]![j]!),
    );
    expectClose(all(model), expected, 'reduction');
  });

  it('is so with Adam too, over many steps', async () => {
    const plugin = layerwiseLearningRates({factor: 0.1});
    const {model} = await trained([plugin], {optimizer: adam({learningRate: 0.01}), epochs: 8});
    expectClose(all(model), adamByLayer([1e-4, 1e-3, 1e-2], 8), 'training');
  });

  it('slows weight decay as well, as AdamW does with a smaller rate', async () => {
    const decayed = weightDecay({rate: 0.5});
    const {of} = await trained([decayed, layerwiseLearningRates({factor: 0.5})]);
    const slower = await trained([decayed], {optimizer: sgd({learningRate: 0.025})});
    expectClose(of('first'), slower.of('first'), 'reduction');
  });

  it('takes groups; what none selects has the full rate', async () => {
    const {of} = await trained([layerwiseLearningRates({factor: 0.1, groups: ['first/*', 'third/*']})]);
    const plain = await trained([]);
    const slow = await trained([], {optimizer: sgd({learningRate: 0.01})});
    expect(of('second')).toEqual(plain.of('second'));
    expect(of('third')).toEqual(plain.of('third'));
    expectClose(of('first'), slow.of('first'), 'reduction');
  });
});

describe('gradualUnfreezing', () => {
  it('opens one group after another, from the output', () => {
    expect([1, 2, 3, 4, 5, 6, 7].map((epoch) => openGroups(epoch, 2, 3))).toEqual([1, 1, 2, 2, 3, 3, 3]);
  });

  it.each([
    [1, 2],
    [2, 1],
  ])(
    'trains in the first %i epochs of one each what a model with frozen layers does',
    async (epochs, frozen) => {
      const groups = frozen === 2 ? ['first/*', 'second/*', 'third/*'] : ['first/*', ['second/*', 'third/*']];
      const every = epochs;
      const options = {optimizer: momentum({learningRate: 0.1}), epochs, batchSize: 2};
      const {model} = await trained(
        [gradualUnfreezing({groups, every}), clipGradients({threshold: 0.01})],
        options,
      );
      const reference = await trained([clipGradients({threshold: 0.01})], {
        ...options,
        model: modelOf(frozen),
      });
      // The norm of the gradient that is clipped by is the open layers' alone; as are all bits.
      expectClose(all(model), ['first', 'second', 'third'].flatMap(reference.of), 'reduction');
      for (const layer of ['first', 'second'].slice(0, frozen)) {
        expect(weightsOf(model, layer)).toEqual(weightsOf(modelOf(), layer));
      }
    },
  );

  it('leaves closed layers as they are to the bit, whatever else there is, and opens them afterwards', async () => {
    const others = [weightDecay({rate: 0.5}), maxNorm({maxValue: 0.1})];
    const start = modelOf();
    const run = (epochs: number) =>
      trained([...others, gradualUnfreezing()], {
        optimizer: adam({learningRate: 0.05}),
        epochs,
        batchSize: 3,
      });
    const [one, two, three] = [await run(1), await run(2), await run(3)];
    expect(one.of('first')).toEqual(weightsOf(start, 'first'));
    expect(one.of('second')).toEqual(weightsOf(start, 'second'));
    expect(one.of('third')).not.toEqual(weightsOf(start, 'third'));
    expect(two.of('first')).toEqual(weightsOf(start, 'first'));
    expect(two.of('second')).not.toEqual(weightsOf(start, 'second'));
    expect(three.of('first')).not.toEqual(weightsOf(start, 'first'));
  });

  it('lets the optimizer learn nothing of closed layers', async () => {
    const {trainer} = await trained([gradualUnfreezing()], {optimizer: momentum({learningRate: 0.1})});
    const {tensors} = await trainer.save();
    const velocity = (layer: string): readonly number[] =>
      Array.from(
        Object.entries(tensors).find(
          ([name]) => name.includes('optimizer') && name.includes(`${layer}/kernel`),
        )![1].values,
        Number,
      );
    // A zero gradient times a rate is −0 in v ← μ·v − η·g.
    expect(velocity('first').every((value) => value === 0)).toBe(true);
    expect(velocity('third').some((value) => value !== 0)).toBe(true);
  });
});

describe.each([
  ['layerwiseLearningRates', layerwiseLearningRates],
  ['gradualUnfreezing', gradualUnfreezing],
])('groups of %s', (_, make: (options: {groups: readonly string[]}) => Regularizer) => {
  it.each([
    ['a group that selects nothing', ['nowhere/*', 'third/*'], 'nothing-selected', 'groups[0]'],
    ['a weight in two groups', ['first/*', '*/kernel'], 'in-two-groups', 'groups[1]'],
    ['no groups', [], 'not-a-list', 'groups'],
  ])('%s is refused', async (_, groups, code, option) => {
    await expect(async () => trained([make({groups})])).rejects.toMatchObject({code, option});
  });

  it('others order themselves by what it does, and need not name it', () => {
    const last: Regularizer = {name: 'last', after: ['partial-update']};
    expect(orderBetween(make({groups: ['**']}), last)).toBe('declared');
  });

  it('one group is ordinary training', async () => {
    const {model} = await trained([make({groups: ['**']})], {epochs: 2});
    expect(all(model)).toEqual(all((await trained([], {epochs: 2})).model));
  });
});
