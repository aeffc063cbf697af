// What is said against plugins is data, too: which plugins it is about, which part of them, what was received and what
// would not have been refused.
import {createTrainer, type Regularizer, RegularizerError, type Setup, sgd} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, layers, sequential} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {errorOf} from './support/trainers.ts';

const plain = (): LayersModel =>
  sequential({
    layers: [layers.dense({name: 'first', units: 2, inputShape: [2]}), layers.dense({name: 'out', units: 1})],
  });

const noisy = (): LayersModel =>
  sequential({
    layers: [
      layers.dense({name: 'out', units: 1, inputShape: [2]}),
      layers.gaussianNoise({stddev: 1, name: 'hiss'}),
    ],
  });

const one = (parts: object): readonly Regularizer[] => [{name: 'one', ...parts} as Regularizer];
const setup = (result: unknown) => ({setup: () => result as Setup});
const activation = (value: tf.Tensor): tf.Tensor => value;
const derive = (): object => ({});
const derived = (name: string, ...from: string[]) => ({...setup({derived: [{name, from}]}), derive});

type Refused = readonly [what: string, regularizers: () => readonly unknown[], said: object];

const refused: readonly Refused[] = [
  [
    'a layer',
    () => [layers.gaussianNoise({stddev: 1})],
    {
      code: 'not-a-plugin',
      option: 'regularizers',
      received: 'a GaussianNoise',
      allowed: {description: expect.any(String)},
    },
  ],
  [
    'a hook that there is not',
    () => one({penality: () => 0}),
    {
      code: 'unknown-hook',
      plugins: ['one'],
      option: 'penality',
      received: expect.any(String),
      allowed: {enum: expect.arrayContaining(['penalty'])},
    },
  ],
  [
    'half a member',
    () => one({members: 1.5}),
    {
      code: 'not-a-plugin',
      plugins: ['one'],
      option: 'members',
      received: 1.5,
      allowed: {description: 'an integer of at least 1'},
    },
  ],
  [
    'a technique that was not made',
    () => [{name: 'dropout', rate: 0.5}],
    {
      code: 'not-a-plugin',
      plugins: ['dropout'],
      option: 'rate',
      received: 0.5,
      allowed: {enum: expect.arrayContaining(['penalty'])},
    },
  ],
  [
    'owning what there is not',
    () => one({owns: ['weights']}),
    {
      code: 'not-a-plugin',
      plugins: ['one'],
      option: 'owns',
      received: 'weights',
      allowed: {enum: expect.arrayContaining(['restore'])},
    },
  ],
  [
    'a word that is no tag',
    () => one({tags: ['mixng']}),
    {
      code: 'unknown-tag',
      plugins: ['one'],
      option: 'tags',
      received: 'mixng',
      allowed: {enum: expect.arrayContaining(['mixing'])},
    },
  ],
  [
    'an unknown part of a setup',
    () => one(setup({sites: ['out']})),
    {
      code: 'bad-answer',
      hook: 'setup',
      received: {sites: ['out']},
      allowed: {description: expect.stringContaining('plan')},
    },
  ],
  [
    'an activation without a site',
    () => one({activation}),
    {
      code: 'bad-setup',
      plugins: ['one'],
      hook: 'setup',
      option: 'at',
      allowed: {enum: expect.arrayContaining(['out'])},
    },
  ],
  [
    'a site that is not there',
    () => one({activation, ...setup({at: ['in']})}),
    {
      code: 'bad-setup',
      plugins: ['one'],
      hook: 'setup',
      option: 'at',
      received: 'in',
      allowed: {enum: expect.arrayContaining(['out'])},
    },
  ],
  [
    'observing without a penalty',
    () => one(setup({observe: ['out']})),
    {
      code: 'bad-setup',
      plugins: ['one'],
      hook: 'setup',
      option: 'observe',
      received: ['out'],
      allowed: {description: expect.stringContaining('penalty')},
    },
  ],
  [
    'deriving nothing',
    () => one({derive}),
    {
      code: 'bad-setup',
      plugins: ['one'],
      hook: 'setup',
      option: 'derived',
      allowed: {description: expect.any(String)},
    },
  ],
  [
    'a later state at no place',
    () => one(setup({state: {count: 1}, later: {best: 1}})),
    {
      code: 'bad-setup',
      plugins: ['one'],
      hook: 'setup',
      option: 'later',
      received: 'best',
      allowed: {description: expect.any(String)},
    },
  ],
  [
    'a first value of a weight that is not there',
    () => one(setup({initial: {'out/kernle': tf.zeros([2, 1])}})),
    {
      code: 'bad-initial',
      plugins: ['one'],
      hook: 'setup',
      option: 'initial',
      received: 'out/kernle',
      allowed: {enum: expect.arrayContaining(['out/kernel'])},
    },
  ],
  [
    'a first value of another shape',
    () => one(setup({initial: {'out/kernel': tf.zeros([3, 1])}})),
    {
      code: 'bad-initial',
      plugins: ['one'],
      hook: 'setup',
      option: 'initial',
      received: [3, 1],
      allowed: {const: [2, 1]},
    },
  ],
  [
    'a weight by a name of the model',
    () => [{name: 'out', ...setup({weights: {kernel: tf.zeros([2, 1])}})}],
    {code: 'weight-name-taken', plugins: ['out'], hook: 'setup', option: 'weights', received: 'out/kernel'},
  ],
  [
    'a reserved name',
    () => [{name: 'core', penalty: () => tf.scalar(0)}],
    {
      code: 'reserved-name',
      plugins: ['core'],
      option: 'name',
      received: 'core',
      allowed: {not: {enum: expect.arrayContaining(['core'])}},
    },
  ],
  [
    'two of one name',
    () => [...one({}), ...one({})],
    {code: 'duplicate-name', plugins: ['one'], option: 'name', received: 'one'},
  ],
  [
    'two that exclude each other',
    () => [...one({excludes: [{plugin: 'two'}]}), {name: 'two'}],
    {code: 'excluded', plugins: ['one', 'two'], option: 'excludes'},
  ],
  [
    'two owners',
    () => [...one({owns: ['restore']}), {name: 'two', owns: ['restore']}],
    {code: 'two-owners', plugins: ['one', 'two'], option: 'owns', received: 'restore'},
  ],
  [
    'an order in a circle',
    () => [...one({before: [{plugin: 'two'}]}), {name: 'two', before: [{plugin: 'one'}]}],
    {code: 'order-cycle', plugins: expect.arrayContaining(['one', 'two']), option: 'regularizers'},
  ],
  [
    'deriving a weight that is not there',
    () => one(derived('out/kernle')),
    {
      code: 'unknown-weight',
      plugins: ['one'],
      hook: 'setup',
      option: 'derived',
      received: 'out/kernle',
      allowed: {enum: expect.arrayContaining(['out/kernel'])},
    },
  ],
  [
    'deriving a weight twice',
    () => [...one(derived('out/bias', 'out/kernel')), {name: 'two', ...derived('out/bias', 'out/kernel')}],
    {code: 'derived-twice', plugins: ['one', 'two'], hook: 'setup', option: 'derived', received: 'out/bias'},
  ],
  [
    'deriving in a circle',
    () => [...one(derived('out/bias', 'out/kernel')), {name: 'two', ...derived('out/kernel', 'out/bias')}],
    {
      code: 'derivation-cycle',
      plugins: ['one', 'two'],
      hook: 'setup',
      option: 'derived',
      received: ['out/bias', 'out/kernel', 'out/bias'],
    },
  ],
];

const trainerOf = (regularizers: readonly unknown[], model: LayersModel = plain()): unknown =>
  createTrainer({
    model,
    loss: 'meanSquaredError',
    optimizer: sgd(),
    regularizers: regularizers as Regularizer[],
  });

test.each(refused)('%s', async (_, regularizers, said) => {
  const error = await errorOf(() => trainerOf(regularizers()));
  expect(error).toMatchObject(said);
  // The same on the other side of a worker.
  const sent = JSON.parse(JSON.stringify(error)) as never;
  expect({...new RegularizerError(sent)}).toEqual({...(error as RegularizerError)});
});

test('what a model declares, and what two take over', async () => {
  expect(await errorOf(() => trainerOf([], noisy()))).toMatchObject({
    code: 'declared-in-model',
    option: 'model',
    received: ['hiss'],
  });
  const claim = setup({claims: ['hiss']});
  expect(await errorOf(() => trainerOf([...one(claim), {name: 'two', ...claim}], noisy()))).toMatchObject({
    code: 'claimed-twice',
    plugins: ['one', 'two'],
    hook: 'setup',
    option: 'claims',
    received: 'hiss',
  });
});
