import {describe, expect, it} from 'vitest';
import {parameterCount, savedParameters} from '../src/index.ts';

describe('parameterCount', () => {
  it('counts numbers', () => {
    expect(parameterCount([{shape: [784, 32]}, {shape: [32]}, {shape: []}])).toBe(784 * 32 + 32 + 1);
    expect(parameterCount([])).toBe(0);
  });
});

describe('savedParameters', () => {
  it('is what is derived less what was brought', () => {
    const derived = [{shape: [784, 576]}, {shape: [576]}];
    expect(savedParameters({derived, brought: [{shape: [5, 5, 1, 1]}, {shape: [1]}]})).toBe(452134);
    expect(savedParameters({derived: [{shape: [3, 4]}]})).toBe(12);
  });
});
