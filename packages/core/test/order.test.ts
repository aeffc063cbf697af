// Who runs when, and who cannot be together.
import {
  defineRegularizer,
  explanationText,
  orderBetween,
  type Regularizer,
  type SiteInfo,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {toPredicate} from '../src/description/selector.ts';
import {nested} from './support/models.ts';
import {average, derive, siteNoise, squares} from './support/plugins.ts';
import {classData, errorOf, trainerOf} from './support/trainers.ts';

/** A plugin by its name. */
const by = (plugin: string) => ({plugin});

/** Writes its name down when its `project` runs. */
function noted(log: string[], name: string, asks: Partial<Regularizer> = {}): Regularizer {
  return defineRegularizer({
    name,
    project: (weights) => {
      log.push(name);
      return weights;
    },
    ...asks,
  });
}

async function orderOf(make: (log: string[]) => readonly Regularizer[]): Promise<string> {
  const log: string[] = [];
  await trainerOf(make(log), {execution: 'eager'}).fit(classData(), {batchSize: 10});
  return log.join(' ');
}

test('hooks of one kind run in the order of the list', async () => {
  expect(await orderOf((log) => [noted(log, 'b'), noted(log, 'a'), noted(log, 'c')])).toBe('b a c');
});

test('before and after name plugins or tags', async () => {
  expect(await orderOf((log) => [noted(log, 'b', {after: [by('a')]}), noted(log, 'a')])).toBe('a b');
  const tagged = (log: string[]) => [
    noted(log, 'norm', {tags: ['constraint']}),
    noted(log, 'other'),
    noted(log, 'decay', {tags: ['decay'], before: ['constraint']}),
    noted(log, 'first', {before: ['decay', by('not-there')]}),
  ];
  expect(await orderOf(tagged)).toBe('other first decay norm');
});

test('a plugin that names its own tag waits for the others only', async () => {
  const mixing = {tags: ['mixing']} satisfies Partial<Regularizer>;
  expect(
    await orderOf((log) => [noted(log, 'late', {...mixing, after: ['mixing']}), noted(log, 'early', mixing)]),
  ).toBe('early late');
});

test('where two leave it to the list, it holds, whatever stands between them', async () => {
  const listed = {tags: ['mixing'], inListOrder: ['mixing']} satisfies Partial<Regularizer>;
  const plugins = (log: string[]) => [
    noted(log, 'b', listed),
    noted(log, 'a', listed),
    noted(log, 'first', {before: [by('a')]}),
  ];
  expect(await orderOf(plugins)).toBe('b first a');
  const third = (log: string[]) => [
    noted(log, 'b', listed),
    noted(log, 'a', listed),
    noted(log, 'c', {before: [by('b')]}),
  ];
  expect(await orderOf(third)).toBe('c b a');
});

test('what is declared goes before what is left to the list', async () => {
  const plugins = (log: string[]) => [
    noted(log, 'b', {inListOrder: [by('a')]}),
    noted(log, 'a', {before: [by('b')], inListOrder: [by('b')]}),
  ];
  expect(await orderOf(plugins)).toBe('a b');
});

test('who says which of two comes first', () => {
  const one = (asks: Partial<Regularizer>) => empty('one', {tags: ['mixing'], ...asks});
  const other = empty('other', {tags: ['erasing']});
  const said: readonly [Partial<Regularizer>, string][] = [
    [{}, 'free'],
    [{before: ['decay', by('third')]}, 'free'],
    [{inListOrder: ['erasing']}, 'listed'],
    [{inListOrder: [by('other')]}, 'listed'],
    [{after: ['erasing']}, 'declared'],
    [{before: [by('other')], inListOrder: ['erasing']}, 'declared'],
  ];
  for (const [asks, expected] of said) {
    expect(orderBetween(one(asks), other)).toBe(expected);
    expect(orderBetween(other, one(asks))).toBe(expected);
  }
});

test('any order that can be asked for is given', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(['a', 'b', 'c', 'd', 'e'], {minLength: 5}), (list) => {
      const plugins = list.map((name) =>
        defineRegularizer({
          name,
          after: ['a', 'b', 'c', 'd', 'e'].filter((other) => other < name).map(by),
          project: (weights) => weights,
        }),
      );
      expect(trainerOf(plugins).explain()).toContain('a → b → c → d → e');
    }),
    {numRuns: 10, seed: 4},
  );
});

const empty = (name: string, asks: Partial<Regularizer> = {}): Regularizer =>
  defineRegularizer({name, ...asks});

