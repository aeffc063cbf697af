// What options choose among the weights that plugins bring, in both orders of the list: for each technique that chooses
// weights, beside one that brings a weight and one that also derives the model's from it.
import {createTrainer, defineRegularizer, type Regularizer, RegularizerError, sgd} from '@regularizers/core';
import {convolve} from '@regularizers/sharing';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {describe, expect, test} from 'vitest';
import {createRegularizers, techniques} from '../src/regularizers.ts';

const brings = (name: string, include?: string): Regularizer => {
  const [l2] = include === undefined ? [] : createRegularizers([{name: 'l2', include}]);
  return defineRegularizer({
    name,
    setup(context) {
      l2?.setup?.(context);
      return {weights: {kernel: tf.zeros([2, 2])}};
    },
    penalty: ({weights}) => tf.sum(weights[`${name}/kernel`] ?? tf.zeros([])),
  });
};

const makers: Readonly<Record<string, () => Regularizer>> = {
  'a plugin that brings a weight': () => brings('brings'),
  convolve: () => convolve({layer: 'wide', inputShape: [6, 6, 1], kernelSize: 3, filters: 2}),
};

/** What each plugin of a trainer has chosen, or the code of what is thrown. */
function chosenBy(regularizers: readonly Regularizer[]): unknown {
  const model = sequential({
    layers: [
      layers.dense({name: 'wide', units: 32, inputShape: [36]}),
      layers.dense({name: 'out', units: 3, activation: 'softmax'}),
    ],
  });
  const before = tf.memory().numTensors;
  try {
    const trainer = createTrainer({model, loss: 'categoricalCrossentropy', optimizer: sgd(), regularizers});
    const {plugins} = trainer.explanation();
    trainer.dispose();
    return Object.fromEntries(plugins.map(({name, chose}) => [name, chose]));
  } catch (error) {
    if (RegularizerError.isInstance(error)) return error.code;
    throw error;
  } finally {
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  }
}

const choosing = techniques.flatMap(({name, options, example}) =>
  Object.entries(options)
    .filter(([, {kind, ...rest}]) => kind === 'selector' && /weights$/.test(String(Reflect.get(rest, 'of'))))
    .map(([option]) => [name, option, example ?? {}] as const),
);

test('there are techniques that choose weights', () => expect(choosing.length).toBeGreaterThan(10));

describe.each(Object.entries(makers))('beside %s', (_, make) => {
  test.each(choosing)('%s chooses by %s whatever the list says', (name, option, example) => {
    for (const selector of ['**', undefined]) {
      const options = selector === undefined ? {} : {[option]: selector};
      const created = (): readonly Regularizer[] => createRegularizers([{name, ...example, ...options}]);
      const [first, last] = [chosenBy([make(), ...created()]), chosenBy([...created(), make()])];
      expect(last).toEqual(first);
      if (selector === '**' && typeof first === 'object') {
        expect(JSON.stringify(Reflect.get(first ?? {}, name))).toContain('/kernel');
      }
    }
  });
});

test('of two that bring weights, the first must not want those of the second', () => {
  expect(chosenBy([brings('one'), brings('other')])).toEqual({one: {}, other: {}});
  expect(chosenBy([brings('one'), brings('other', '**')])).toMatchObject({
    other: {include: expect.arrayContaining(['one/kernel', 'wide/kernel'])},
  });
  expect(chosenBy([brings('other', '**'), brings('one')])).toBe('unseen-weights');
  expect(chosenBy([brings('other', 'wide/*'), brings('one')])).toMatchObject({
    other: {include: ['wide/kernel', 'wide/bias']},
  });
});
