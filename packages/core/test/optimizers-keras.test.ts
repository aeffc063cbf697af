// Optimizers over 20 steps against Keras, and over three epochs against tf.train; saved, restored and captured.
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  momentum,
  type Optimizer,
  rmsprop,
  type StateTree,
  sgd,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {optimizers as theirs} from './reference/keras.ts';
import {wave} from './support/data.ts';
import {mlp, numbersOf, withKnownWeights} from './support/models.ts';
import {classData, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

const ours: Readonly<Record<keyof typeof theirs, () => Optimizer>> = {
  sgd: () => sgd({learningRate: 0.1}),
  momentum: () => momentum({learningRate: 0.1, momentum: 0.8}),
  nesterov: () => momentum({learningRate: 0.1, momentum: 0.8, nesterov: true}),
  adam: () => adam({learningRate: 0.05}),
  rmsprop: () => rmsprop({learningRate: 0.02}),
  'rmsprop with momentum': () => rmsprop({learningRate: 0.02, rho: 0.8, momentum: 0.7}),
  'centered rmsprop': () => rmsprop({learningRate: 0.02, rho: 0.8, momentum: 0.7, centered: true}),
  adagrad: () => adagrad({learningRate: 0.1}),
  adadelta: () => adadelta(),
  adamax: () => adamax({learningRate: 0.05}),
};

for (const [name, make] of Object.entries(ours)) {
  test(`${name}: twenty steps of Keras`, () => {
    tf.tidy(() => {
      const optimizer = make();
      let weights: Readonly<Record<string, tf.Tensor>> = {w: tf.tensor1d(wave(5))};
      let state: StateTree = optimizer.init(weights);
      const found: number[] = [];
      for (let step = 1; step <= 20; step++) {
        const scalars = Object.entries(optimizer.scalars?.(step) ?? {}).map(([key, value]) => [
          key,
          tf.scalar(value),
        ]);
        const given = {
          state,
          learningRate: tf.scalar(optimizer.learningRate as number),
          scalars: Object.fromEntries(scalars),
        };
        ({weights, state} = optimizer.update(weights, {w: tf.tensor1d(wave(5, 0.4 + step))}, given));
        if (step % 5 === 0) found.push(...weights['w']!.dataSync());
      }
      expectClose(found, theirs[name as keyof typeof theirs].flat(), 'trajectory');
    });
  });
}

// Where WebGL's numbers are coarse, tfjs's own epsilon is 1e-4.
const ofTfjs: Readonly<Record<string, [tf.Optimizer, Optimizer]>> = {
  sgd: [tf.train.sgd(0.1), sgd({learningRate: 0.1})],
  momentum: [tf.train.momentum(0.1, 0.8), momentum({learningRate: 0.1, momentum: 0.8})],
  adam: [tf.train.adam(0.01, 0.9, 0.999, 1e-7), adam({learningRate: 0.01})],
  rmsprop: [tf.train.rmsprop(0.01, 0.8, 0.5, 1e-7), rmsprop({learningRate: 0.01, rho: 0.8, momentum: 0.5})],
  adagrad: [tf.train.adagrad(0.1, 0.2), adagrad({learningRate: 0.1, initialAccumulator: 0.2})],
  adamax: [tf.train.adamax(0.01, 0.9, 0.999, 1e-7), adamax({learningRate: 0.01})],
};

for (const [name, [of, own]] of Object.entries(ofTfjs)) {
  test(`${name}: model.fit with the one of tf.train`, async () => {
    const [first, second] = [withKnownWeights(mlp()), withKnownWeights(mlp())];
    const {x, y} = classData();
    first.compile({loss: 'categoricalCrossentropy', optimizer: of});
    await first.fit(x, y, {epochs: 3, batchSize: 4, shuffle: false, verbose: 0});
    const trainer = trainerOf([], {model: second, optimizer: own});
    await trainer.fit({x, y}, {epochs: 3, batchSize: 4, shuffle: false});
    expectClose(numbersOf(second), numbersOf(first), 'trajectory');
  });
}

for (const [name, make] of Object.entries(ours)) {
  test(`${name}: goes on from a checkpoint to the same bits, and captured as op by op`, async () => {
    const options = {epochs: 3, batchSize: 4};
    const whole = withKnownWeights(mlp());
    await trainerOf([], {model: whole, optimizer: make()}).fit(classData(), options);
    const first = trainerOf([], {optimizer: make()});
    await first.fit(classData(), {...options, epochs: 1});
    const model = mlp();
    const second = trainerOf([], {model, optimizer: make()});
    await second.restore(await first.save());
    await second.fit(classData(), options);
    expect(numbersOf(model)).toEqual(numbersOf(whole));
    if (tf.getBackend() !== 'tensorflow') return;
    const captured = withKnownWeights(mlp());
    const trainer = trainerOf([], {model: captured, optimizer: make(), execution: 'captured'});
    await trainer.fit(classData(), options);
    const eager = withKnownWeights(mlp());
    await trainerOf([], {model: eager, optimizer: make(), execution: 'eager'}).fit(classData(), options);
    expectClose(numbersOf(captured), numbersOf(eager), 'same');
  });
}
