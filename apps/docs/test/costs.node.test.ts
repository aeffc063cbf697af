// What pages and the guide to memory say that things cost, held against what is counted.
import {adam, momentum, type Optimizer, type Regularizer, rmsprop, sgd} from '@regularizers/core';
import {earlyStopping} from '@regularizers/early-stopping';
import {bagging, ema, snapshots, swa} from '@regularizers/ensembles';
import * as tf from '@tensorflow/tfjs-core';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {isThorough} from '../../../packages/testing/src/thorough.ts';
import {readText} from '../src/places.ts';
import {siteTechniques} from '../src/techniques/all.ts';
import {costOfStep, measuredTimes, type TechniqueCost, techniqueCosts} from '../src/techniques/costs.ts';

let backend = '';
beforeAll(async () => {
  backend = tf.getBackend();
  await tf.setBackend('cpu');
  // On its first tensor it says in Node that there are faster ones.
  tf.dispose(tf.scalar(0));
});
afterAll(async () => {
  await tf.setBackend(backend);
});

describe('pages of techniques', () => {
  test('say that a step takes nothing more where it takes nothing more, and nowhere else', async () => {
    const chosen = siteTechniques.filter((_, index) => isThorough || index % 4 === 3);
    const costs = [...(await techniqueCosts(chosen))];
    expect(costs.some(([{page}]) => page.cost.startsWith('Nothing'))).toBe(true);
    const more = ({without, with: taken}: TechniqueCost): number => taken.operations - without.operations;
    const said = costs
      .filter(([{page}]) => page.cost.startsWith('Nothing'))
      .map(([{technique}]) => technique.name);
    const found = costs.filter(([, cost]) => more(cost) === 0).map(([{technique}]) => technique.name);
    expect(said.filter((name) => !found.includes(name))).toEqual([]);
    // These work at the end of an epoch, or for whole members.
    const perEpoch = ['earlyStopping', 'swa', 'bagging', 'deepEnsemble', 'discriminativeFineTuning'];
    expect(found.filter((name) => !said.includes(name) && !perEpoch.includes(name))).toEqual([]);
  }, 240_000);

  test('have the times of the benchmark', () => {
    const [first] = measuredTimes('dropout');
    expect(first).toMatchObject({
      model: expect.stringMatching(/^MLP/),
      times: expect.stringMatching(/^\d\.\d\d \(/),
    });
    expect(measuredTimes('monteCarlo')).toEqual([]);
  });
});

describe('the guide to memory says what is kept between steps', () => {
  const rows = readText('docs', 'guides', 'memory.md')
    .split('\n')
    .flatMap((line) => {
      const [, what, takes] = /^\| (.+?) +\| (.+?) +\|$/.exec(line) ?? [];
      return what && takes ? [[what, takes] as const] : [];
    });
  /** The weights' sizes in the row that names it, in its order. */
  const said = (name: string): number => {
    const [what = '', takes = ''] = rows.find(([row]) => row.includes(`\`${name}`)) ?? [];
    const kinds = what.split('; ');
    const parts = takes.split('; ');
    const at = kinds.length === parts.length ? kinds.findIndex((kind) => kind.includes(`\`${name}\``)) : 0;
    const [, number] = /(\d+) W/.exec(parts[at] ?? '') ?? [];
    return number === undefined ? 0 : Number(number);
  };
  const keptBy = async (regularizers: readonly Regularizer[], optimizer: Optimizer): Promise<number> => {
    const {state, weights} = await costOfStep('pictures', regularizers, optimizer);
    return state / weights;
  };

  test.each([
    ['sgd', () => sgd()],
    ['momentum', () => momentum()],
    ['rmsprop', () => rmsprop()],
    ['adam', () => adam()],
  ] as const)('%s', async (name, make) => {
    expect((await keptBy([], make())) - (await keptBy([], sgd()))).toBeCloseTo(said(name), 1);
  });

  test.each([
    ['ema', () => ema()],
    ['swa', () => swa({start: 0})],
    ['earlyStopping', () => earlyStopping({patience: 5})],
  ] as const)('%s', async (name, make) => {
    expect((await keptBy([make()], sgd())) - (await keptBy([], sgd()))).toBeCloseTo(said(name), 1);
  });

  test('snapshots: a set for each cycle that is over', async () => {
    const kept = (await keptBy([snapshots({cycles: 2})], sgd())) - (await keptBy([], sgd()));
    expect(kept).toBeGreaterThan(0.9);
    expect(kept).toBeLessThan(2.1);
  });

  test('bagging: everything again for each further member', async () => {
    const one = await keptBy([], momentum());
    expect((await keptBy([bagging({members: 3})], momentum())) / one).toBeCloseTo(3, 1);
  });

  test('and the state once more, to go back to', async () => {
    const {state, held} = await costOfStep('pictures', [], momentum());
    expect(held / state).toBeGreaterThan(1.9);
    expect(held / state).toBeLessThan(2.6);
  });
});
