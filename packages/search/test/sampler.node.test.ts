// The sampler's densities against Optuna's, and what it finds against what chance finds.
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {type Observation, type Parameter, type Point, proposePoint} from '../src/index.ts';
import {parzen} from '../src/sampler/parzen.ts';
import {randomStream} from '../src/sampler/stream.ts';
import {drawPoint, isInterval, placeInInterval, valueAt} from '../src/space/parameter.ts';
import numbers from './reference/numbers.json' with {type: 'json'};

const always = {integer: false, when: []};
const flat: readonly Parameter[] = [
  {...always, key: 'rate', search: {from: 0.05, to: 0.7, scale: 'linear'}},
  {...always, key: 'strength', search: {from: 1e-6, to: 1e-1, scale: 'log'}},
  {...always, key: 'members', search: {from: 2, to: 8, scale: 'linear'}, integer: true},
  {...always, key: 'patience', search: {from: 3, to: 30, scale: 'log'}, integer: true},
  {...always, key: 'kind', search: {values: [0, 1, 2]}},
];

describe('densities', () => {
  it.each([0, 1, 2, 4])('are those of Optuna of %i points', (count) => {
    const density = parzen(flat, numbers.points.slice(0, count));
    const expected = numbers.densities[`${count as 0 | 1 | 2 | 4}`];
    for (const [i, point] of numbers.at.entries()) {
      expect(Math.abs(density.at(point) - expected[i]!)).toBeLessThan(1e-6 * (1 + Math.abs(expected[i]!)));
    }
  });

  const on = (key: string) => ({key, values: [true]});
  const conditional: readonly Parameter[] = [
    {...always, key: 'l2', search: {values: [false, true]}},
    {...always, key: 'l2.strength', search: {from: 0, to: 1, scale: 'linear'}, when: [on('l2')]},
    {...always, key: 'noise', search: {values: ['none', 'normal', 'mask']}},
    {
      ...always,
      key: 'noise.share',
      search: {from: 1, to: 4, scale: 'linear'},
      integer: true,
      when: [{key: 'noise', values: ['mask']}],
    },
  ];
  const some: readonly Point[] = [
    {l2: true, 'l2.strength': 0.2, noise: 'mask', 'noise.share': 2},
    {l2: false, noise: 'normal'},
    {l2: true, 'l2.strength': 0.7, noise: 'none'},
  ];

  it('are 1 in all where parameters depend on others', () => {
    const density = parzen(conditional, some);
    const places = 200;
    const strengths: Point[] = [
      {l2: false},
      ...Array.from({length: places}, (_, i) => ({l2: true, 'l2.strength': (i + 0.5) / places})),
    ];
    const noises: Point[] = [
      {noise: 'none'},
      {noise: 'normal'},
      ...[1, 2, 3, 4].map((share) => ({noise: 'mask', 'noise.share': share})),
    ];
    let sum = 0;
    for (const one of strengths) {
      const size = one['l2'] === true ? 1 / places : 1;
      for (const other of noises) sum += size * Math.exp(density.at({...one, ...other}));
    }
    expect(sum).toBeCloseTo(1, 4);
  });

  it('are those that points are drawn by', () => {
    const density = parzen(conditional, some);
    const random = randomStream(11, 'drawn');
    const drawn = Array.from({length: 4000}, () => density.sample(random));
    const share = (is: (point: Point) => boolean): number => drawn.filter(is).length / drawn.length;
    const mass = (points: readonly Point[]): number =>
      points.reduce((sum, point) => sum + Math.exp(density.at(point)), 0);
    const masked = {l2: false, noise: 'mask'};
    const expected = mass([1, 2, 3, 4].map((own) => ({...masked, 'noise.share': own})));
    const error = 4 * Math.sqrt(0.25 / drawn.length);
    expect(
      Math.abs(share((point) => point['l2'] === false && point['noise'] === 'mask') - expected),
    ).toBeLessThan(error);
    for (const point of drawn) {
      expect('l2.strength' in point).toBe(point['l2'] === true);
      expect('noise.share' in point).toBe(point['noise'] === 'mask');
    }
  });
});

