// Passes have the noise of whatever technique is installed that makes some within the model.
import {createTrainer, type Regularizer, sgd} from '@regularizers/core';
import {monteCarlo} from '@regularizers/ensembles';
import {type FixtureName, makeFixture} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, test} from 'vitest';
import {createRegularizers, techniques} from '../src/regularizers.ts';

/** The first trial of every technique that changes weights or values within the model. */
const noisy = techniques.flatMap(({name, example = {}, trials = [{options: example}]}) => {
  const [{options = {}, on = ['composite']} = {}] = trials;
  const make = (): Regularizer => createRegularizers([{name, ...options}])[0]!;
  const {weights, activation} = make();
  return weights || activation ? [{name, make, on: on[0] as FixtureName}] : [];
});

describe('passes', () => {
  test.each(noisy)('under $name differ, and are the same each time', ({make, on}) => {
    const {model, loss, x, dispose} = makeFixture(on);
    const trainer = createTrainer({
      model,
      loss,
      optimizer: sgd(),
      regularizers: [make(), monteCarlo({passes: 3})],
      seed: 1,
    });
    const each = (): readonly number[][] =>
      tf.tidy(() => tf.unstack(trainer.predictions(x) as tf.Tensor).map((one) => [...one.dataSync()]));
    const [first, second, third] = each();
    expect(second).not.toEqual(first);
    expect(third).not.toEqual(second);
    expect(each()).toEqual([first, second, third]);
    trainer.dispose();
    dispose();
  });
});

test('dropout, noise and what is put on weights are among them', () => {
  const names = noisy.map(({name}) => name);
  for (const name of ['dropout', 'stochasticDepth', 'activationNoise', 'dropConnect', 'weightNoise']) {
    expect(names).toContain(name);
  }
});
