// The space of compositions, made of what techniques say of themselves.
import {defineTechnique, option, type Regularizer} from '@regularizers/core';
import {techniques as dropouts} from '@regularizers/dropout';
import {techniques as l2s} from '@regularizers/l2';
import {techniques as noises} from '@regularizers/noise';
import {describe, expect, it} from 'vitest';
import {chosenParts, parametersOf, partOf} from '../src/index.ts';
import {randomStream} from '../src/sampler/stream.ts';
import {beyond, gridOf, including} from '../src/space/grid.ts';
import {drawPoint, type IntervalParameter} from '../src/space/parameter.ts';

const nested = defineTechnique({
  name: 'nested',
  family: 'tests',
  about: 'Has options within options, and some that depend on others.',
  options: {
    mode: option.choice(['slow', 'fast'], {default: 'slow', about: 'How.'}),
    kind: option.choice(['a', 'b'], {default: 'a', about: 'Which.', search: {values: ['a', 'b']}}),
    depth: option.number({about: 'Of b.', when: {kind: ['b']}, search: {from: 1, to: 3, scale: 'linear'}}),
    speed: option.number({about: 'Of fast.', when: {mode: ['fast']}, search: {from: 1, to: 9, scale: 'log'}}),
    affine: option.record<{rotation: number}>({
      rotation: option.number({
        nothing: 0,
        required: true,
        about: 'Turns.',
        search: {from: 1, to: 30, scale: 'linear'},
      }),
    })({about: 'Moves.'}),
  },
  create: (): Regularizer => ({name: 'nested'}),
});

it('has a switch for each part, and its options under it', () => {
  const keys = parametersOf([partOf({technique: nested})]).map(({key, when}) => [
    key,
    when.map((one) => one.key),
  ]);
  expect(keys).toEqual([
    ['nested', []],
    ['nested.kind', ['nested']],
    ['nested.depth', ['nested', 'nested.kind']],
    ['nested.affine.rotation', ['nested']],
  ]);
});

it('does not search what is given, and searches what that gives a meaning', () => {
  const part = partOf({technique: nested, name: 'other', options: {mode: 'fast', kind: 'a'}});
  expect(part.parameters.map(({key}) => key)).toEqual(['other.speed', 'other.affine.rotation']);
  const point = {other: true, 'other.speed': 2, 'other.affine.rotation': 7};
  expect(chosenParts([part], point)).toEqual([
    {name: 'other', technique: nested, options: {mode: 'fast', kind: 'a', speed: 2, affine: {rotation: 7}}},
  ]);
});

it('tunes by what can be nothing, rather than by what comes first', () => {
  expect(partOf({technique: nested}).strength?.key).toBe('nested.affine.rotation');
});

const all = [...l2s, ...dropouts, ...noises];

it('makes plugins of whatever is drawn, of every technique', () => {
  const parts = all.map((technique) => partOf({technique}));
  const random = randomStream(8, 'parts');
  for (let i = 0; i < 60; i++) {
    const point = drawPoint(parametersOf(parts), random);
    const on = parts.filter(({name}) => point[name] === true).map(({name}) => name);
    const chosen = chosenParts(parts, point);
    expect(chosen.map(({name}) => name)).toEqual(on);
    for (const {technique, options} of chosen) expect(() => technique.create(options)).not.toThrow();
  }
});

describe('a grid of strengths', () => {
  const strength = partOf({technique: all.find(({name}) => name === 'l2')!}).strength!;
  const at = (values: readonly number[]): readonly number[] => values.map((value) => Math.log10(value));

  it('is even in the option’s own scale', () => {
    expect(strength.search).toEqual({from: 1e-6, to: 1e-1, scale: 'log'});
    for (const [i, exponent] of at(gridOf(strength, 5)).entries()) expect(exponent).toBeCloseTo(-5.5 + i, 10);
  });

  it('grows where the best is at its edge, and out of the interval', () => {
    const grid = gridOf(strength, 5);
    expect(beyond(strength, grid, grid[2]!, 5)).toBeUndefined();
    expect(Math.log10(beyond(strength, grid, grid[4]!, 5)!)).toBeCloseTo(-0.5, 10);
    expect(Math.log10(beyond(strength, grid, grid[0]!, 5)!)).toBeCloseTo(-6.5, 10);
    const wider = including(strength, [10 ** -0.5]);
    expect(wider.search).toEqual({from: 1e-6, to: 10 ** -0.5, scale: 'log'});
  });

  it('has whole numbers once each, and grows by one at least', () => {
    const members: IntervalParameter = {
      key: 'members',
      search: {from: 2, to: 4, scale: 'linear'},
      integer: true,
      when: [],
    };
    expect(gridOf(members, 5)).toEqual([2, 3, 4]);
    expect(beyond(members, [2, 3, 4], 4, 5)).toBe(5);
    expect(beyond(members, [2, 3, 4], 2, 5)).toBe(1);
  });

  it('ends where its scale does', () => {
    const decay: IntervalParameter = {
      key: 'decay',
      search: {from: 0.9, to: 0.9999, scale: 'logOfRest'},
      integer: false,
      when: [],
    };
    let grid = gridOf(decay, 5);
    for (let i = 0; i < 60; i++) {
      const next = beyond(decay, grid, Math.max(...grid), 5);
      if (next === undefined) break;
      grid = [...grid, next];
    }
    expect(Math.max(...grid)).toBeLessThanOrEqual(1);
    expect(grid.length).toBeLessThan(60);
  });
});
