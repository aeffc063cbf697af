// What trainer.changes() shows of the hooks of a forward pass.
import {type Change, defineRegularizer, type Regularizer, sgd} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {waves} from './support/data.ts';
import {mlp, withKnownWeights} from './support/models.ts';
import {siteNoise} from './support/plugins.ts';
import {classData, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

/** Doubles what it gets. */
const doubled = (site: string): Regularizer =>
  defineRegularizer({
    name: 'doubled',
    after: [{plugin: 'site-noise'}],
    setup: () => ({at: [site]}),
    activation: (value) => tf.mul(value, 2),
  });

/** Halves a weight that the step computes with. */
const halved = (weight: string): Regularizer =>
  defineRegularizer({name: 'halved', weights: (all) => ({[weight]: tf.div(all[weight]!, 2)})});

const examples = 200;
const values = (tensor: tf.Tensor): readonly number[] => [...tensor.dataSync()];
const read = (changes: readonly Change[]) =>
  changes.map(({before, after, ...where}) => {
    const one = {...where, before: values(before), after: values(after)};
    tf.dispose([before, after]);
    return one;
  });

test('changes are those of the hooks, in their order, at the values of the model, and leave nothing behind', async () => {
  const model = withKnownWeights(mlp());
  const trainer = trainerOf([doubled('hidden'), siteNoise('hidden', 0.25), halved('hidden/kernel')], {model});
  const x = waves([examples, 4]);
  const kernel = values(model.getLayer('hidden').getWeights()[0]!);
  await trainer.changes(x).then(read); // what is made once, such as keys
  const tensors = tf.memory().numTensors;
  const changes = read(await trainer.changes(x));
  expect(tf.memory().numTensors).toBe(tensors);
  expect(changes.map(({plugin, hook, at}) => [plugin, hook, at])).toEqual([
    ['halved', 'weights', 'hidden/kernel'],
    ['site-noise', 'activation', 'hidden'],
    ['doubled', 'activation', 'hidden'],
  ]);
  const [weights, noise, twice] = changes;
  expectClose(weights!.before, kernel, 'step');
  expectClose(
    weights!.after,
    kernel.map((value) => value / 2),
    'step',
  );
  // What the layer gives with half its kernel, by tfjs alone.
  const expected = tf.tidy((): number[] => {
    const layer = model.getLayer('hidden');
    const [w, b] = layer.getWeights();
    layer.setWeights([tf.div(w!, 2), b!]);
    const output = [...values(layer.apply(x) as tf.Tensor)];
    layer.setWeights([w!, b!]);
    return output;
  });
  expectClose(noise!.before, expected, 'step');
  const nonzero = noise!.before.flatMap((value, at) => (value === 0 ? [] : [noise!.after[at]! / value]));
  const kept = nonzero.filter((ratio) => ratio !== 0);
  for (const ratio of kept) expect(ratio).toBeCloseTo(1 / 0.75, 3);
  // Five standard deviations of a share.
  expect(Math.abs(kept.length / nonzero.length - 0.75)).toBeLessThan(5 * Math.sqrt(0.1875 / nonzero.length));
  expectClose(twice!.before, noise!.after, 'step');
  expectClose(
    twice!.after,
    noise!.after.map((value) => 2 * value),
    'step',
  );
});

test('draws are the same until a step is taken', async () => {
  const trainer = trainerOf([siteNoise('hidden')], {model: withKnownWeights(mlp()), optimizer: sgd()});
  const x = waves([examples, 4]);
  const masks = async (): Promise<string> =>
    read(await trainer.changes(x))
      .map(({after}) => after.map((value) => (value === 0 ? 0 : 1)).join(''))
      .join();
  const first = await masks();
  expect(await masks()).toBe(first);
  await trainer.fit(classData(), {epochs: 1});
  expect(await masks()).not.toBe(first);
});

test('without such hooks nothing changes, and inputs that do not fit are refused', async () => {
  const trainer = trainerOf([], {model: withKnownWeights(mlp())});
  expect(await trainer.changes(waves([3, 4]))).toEqual([]);
  await expect(trainer.changes(waves([3, 5]))).rejects.toThrow('[changes]');
});
