// One rule for all hooks that return tensors by name: what is not returned stays, what may not change is refused by name.
import type {Regularizer, Tensors} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {mlp, normalizedMlp, numbersOf, withKnownWeights} from './support/models.ts';
import {classData, errorOf, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

const halved = 'hidden/bias';
const half = (tensors: Tensors): Tensors => ({[halved]: tf.mul(tensors[halved]!, 0.5)});
const derived: Partial<Regularizer> = {setup: () => ({derived: [{name: halved, from: ['output/kernel']}]})};
const sum = (weights: Tensors): tf.Tensor => tf.add(tf.sum(weights['output/kernel']!, 1), 1);

/** Each hook with an answer of one tensor, beside what it takes for core to call it. */
const hooks = {
  weights: {weights: half},
  derive: {...derived, derive: (weights) => ({[halved]: sum(weights)})},
  gradients: {gradients: half},
  project: {project: half},
} satisfies Readonly<Record<string, Partial<Regularizer>>>;
type Hook = keyof typeof hooks;
const names = Object.keys(hooks) as Hook[];

/** The same plugin, which hands back all that it got as well. */
function withAll(hook: Hook): Partial<Regularizer> {
  const own = hooks[hook] as Partial<Record<Hook, (tensors: Tensors, step: never) => Tensors>>;
  const all = (tensors: Tensors, step: never): Tensors => ({...tensors, ...own[hook]?.(tensors, step)});
  return {...hooks[hook], [hook]: all};
}

async function trained(plugin: Partial<Regularizer>, model = withKnownWeights(mlp())): Promise<number[]> {
  await trainerOf([{name: 'one', ...plugin}], {model}).fit(classData(), {batchSize: 5, epochs: 2});
  return numbersOf(model);
}

test.each(names)('%s: what is not returned stays as it is', async (hook) => {
  expectClose(await trained(hooks[hook]), await trained(withAll(hook)), 'same');
  expect(await trained(hooks[hook])).not.toEqual(await trained({}));
});

test.each(names.filter((hook) => hook !== 'derive'))('%s: nothing changes nothing', async (hook) => {
  expectClose(await trained({[hook]: () => ({})}), await trained({}), 'same');
});

test('derive: a weight that is declared has nothing else to stay', async () => {
  expect(await errorOf(() => trained({...derived, derive: () => ({})}))).toMatchObject({
    where: 'one',
    code: 'bad-answer',
    message: expect.stringContaining('hidden/bias is missing'),
  });
});

/** What each hook may not change, and what it is told. */
const refused: readonly (readonly [Hook, string, RegExp])[] = [
  [
    'weights',
    'bn/moving_mean',
    /it may not change bn\/moving_mean, but hidden\/kernel, hidden\/bias, bn\/gamma/,
  ],
  ['derive', 'output/bias', /it may not change output\/bias, but hidden\/bias/],
  ['gradients', 'bn/moving_mean', /there is no bn\/moving_mean among hidden\/kernel/],
  ['project', 'bn/moving_mean', /there is no bn\/moving_mean among hidden\/kernel/],
  ...names.map((hook) => [hook, 'hiden/bias', /there is no hiden\/bias among/] as const),
];

test.each(refused)('%s may not change %s', async (hook, weight, message) => {
  const model = withKnownWeights(normalizedMlp());
  const size = weight === 'output/bias' ? 3 : 5;
  const plugin = {...hooks[hook], [hook]: () => ({[weight]: tf.zeros([size])})};
  expect(await errorOf(() => trained(plugin, model))).toMatchObject({
    name: 'RegularizerError',
    where: 'one',
    code: 'bad-answer',
    message: expect.stringMatching(message),
  });
});
