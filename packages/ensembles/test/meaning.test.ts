// An ensemble's prediction means what the loss says that outputs mean, and is that of the one model that it becomes.
import {
  binaryCrossentropy,
  categoricalCrossentropy,
  createTrainer,
  type Loss,
  type LossName,
  type Regularizer,
  sgd,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {describe, expect, it} from 'vitest';
import {bagging, deepEnsemble, snapshots} from '../src/index.ts';
import {expectClose, filled} from './helpers.ts';

const {layers} = tfl;
const examples = 6;

type Activation = 'softmax' | 'sigmoid' | 'linear';

/** One head per activation: three classes for a softmax and for logits, two independent outputs for a sigmoid. */
function model(activations: readonly Activation[], units: readonly number[]): tfl.LayersModel {
  const input = tfl.input({shape: [3]});
  const outputs = activations.map(
    (activation, i) =>
      layers.dense({units: units[i]!, activation, name: `head_${i}`}).apply(input) as tfl.SymbolicTensor,
  );
  return tfl.model({inputs: input, outputs});
}

/** A plugin whose members start from biases that are given. */
function startingFrom(plugin: Regularizer, biases: readonly (readonly number[])[]): Regularizer {
  return {
    ...plugin,
    setup: (context) => ({
      ...plugin.setup?.(context),
      initial: {
        'head_0/kernel': tf.zeros([3, biases[0]!.length]),
        'head_0/bias': tf.tensor1d([...biases[context.member]!]),
      },
    }),
  };
}

const still = () => sgd({learningRate: 1e-30});
const x = () => filled([examples, 3], 5);
/** The first of so many. */
const hot = (units: number) =>
  tf.tensor2d(Array.from({length: examples}, () => Array.from({length: units}, (_, i) => Number(i === 0))));

describe('members with logits (40, 0) and (0, 30)', () => {
  // softmax((20, 15)), and as one of two independent outputs σ(20 − 15).
  const expected = 1 / (1 + Math.exp(-5));

  it.each([
    ['softmax', 'softmax', categoricalCrossentropy(), [40, 0], [0, 30], [expected, 1 - expected]],
    ['sigmoid', 'sigmoid', binaryCrossentropy(), [40, 9], [-30, 1], [expected, expected]],
    ['logits', 'linear', categoricalCrossentropy({fromLogits: true}), [40, 0], [0, 30], [20, 15]],
  ] as const)('%s: predict .9933, as one model', async (_, activation, loss, first, second, row) => {
    const trainer = createTrainer({
      model: model([activation], [2]),
      loss,
      optimizer: still(),
      regularizers: [startingFrom(deepEnsemble({members: 2, combine: 'logits'}), [first, second])],
    });
    const result = await trainer.fit({x: x(), y: hot(2)}, {epochs: 1});
    const rows = Array.from({length: examples}, () => row).flat();
    expectClose(trainer.predict(x()) as tf.Tensor, rows);
    expectClose((result.model as tfl.LayersModel).predict(x()) as tf.Tensor, rows);
    trainer.dispose();
  });
});

interface Case {
  readonly activations: readonly Activation[];
  readonly units: readonly number[];
  readonly loss: LossName | Loss | readonly (LossName | Loss)[];
}

const cases: Readonly<Record<string, Case>> = {
  softmax: {activations: ['softmax'], units: [3], loss: 'categoricalCrossentropy'},
  'class logits': {
    activations: ['linear'],
    units: [3],
    loss: categoricalCrossentropy({fromLogits: true}),
  },
  sigmoids: {activations: ['sigmoid'], units: [2], loss: 'binaryCrossentropy'},
  'logits of yes': {activations: ['linear'], units: [1], loss: binaryCrossentropy({fromLogits: true})},
  'a head of each': {
    activations: ['softmax', 'linear'],
    units: [3, 2],
    loss: ['categoricalCrossentropy', binaryCrossentropy({fromLogits: true})],
  },
};

const plugins = {
  bagging: (combine: 'mean' | 'logits' | 'vote') => bagging({members: 3, combine}),
  deepEnsemble: (combine: 'mean' | 'logits' | 'vote') => deepEnsemble({members: 3, combine}),
  snapshots: (combine: 'mean' | 'logits' | 'vote') => snapshots({cycles: 2, combine}),
};

describe.each(Object.entries(cases))('%s', (_, {activations, units, loss}) => {
  const trained = async (plugin: Regularizer) => {
    const trainer = createTrainer({
      model: model(activations, units),
      loss,
      optimizer: sgd({learningRate: 1}),
      regularizers: [plugin],
      metrics: ['accuracy'],
      seed: 3,
    });
    // Far inputs make outputs that are nearly certain.
    const data = {x: tf.mul(x(), 40), y: units.map((count) => hot(count))};
    const result = await trainer.fit(data, {epochs: 2, batchSize: 3});
    return {trainer, data, model: result.model as tfl.LayersModel};
  };

  it.each(Object.entries(plugins))('%s: predict is what the assembled model predicts', async (_, create) => {
    for (const combine of ['mean', 'logits'] as const) {
      const {trainer, data, model} = await trained(create(combine));
      const [ours, theirs] = [trainer.predict(data.x), model.predict(data.x)].map((y) => [y].flat());
      for (const [i, output] of ours!.entries()) expectClose(output, theirs![i]!);
      trainer.dispose();
    }
  });

  it('votes are evaluated as what they mean', async () => {
    const {trainer, data} = await trained(deepEnsemble({members: 3, combine: 'vote'}));
    const members = await trainer.members();
    const report = await trainer.evaluate(data);
    const outputs = [trainer.predict(data.x)].flat();
    for (const [i, output] of outputs.entries()) {
      const isLogits = activations[i] === 'linear';
      const isClasses = units[i] === 3;
      const share = isLogits ? (isClasses ? tf.softmax(output) : tf.sigmoid(output)) : output;
      const votes = members.map((member) => {
        const own = [member.predict(data.x)].flat()[i]!;
        return isClasses
          ? tf.oneHot(tf.argMax(own, -1) as tf.Tensor1D, 3)
          : tf.greater(own, isLogits ? 0 : 0.5);
      });
      expectClose(share, tf.div(tf.addN(votes.map((vote) => tf.cast(vote, 'float32'))), 3));
    }
    expect(Number.isFinite(report.loss)).toBe(true);
    trainer.dispose();
  });
});
