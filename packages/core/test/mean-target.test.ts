// Several targets that follow from what the model says: their mean is differentiated through as one of them is.
import {defineRegularizer} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {mlp, numbersOf, withKnownWeights} from './support/models.ts';
import {classData, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

test('targets that follow from outputs may be several, with weights of their own', async () => {
  const train = async (parts: number) => {
    const own = defineRegularizer({
      name: 'own',
      targets: (targets, [output]) =>
        targets.map((list) =>
          list.flatMap(({target}) => {
            const mixed = tf.add(tf.mul(target, 0.7), tf.mul(output!, 0.3));
            const weight = tf.fill([target.shape[0]!], 1 / parts);
            return Array.from({length: parts}, () => ({target: mixed, weight}));
          }),
        ),
    });
    const model = withKnownWeights(mlp());
    await trainerOf([own], {model}).fit(classData(8), {epochs: 2, batchSize: 4, shuffle: false});
    return numbersOf(model);
  };
  const [two, one] = [await train(2), await train(1)];
  expect(two.some((value) => !Number.isFinite(value))).toBe(false);
  expectClose(two, one, 'step');
});
