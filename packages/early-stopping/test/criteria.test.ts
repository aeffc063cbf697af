import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {
  consecutiveIncrease,
  generalizationLoss,
  generalizationLossOf,
  progressQuotient,
  trainingProgressOf,
} from '../src/index.ts';

const train = [1, 1, 1, 1, 1, 1];

describe('generalizationLoss', () => {
  it('is the rise over the lowest error, in percent', () => {
    expect(generalizationLossOf([0.5, 0.4, 0.5])).toBeCloseTo(25, 12); // 100 · (0.5/0.4 − 1)
    expect(generalizationLossOf([0.5, 0.4])).toBe(0);
    expect(generalizationLossOf([0, 0])).toBe(0);
    expect(generalizationLossOf([0, 0.1])).toBe(Number.POSITIVE_INFINITY);
  });

  it('stops above α, not at it', () => {
    // 100 · (5/4 − 1) is 25 in floating point too
    expect(generalizationLoss(25)({monitored: [4, 5], train})).toBeUndefined();
    expect(generalizationLoss(24.9)({monitored: [4, 5], train})).toBe(
      'generalization loss 25.00 is above 24.9',
    );
  });

  it('refuses errors below 0', () => {
    expect(() => generalizationLossOf([-1, 1])).toThrow(
      '[generalizationLoss] the errors must be in [0, ∞); received -1',
    );
    expect(() => generalizationLoss(0)).toThrow('[generalizationLoss] alpha must be in (0, ∞); received 0');
  });
});

describe('progressQuotient', () => {
  it('measures the progress of a strip in per mille', () => {
    // last 3: (3 + 2 + 1)/(3 · 1) − 1 = 1
    expect(trainingProgressOf([9, 3, 2, 1], 3)).toBeCloseTo(1000, 9);
    expect(trainingProgressOf([2, 2, 2], 3)).toBe(0);
    expect(trainingProgressOf([0, 0], 2)).toBe(0);
  });

  it('stops where the loss is large against the progress, at ends of strips', () => {
    // GL = 25; P_2 = 1000 · ((1.25 + 1)/2 − 1) = 125; quotient 0.2
    const curve = {monitored: [4, 4, 4, 5], train: [3, 2, 1.25, 1]};
    expect(progressQuotient(0.19, 2)(curve)).toBe('progress quotient 0.2000 is above 0.19');
    expect(progressQuotient(0.21, 2)(curve)).toBeUndefined();
    expect(progressQuotient(0.19, 3)(curve)).toBeUndefined();
    // no progress at all
    expect(progressQuotient(100, 2)({monitored: [4, 5], train})).toMatch(/Infinity is above 100/);
    expect(progressQuotient(0.1, 2)({monitored: [5, 4], train})).toBeUndefined();
    expect(() => progressQuotient(1, 0)).toThrow('[progressQuotient] k must be an integer in [1, ∞)');
  });
});

describe('consecutiveIncrease', () => {
  it('counts strips that end higher than the one before', () => {
    const up2 = consecutiveIncrease(2, 1);
    expect(up2({monitored: [1, 2], train})).toBeUndefined();
    expect(up2({monitored: [1, 2, 3], train})).toBe('the error went up 2 strips of 1 in a row');
    expect(up2({monitored: [1, 3, 3], train})).toBeUndefined();
    expect(up2({monitored: [9, 1, 2, 3], train})).toBeDefined();
  });

  it('looks at the ends of strips only', () => {
    const up1 = consecutiveIncrease(1, 2);
    expect(up1({monitored: [0, 1, 0], train})).toBeUndefined();
    expect(up1({monitored: [0, 1, 0, 2], train})).toBeDefined();
    expect(up1({monitored: [0, 1, 0, 2, 9], train})).toBeUndefined();
    expect(() => consecutiveIncrease(0)).toThrow('[consecutiveIncrease] s must be an integer in [1, ∞)');
  });

  it("follows the paper's recursion: UP_s stops after t iff UP_{s−1} does after t − k and the error rose", () => {
    const stops = (errors: readonly number[], s: number, k: number, t: number): boolean => {
      if (t % k !== 0 || t - k < k) return false;
      if (!(errors[t - 1]! > errors[t - k - 1]!)) return false;
      return s === 1 || stops(errors, s - 1, k, t - k);
    };
    const errors = fc.array(fc.integer({min: 0, max: 5}), {minLength: 1, maxLength: 16});
    fc.assert(
      fc.property(errors, fc.integer({min: 1, max: 3}), fc.integer({min: 1, max: 3}), (monitored, s, k) => {
        const said = consecutiveIncrease(s, k)({monitored, train: monitored}) !== undefined;
        expect(said).toBe(stops(monitored, s, k, monitored.length));
      }),
      {numRuns: 300, seed: 6},
    );
  });
});
