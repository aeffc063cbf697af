import type {EpochReport} from '@regularizers/core';
import {describe, expect, it} from 'vitest';
import {parseRecipe} from '../src/recipe.ts';
import {epochsShown, roomFor} from '../src/web/charts/axis.ts';
import type {EndedRun, RunningRun} from '../src/web/state.ts';

const run = (epochs: number, trained: number): EndedRun =>
  ({
    recipe: parseRecipe({data: {name: 'moons'}, model: {name: 'mlp'}, epochs}),
    history: Array.from({length: trained}, (_, index) => ({member: 0, epoch: index + 1}) as EpochReport),
  }) as unknown as EndedRun;
const running = (epochs: number, trained: number): RunningRun =>
  ({...run(epochs, trained), phase: 'training'}) as unknown as RunningRun;

describe('the axis of epochs', () => {
  it('is as long as what was trained, and not as what was asked for', () => {
    expect(epochsShown([run(30, 30), run(500, 3)], 500)).toBe(30);
    expect(epochsShown([run(500, 3)], 500)).toBe(3);
    expect(epochsShown([run(500, 0)], 500)).toBe(1);
    expect(epochsShown([], 40)).toBe(40);
    expect(epochsShown([], 'many')).toBe(30);
  });

  it('grows with a run that trains, in a few steps', () => {
    const lengths = Array.from({length: 500}, (_, trained) => epochsShown([running(500, trained)], 500));
    expect([...new Set(lengths)]).toEqual([10, 20, 50, 100, 200, 500]);
    expect(lengths.every((length, trained) => length > trained)).toBe(true);
    expect(epochsShown([running(15, 12)], 15)).toBe(15);
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