it('puts numbers where they were drawn from, in every scale', () => {
  const place = fc.double({min: 0, max: 1, noNaN: true});
  const interval = fc.constantFrom<Parameter[]>(...flat.filter(isInterval).map((one) => [one]), [
    {...always, key: 'decay', search: {from: 0.9, to: 0.9999, scale: 'logOfRest'}},
  ]);
  fc.assert(
    fc.property(interval, place, ([parameter], at) => {
      if (!parameter || !isInterval(parameter)) throw new Error('no interval');
      const value = Number(valueAt(parameter, at));
      const half = parameter.integer ? 0.5 : 1e-9;
      expect(placeInInterval(parameter, value - half)).toBeLessThanOrEqual(at + 1e-6);
      expect(placeInInterval(parameter, value + half)).toBeGreaterThanOrEqual(at - 1e-6);
    }),
    {numRuns: 300, seed: 2},
  );
});

describe('proposals', () => {
  const parameters: readonly Parameter[] = [
    {...always, key: 'learningRate', search: {from: 1e-4, to: 1e-1, scale: 'log'}},
    ...['a', 'b', 'c', 'd'].flatMap((key): Parameter[] => [
      {...always, key, search: {values: [false, true]}},
      {
        ...always,
        key: `${key}.strength`,
        search: {from: 1e-4, to: 1, scale: 'log'},
        when: [{key, values: [true]}],
      },
    ]),
  ];
  /** Least, 0, at a rate of 3e-3 with a of 1e-2 and b of 1e-1, without c and d: a helps half as much without b. */
  const lossOf = (point: Point): number => {
    const off = (key: string, at: number): number => Math.log10(Number(point[key]) / at) ** 2;
    const a = point['a'] === true ? off('a.strength', 1e-2) / 4 : 1;
    const b = point['b'] === true ? off('b.strength', 1e-1) / 4 : 1;
    return (
      off('learningRate', 3e-3) +
      a +
      b -
      0.5 * (1 - Math.min(a, 1)) * Math.min(b, 1) +
      (point['c'] === true ? 0.7 : 0) +
      (point['d'] === true ? 0.3 : 0)
    );
  };
  const bestOf = (
    seed: number,
    propose: (history: readonly Observation[], draw: number) => Point,
  ): number => {
    const history: Observation[] = [];
    for (let draw = 0; draw < 60; draw++) {
      const point = propose(history, seed * 1000 + draw);
      history.push({point, loss: lossOf(point)});
    }
    return Math.min(...history.map(({loss}) => loss));
  };

  it('find what chance does not', () => {
    const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
    const searched = seeds.map((seed) =>
      bestOf(seed, (history, draw) => proposePoint(parameters, history, {seed: draw})),
    );
    const drawn = seeds.map((seed) =>
      bestOf(seed, (_, draw) => drawPoint(parameters, randomStream(draw, 'chance'))),
    );
    const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[4]!;
    expect(median(searched)).toBeLessThan(median(drawn) / 2);
    expect(searched.filter((loss, i) => loss < drawn[i]!).length).toBeGreaterThanOrEqual(7);
  });

  it('are the same of the same history and seed, and others of another seed', () => {
    const random = randomStream(4, 'history');
    const history = Array.from({length: 20}, () => {
      const point = drawPoint(parameters, random);
      return {point, loss: lossOf(point)};
    });
    const propose = (seed: number): Point => proposePoint(parameters, history, {seed});
    expect(propose(1)).toEqual(propose(1));
    expect(propose(1)).not.toEqual(propose(2));
  });

  it('take what failed for the worst', () => {
    const random = randomStream(9, 'failures');
    const history = Array.from({length: 30}, (_, i) => {
      const point = {...drawPoint(parameters, random), c: i % 2 === 0};
      return {point, loss: point.c ? Number.NaN : 1 + i};
    });
    const proposed = Array.from({length: 40}, (_, seed) =>
      proposePoint(parameters, history, {seed, random: 0}),
    );
    expect(proposed.filter((point) => point['c'] === true).length).toBeLessThan(12);
  });
});
