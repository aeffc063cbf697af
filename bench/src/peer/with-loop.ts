import {categoricalCrossentropy, meanSquaredError} from '@regularizers/core';
import {hostPermutation} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import type {CaseSpec} from '../cases.ts';
import {sameUpdate} from './same-update.ts';
import type {Setting, Way} from './session.ts';
import {optimizerOf} from './with-fit.ts';

type Update = (loss: () => tf.Scalar) => tf.Scalar;

/**
 * A loop as one writes it by hand around a model: a batch, a loss, an optimizer. `tfjs` takes tfjs's loss and
 * optimizer; `same` takes the operations that our trainer runs, for what the trainer costs beyond them.
 */
export function withLoop(kind: 'tfjs' | 'same'): Way {
  const begin = (setting: Setting): (() => number) => {
    const {spec, model} = setting;
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const optimizer = optimizerOf(spec);
    const update: Update =
      kind === 'same'
        ? sameUpdate(spec, variables)
        : (loss) => optimizer.minimize(loss, true, variables) as tf.Scalar;
    const lossOf = kind === 'same' ? sameLoss(spec) : tfjsLoss(spec);
    let epoch = 0;
    return () => {
      epoch += 1;
      return oneEpoch(setting, epoch, lossOf, update);
    };
  };
  return {
    async start(setting) {
      const run = begin(setting);
      const turn = async (): Promise<{milliseconds: number; loss: number}> => {
        const since = performance.now();
        const loss = run();
        return {milliseconds: performance.now() - since, loss};
      };
      return {first: await turn(), turn, stop: async () => void setting.model.dispose()};
    },
    async train(make, {epochs, members}) {
      for (let member = 0; member < members; member++) {
        const setting = make();
        const run = begin(setting);
        for (let epoch = 0; epoch < epochs; epoch++) run();
        setting.model.dispose();
      }
    },
  };
}

function oneEpoch(
  {model, x, y, batch, shuffle}: Setting,
  epoch: number,
  lossOf: (target: tf.Tensor, output: tf.Tensor) => tf.Scalar,
  update: Update,
): number {
  const examples = x.shape[0]!;
  const order = shuffle
    ? hostPermutation(examples, [epoch, 0])
    : Int32Array.from({length: examples}, (_, i) => i);
  let total = 0;
  for (let at = 0; at < examples; at += batch) {
    const indices = order.subarray(at, at + batch);
    const loss = tf.tidy(() => {
      const picked = tf.tensor1d(indices, 'int32');
      const input = tf.gather(x, picked);
      const target = tf.gather(y, picked);
      return update(() => lossOf(target, model.apply(input, {training: true}) as tf.Tensor));
    });
    total += loss.dataSync()[0]! * indices.length;
    loss.dispose();
  }
  return total / examples;
}

function tfjsLoss({loss}: CaseSpec) {
  return (target: tf.Tensor, output: tf.Tensor): tf.Scalar => {
    if (loss === 'meanSquaredError') return tf.losses.meanSquaredError(target, output);
    const logs = tf.log(tf.clipByValue(output, 1e-7, 1));
    return tf.neg(tf.mean(tf.sum(tf.mul(target, logs), -1)));
  };
}

/** The operations of our losses. */
function sameLoss({loss}: CaseSpec) {
  const {perExample} = loss === 'meanSquaredError' ? meanSquaredError() : categoricalCrossentropy();
  return (target: tf.Tensor, output: tf.Tensor): tf.Scalar =>
    tf.div(tf.sum(perExample(target, output)), output.shape[0]!);
}
