// A model that is a function of its weights: no tfjs layers needed.
import {adam, defineRegularizer, type PureModel, sgd} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {mlp, numbersOf, withKnownWeights} from './support/models.ts';
import {average, siteNoise, squares} from './support/plugins.ts';
import {classData, errorOf, timeless, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

/** The small classifier as a function, with the weights that `withKnownWeights` gives it. */
function pure(): PureModel {
  const [hk, hb, ok, ob] = withKnownWeights(mlp())
    .getWeights()
    .map((weight) => tf.clone(weight));
  return {
    weights: {'hidden/kernel': hk!, 'hidden/bias': hb!, 'output/kernel': ok!, 'output/bias': ob!},
    inputShapes: [[4]],
    apply: (weights, [x], {site}) => {
      const dense = (input: tf.Tensor, name: string): tf.Tensor =>
        tf.add(
          tf.matMul(input as tf.Tensor2D, weights[`${name}/kernel`] as tf.Tensor2D),
          weights[`${name}/bias`]!,
        );
      const hidden = site('hidden', tf.tanh(dense(x!, 'hidden')));
      return site('output', tf.softmax(dense(hidden, 'output')));
    },
  };
}

const numbersOfPure = ({weights}: PureModel): number[] =>
  Object.values(weights).flatMap((weight) => Array.from(weight.dataSync()));

test('it trains as the same model of layers does, plugins included', async () => {
  const plugins = () => [siteNoise('hidden'), squares(0.01)];
  const options = {epochs: 2, batchSize: 4, validation: classData(7)};
  const layered = withKnownWeights(mlp());
  const one = await trainerOf(plugins(), {model: layered, metrics: ['accuracy']}).fit(classData(), options);
  const other = await trainerOf(plugins(), {model: pure(), metrics: ['accuracy']}).fit(classData(), options);
  expectClose(numbersOfPure(other.model as PureModel), numbersOf(layered), 'step');
  for (const [i, {train}] of timeless(other.history).entries()) {
    expectClose(Object.values(train), Object.values(one.history[i]!.train), 'step');
  }
});

test('what comes back has the trained weights; the model that was given keeps its own', async () => {
  const given = pure();
  const before = numbersOfPure(given);
  const trainer = trainerOf([average()], {model: given, optimizer: adam()});
  const {model} = await trainer.fit(classData(), {epochs: 2});
  const trained = model as PureModel;
  expect(numbersOfPure(given)).toEqual(before);
  expect(numbersOfPure(trained)).not.toEqual(before);
  const context = {training: false, site: (_: string, value: tf.Tensor) => value};
  const output = trained.apply(trained.weights, [classData().x], context) as tf.Tensor;
  expectClose(output.dataSync(), (trainer.predict(classData().x) as tf.Tensor).dataSync(), 'same');
  // They are the caller's, and outlive the trainer.
  trainer.dispose();
  expect(numbersOfPure(trained)).not.toEqual(before);
});

test('plugins are shown its weights, sites, inputs and outputs', () => {
  let seen: unknown;
  const look = defineRegularizer({
    name: 'look',
    setup: ({weights, sites, inputs, outputs}) => {
      seen = {
        weights: weights.slice(0, 1),
        sites: sites.map(({name, shape}) => [name, shape]),
        inputs,
        outputs,
      };
      return {};
    },
  });
  trainerOf([look], {model: pure()});
  expect(seen).toEqual({
    weights: [
      {
        name: 'hidden/kernel',
        shortName: 'kernel',
        shape: [4, 5],
        role: 'trained',
        layer: 'hidden',
        layerClass: '',
        owner: undefined,
      },
    ],
    sites: [
      ['hidden', [null, 5]],
      ['output', [null, 3]],
    ],
    inputs: [{name: 'input_0', shape: [null, 4]}],
    outputs: [{name: 'output_0', shape: [null, 3]}],
  });
});

test('it has no copies, and no initializers for members', async () => {
  const trainer = trainerOf([], {model: pure(), optimizer: sgd()});
  expect(await errorOf(() => trainer.members())).toMatchObject({code: 'not-a-layers-model'});
  const two = trainerOf([defineRegularizer({name: 'two', owns: ['members'], members: 2})], {model: pure()});
  expect(await errorOf(() => two.fit(classData()))).toMatchObject({code: 'unknown-initializer'});
});
