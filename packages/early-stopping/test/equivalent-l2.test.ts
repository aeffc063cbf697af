import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {equivalentL2} from '../src/index.ts';

describe('equivalentL2', () => {
  it('gives known values', () => {
    // (1 − 0.1 · 5)^1 = 0.5: α = 5 · 0.5/0.5
    expect(equivalentL2(0.1, 1, 5)).toBeCloseTo(5, 12);
    // 0.5^3 = 1/8: α = 5 · (1/8)/(7/8)
    expect(equivalentL2(0.1, 3, 5)).toBeCloseTo(5 / 7, 12);
    expect(equivalentL2(0.1, 100, 0)).toBeCloseTo(0.1, 12);
    expect(equivalentL2(0.2, 1, 5)).toBe(0); // one step reaches the minimum
  });

  it('leaves ridge where stopped descent is, on a quadratic', () => {
    const rates = fc.double({min: 0.001, max: 1, noNaN: true});
    const parts = fc.double({min: 0.01, max: 0.999, noNaN: true});
    fc.assert(
      fc.property(rates, fc.integer({min: 1, max: 60}), parts, (rate, steps, part) => {
        const curvature = part / rate;
        let w = 0; // descent on (λ/2)(w − 1)²
        for (let i = 0; i < steps; i++) w -= rate * curvature * (w - 1);
        const alpha = equivalentL2(rate, steps, curvature);
        expect(curvature / (curvature + alpha)).toBeCloseTo(w, 9);
      }),
      {numRuns: 200, seed: 7},
    );
  });

  it('is continuous where the curvature vanishes', () => {
    expect(equivalentL2(0.1, 10, 1e-12)).toBeCloseTo(equivalentL2(0.1, 10, 0), 9);
  });

  it('refuses curvature that descent does not converge on', () => {
    expect(() => equivalentL2(0.5, 10, 2.1)).toThrow(
      '[equivalentL2] curvature must be in [0, 2]; received 2.1',
    );
    expect(() => equivalentL2(0, 10, 1)).toThrow('[equivalentL2] learningRate');
    expect(() => equivalentL2(0.1, 0, 1)).toThrow('[equivalentL2] steps');
  });
});
