import type {EpochReport} from '@regularizers/core';
import {describe, expect, it} from 'vitest';
import {parseRecipe} from '../src/recipe.ts';
import {epochsShown, roomFor} from '../src/web/charts/axis.ts';
import {readoutText} from '../src/web/charts/readout.ts';
import {align, type Drawn, hasErrorCurve, linesOf} from '../src/web/charts/series.ts';
import type {EndedRun, RunningRun} from '../src/web/runs/run.ts';
import type {Plan} from '../src/web/worker/protocol.ts';

const recipe = parseRecipe({data: {name: 'moons'}, model: {name: 'mlp'}});

/** A history of losses and, as shares of wrong answers, of the same numbers. */
const history = (values: readonly number[], member = 0): readonly EpochReport[] =>
  values.map((value, index) => {
    const numbers = {loss: value, accuracy: 1 - value};
    return {
      member,
      epoch: index + 1,
      train: numbers,
      validation: {...numbers, loss: value + 1},
    } as unknown as EpochReport;
  });
const epochs = (trained: number): Pick<Drawn, 'histories'> => ({
  histories: [history(Array.from({length: trained}, () => 0.5))],
});

describe('the axis of epochs', () => {
  it('is as long as what was trained, and not as what was asked for', () => {
    expect(epochsShown([epochs(30), epochs(3)], 500)).toBe(30);
    expect(epochsShown([epochs(3)], 500)).toBe(3);
    expect(epochsShown([epochs(0)], 500)).toBe(1);
    expect(epochsShown([], 40)).toBe(40);
    expect(epochsShown([], 'many')).toBe(30);
  });

  it('grows with a run that trains, in a few steps', () => {
    const lengths = Array.from({length: 500}, (_, trained) =>
      epochsShown([{...epochs(trained), asked: 500}], 500),
    );
    expect([...new Set(lengths)]).toEqual([10, 20, 50, 100, 200, 500]);
    expect(lengths.every((length, trained) => length > trained)).toBe(true);
    expect(epochsShown([{...epochs(12), asked: 15}], 15)).toBe(15);
  });
});

it('an axis has the room that its longest number takes', () => {
  const measure = (text: string): number => 7 * text.length;
  for (const ticks of [['0', '12.5 %'], ['0.000125', '0.00025'], ['1,000']]) {
    const longest = Math.max(...ticks.map(measure));
    expect(roomFor(ticks, measure)).toBeGreaterThanOrEqual(longest + 10);
    expect(roomFor(ticks, measure)).toBeLessThan(Math.max(20, longest) + 20);
  }
  expect(roomFor(null, measure)).toBeGreaterThan(0);
});

describe('the lines of a row', () => {
  const row = (key: string, histories: Drawn['histories'], evaluated: Drawn['evaluated'] = []): Drawn => ({
    key,
    recipe,
    colour: 0,
    histories,
    evaluated,
  });

  it('are the means over seeds and members, in the band from the lowest to the highest', () => {
    const [train, validation] = linesOf(
      [row('a', [history([0.4, 0.2]), history([0.6, 0.6]), history([0.8])])],
      'loss',
    );
    expect(train?.points.map(([epoch, value]) => [epoch, Number(value.toFixed(6))])).toEqual([
      [1, 0.6],
      [2, 0.4],
    ]);
    expect(train?.low).toEqual([
      [1, 0.4],
      [2, 0.2],
    ]);
    expect(train?.high?.map(([, value]) => value)).toEqual([0.8, 0.6]);
    expect(validation?.points[0]?.[1]).toBeCloseTo(1.6);
  });

  it('have no band where there is one, and end in training as it is evaluated', () => {
    const lines = linesOf([row('a', [history([0.4, 0.3])], [{loss: 0.1, accuracy: 1}])], 'error');
    expect(lines.map(({side, low}) => [side, low])).toEqual([
      ['train', undefined],
      ['validation', undefined],
      ['evaluated', undefined],
    ]);
    expect(lines[2]?.points).toEqual([[2, 0]]);
    expect(readoutText(lines, 'error', undefined)).toBe('Epoch 2: train 30.00 %, validation 30.00 %');
  });

  it('share one axis of epochs, with three rows for a line with a band', () => {
    const lines = linesOf([row('a', [history([1, 2, 3])]), row('b', [history([1]), history([3])])], 'loss');
    const [at, ...rows] = align(lines);
    expect(at).toEqual([1, 2, 3]);
    expect(rows).toHaveLength(2 + 2 * 3);
    expect(rows.slice(2, 5)).toEqual([
      [2, null, null],
      [3, null, null],
      [1, null, null],
    ]);
  });
});

describe('a curve of the error', () => {
  const plan = (measure: Plan['measure']): Plan => ({measure}) as Plan;
  const running = (epochs: readonly EpochReport[]): RunningRun =>
    ({key: 'a', recipe, colour: 0, history: epochs}) as unknown as RunningRun;
  const losses = history([0.2]).map(({train, ...rest}) => ({...rest, train: {loss: train.loss}})) as never;
  const none: readonly EndedRun[] = [];

  it('is there where what is planned has classes, whatever its data is called', () => {
    expect(hasErrorCurve({runs: none, running: undefined, plan: undefined})).toBe(true);
    expect(hasErrorCurve({runs: none, running: undefined, plan: plan('error')})).toBe(true);
    expect(hasErrorCurve({runs: none, running: undefined, plan: plan('loss')})).toBe(false);
    expect(hasErrorCurve({runs: none, running: running([]), plan: plan('loss')})).toBe(false);
  });

  it('is there where what is drawn has some', () => {
    expect(hasErrorCurve({runs: none, running: running(history([0.2])), plan: plan('loss')})).toBe(true);
    expect(hasErrorCurve({runs: none, running: running(losses), plan: plan('error')})).toBe(false);
  });
});
