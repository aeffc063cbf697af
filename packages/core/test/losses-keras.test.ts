// Losses by name: values and gradients against Keras, and against model.evaluate and model.fit of tfjs.
import {type LossName, resolveLoss, sgd} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {losses} from './reference/keras.ts';
import {numbersOf, withKnownWeights} from './support/models.ts';
import {trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

const shape: [number, number] = [4, 3];

for (const [name, {target, output, values, gradient}] of Object.entries(losses)) {
  test(`${name}: values and gradients of Keras`, () => {
    tf.tidy(() => {
      const {perExample} = resolveLoss('test', name as LossName);
      const [t, y] = [tf.tensor2d([...target], shape), tf.tensor2d([...output], shape)];
      expectClose(perExample(t, y).dataSync(), values, 'trajectory');
      const grad = tf.grad((at) => tf.sum(perExample(t, at)))(y);
      expectClose(grad.dataSync(), gradient, 'trajectory');
    });
  });
}

const signed = (targets: readonly number[]): number[] => targets.map((t) => 2 * t - 1);

for (const name of Object.keys(losses).filter((one) => one !== 'huber') as Exclude<LossName, 'huber'>[]) {
  test(`${name}: model.compile's loss of this name`, async () => {
    // One dense layer whose outputs are those of the reference, moved by a step.
    const make = () => {
      const model = sequential({
        layers: [layers.dense({units: 3, inputShape: [3], useBias: false, name: 'output'})],
      });
      model.setWeights([tf.eye(3)]);
      return model;
    };
    const {target, output} = losses[name as keyof typeof losses];
    const x = tf.tensor2d([...output], shape);
    const isHinge = name === 'hinge' || name === 'squaredHinge';
    const y = tf.tensor2d(isHinge ? signed(target) : [...target], shape);
    const theirs = make();
    theirs.compile({loss: name, optimizer: 'sgd'});
    const expected = (theirs.evaluate(x, y) as tf.Scalar).dataSync();
    const ours = make();
    const trainer = trainerOf([], {model: ours, loss: name, optimizer: sgd({learningRate: 0.01})});
    expectClose([(await trainer.evaluate({x, y})).loss], expected, 'trajectory');
    await theirs.fit(x, y, {epochs: 3, batchSize: 4, shuffle: false, verbose: 0});
    await trainer.fit({x, y}, {epochs: 3, batchSize: 4, shuffle: false});
    expectClose(numbersOf(ours), numbersOf(theirs), 'trajectory');
  });
}

test('targets of −1 and 1 are those of 0 and 1 under the hinges, and others are refused', async () => {
  const model = withKnownWeights(
    sequential({layers: [layers.dense({units: 1, inputShape: [2], name: 'output'})]}),
  );
  const x = tf.tensor2d([
    [1, 2],
    [0, -1],
    [2, 0.5],
  ]);
  for (const loss of ['hinge', 'squaredHinge'] as const) {
    const trainer = trainerOf([], {model, loss, metrics: ['accuracy']});
    const report = await trainer.evaluate({x, y: tf.tensor2d([[1], [0], [1]])});
    expect(await trainer.evaluate({x, y: tf.tensor2d([[1], [-1], [1]])})).toEqual(report);
    await expect(trainer.evaluate({x, y: tf.tensor2d([[1], [2], [1]])})).rejects.toMatchObject({
      code: 'data-range',
      message: expect.stringContaining('the target of output is 2 at example 1'),
    });
  }
});