const refused: Readonly<Record<string, [readonly Regularizer[], string, string]>> = {
  'one name twice': [[empty('x'), empty('x')], 'duplicate-name', 'two plugins are named x'],
  'a name that core needs': [[empty('optimizer')], 'reserved-name', 'a plugin cannot be named optimizer'],
  'plugins that exclude each other': [
    [empty('x', {excludes: [by('y')]}), empty('y')],
    'excluded',
    'x and y cannot work together',
  ],
  'an excluded tag, said by the later one': [
    [empty('x', {tags: ['mixing']}), empty('y', {excludes: ['mixing']})],
    'excluded',
    'x and y cannot work together',
  ],
  'two owners of what is evaluated': [
    [average(), {...average(), name: 'swa'}],
    'two-owners',
    'average and swa both decide on the weights to evaluate with',
  ],
  'two owners of the members': [
    [empty('x', {owns: ['members']}), empty('y', {owns: ['members']})],
    'two-owners',
    'x and y both decide on the members to train',
  ],
  'two owners of the state to go back to': [
    [empty('x', {owns: ['restore']}), empty('y', {owns: ['restore']})],
    'two-owners',
    'x and y both decide on the state to go back to at the end',
  ],
  'two that each want to be first': [
    [empty('x', {before: [by('y')]}), empty('z', {after: [by('x')]}), empty('y', {before: [by('x')]})],
    'order-cycle',
    'no order suits all plugins: y before x, x before y',
  ],
  'a list that goes against what is declared': [
    [empty('x', {inListOrder: [by('y')]}), empty('y', {before: [by('z')]}), empty('z', {before: [by('x')]})],
    'order-cycle',
    'no order suits all plugins',
  ],
  'a circle of three': [
    [empty('x', {before: [by('y')]}), empty('y', {before: [by('z')]}), empty('z', {before: [by('x')]})],
    'order-cycle',
    'no order suits all plugins',
  ],
};

for (const [what, [plugins, code, message]] of Object.entries(refused)) {
  test(`${what}: refused by name`, async () => {
    const error = await errorOf(() => trainerOf(plugins));
    expect(error).toMatchObject({code, where: 'trainer', message: expect.stringContaining(message)});
  });
}

test('a list that cannot be kept says how to list them', async () => {
  const plugins = [
    empty('x', {inListOrder: [by('y')]}),
    empty('y', {before: [by('z')]}),
    empty('z', {before: [by('x')]}),
  ];
  expect(await errorOf(() => trainerOf(plugins))).toMatchObject({hint: 'List y before x.'});
});

/** Without the line that says where steps run, which each backend has its own of. */
const withoutPlace = (text: string): string => text.replace(/^(runs op by op|steps are captured) .*\n/m, '');

test('explain says who runs where', () => {
  const trainer = trainerOf(
    [
      average(),
      squares(1e-3),
      derive('tie', 'inner/b/kernel', 'inner/b/bias', (bias) => tf.mul(tf.ones([5, 1]), bias)),
      siteNoise('inner/a'),
      {...squares(0, [], 'nothing'), setup: () => ({idle: true})},
    ],
    {model: nested()},
  );
  expect(withoutPlace(trainer.explain())).toMatchInlineSnapshot(`
    "sgd on categoricalCrossentropy
    hooks, in order:
      derive      tie
      activation  site-noise
      penalty     squares
      track       average
      evaluation  average
    where:
      tie derives inner/b/kernel from inner/b/bias
      site-noise acts at inner/a
    at their null setting, so left out: nothing
    parameters: 44 trained, 20 more derived from them"
  `);
  const explanation = trainer.explanation();
  expect(explanation).toEqual({
    optimizer: 'sgd',
    losses: ['categoricalCrossentropy'],
    members: 1,
    execution: expect.objectContaining({backend: tf.getBackend()}),
    hooks: {
      derive: ['tie'],
      activation: ['site-noise'],
      penalty: ['squares'],
      track: ['average'],
      evaluation: ['average'],
    },
    plugins: [
      {name: 'average', settings: {}, chose: {}, at: [], observe: [], derived: [], says: []},
      {name: 'squares', settings: {}, chose: {}, at: [], observe: [], derived: [], says: []},
      {
        name: 'tie',
        settings: {},
        chose: {},
        at: [],
        observe: [],
        derived: [{name: 'inner/b/kernel', from: ['inner/b/bias']}],
        says: [],
      },
      {name: 'site-noise', settings: {}, chose: {}, at: ['inner/a'], observe: [], derived: [], says: []},
    ],
    idle: ['nothing'],
    passes: 1,
    parameters: {trained: 44, derived: 20},
  });
  // Plain JSON: on the other side of a worker it makes the same text.
  expect(explanationText(JSON.parse(JSON.stringify(explanation)))).toBe(trainer.explain());
  expect(withoutPlace(trainerOf().explain())).toMatchInlineSnapshot(`
    "sgd on categoricalCrossentropy
    no hooks run
    parameters: 43 trained"
  `);
});

const named = (...names: string[]): SiteInfo[] => names.map((name) => ({name}) as SiteInfo);
const names = named('conv_1', 'conv_2', 'inner/dense', 'inner/deep/dense', 'dense', 'dense#2', 'a.b');

for (const [selector, chosen] of [
  ['dense', ['dense']],
  ['conv_*', ['conv_1', 'conv_2']],
  ['conv_?', ['conv_1', 'conv_2']],
  ['*/dense', ['inner/dense']],
  ['**/dense', ['inner/dense', 'inner/deep/dense']],
  ['**dense', ['inner/dense', 'inner/deep/dense', 'dense']],
  ['dense*', ['dense', 'dense#2']],
  ['a?b', ['a.b']],
  [
    ['dense', 'conv_1'],
    ['conv_1', 'dense'],
  ],
] as const) {
  test(`the selector ${JSON.stringify(selector)} chooses ${chosen.join(', ')}`, () => {
    const isChosen = toPredicate<SiteInfo>(selector, 'one', 'at');
    expect(names.filter((info) => isChosen(info, names)).map(({name}) => name)).toEqual(chosen);
  });
}
