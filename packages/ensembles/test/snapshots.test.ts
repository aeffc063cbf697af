import {type HostContext, RegularizerError, type RunInfo, type StepPosition} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {
  cosineCycle,
  cycleEnds,
  type SnapshotsOptions,
  type SnapshotsPlan,
  type SnapshotsState,
  snapshots,
} from '../src/index.ts';
import {contextOf} from './context.ts';

describe('cosineCycle', () => {
  it('falls from 1 and starts again', () => {
    // ½(cos(π·{0, 1, 2, 3}/4) + 1) = 1, (2 + √2)/4, ½, (2 − √2)/4.
    const expected = [1, (2 + Math.SQRT2) / 4, 0.5, (2 - Math.SQRT2) / 4, 1];
    [1, 2, 3, 4, 5].forEach((step, i) => {
      expect(cosineCycle(step, 4)).toBeCloseTo(expected[i]!, 12);
    });
  });
});

describe('cycleEnds', () => {
  it('spreads the epochs evenly', () => {
    expect(cycleEnds(10, 5)).toEqual([2, 4, 6, 8, 10]);
    expect(cycleEnds(12, 5)).toEqual([2, 5, 7, 10, 12]);
  });

  it('gives every cycle an epoch, lengths that differ by one at most, and ends at the end', () => {
    fc.assert(
      fc.property(fc.integer({min: 1, max: 40}), fc.integer({min: 0, max: 60}), (cycles, more) => {
        const epochs = cycles + more;
        const ends = cycleEnds(epochs, cycles);
        const lengths = ends.map((end, i) => end - (ends[i - 1] ?? 0));
        expect(ends.at(-1)).toBe(epochs);
        expect(Math.min(...lengths)).toBeGreaterThanOrEqual(1);
        expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
      }),
      {seed: 7},
    );
  });
});

const run: RunInfo = {examples: 30, batchSize: 10, epochs: 5, stepsPerEpoch: 3};
const context = () => contextOf({'a/kernel': 'trained'});

function factors(options: SnapshotsOptions<'snapshots'>, info: RunInfo = run): number[] {
  const plugin = snapshots(options);
  const plan: SnapshotsPlan = {names: []};
  const all: number[] = [];
  for (let epoch = 1; epoch <= info.epochs; epoch++) {
    for (let stepInEpoch = 1; stepInEpoch <= 3; stepInEpoch++) {
      const position: StepPosition = {step: 0, epoch, stepInEpoch, member: 0, run: info};
      all.push(plugin.scalars?.(position, plan)['learningRateFactor'] ?? Number.NaN);
    }
  }
  return all;
}

describe('snapshots', () => {
  it('lets the learning rate fall over each cycle', () => {
    // Five epochs of three steps in two cycles: epochs 1–3 (round(2.5) = 3) and 4–5, nine steps and six.
    const expected = [9, 6].flatMap((length) =>
      Array.from({length}, (_, i) => (Math.cos((Math.PI * i) / length) + 1) / 2),
    );
    factors({cycles: 2}).forEach((factor, i) => {
      expect(factor).toBeCloseTo(expected[i]!, 12);
    });
  });

  it('keeps the weights at the end of each cycle', () => {
    const plugin = snapshots({cycles: 3, keep: 2});
    const {plan} = plugin.setup?.(context()) ?? {};
    let state: SnapshotsState = {snapshots: []};
    for (let epoch = 1; epoch <= 5; epoch++) {
      const weights = {'a/kernel': tf.scalar(epoch)};
      const host = {plan, state, weights, run} as unknown as HostContext<SnapshotsPlan, SnapshotsState>;
      if (epoch === 1) expect(plugin.evaluation?.(host)).toBe(weights);
      state = plugin.collect?.(epoch, host) ?? state;
    }
    // Cycles end with epochs 2, 3 and 5; the last two are kept.
    const host = {plan, state, weights: {}, run} as unknown as HostContext<SnapshotsPlan, SnapshotsState>;
    const sets = plugin.evaluation?.(host) as Record<string, tf.Tensor>[];
    expect(sets.map((set) => set['a/kernel']!.dataSync()[0])).toEqual([3, 5]);
  });

  it('owns what is evaluated and the members', () => {
    expect(snapshots().owns).toEqual(['evaluation', 'members']);
    expect(snapshots().members).toBeUndefined();
  });

  it('refuses a run that it does not fit', () => {
    const check = (cycles: number, info: RunInfo) => () =>
      snapshots({cycles}).check?.({
        plan: {names: []},
        run: info,
        classWeight: undefined,
        reported: {train: ['loss'], validation: undefined},
      });
    expect(check(5, run)).not.toThrow();
    expect(check(6, run)).toThrow(/6 cycles do not fit into 5 epochs/);
    const stream: RunInfo = {...run, examples: undefined, stepsPerEpoch: undefined};
    expect(check(2, stream)).toThrow(expect.objectContaining({code: 'unknown-length'}));
  });

  it('refuses what it does not know', () => {
    expect(() => snapshots({cycles: 0})).toThrow(RegularizerError);
    expect(() => snapshots({cycles: 3, keep: 4})).toThrow(/keep must be an integer in \[1, 3\]/);
    expect(() => snapshots({combine: 'max' as 'mean'})).toThrow(/combine must be one of/);
    // @ts-expect-error: no such option
    expect(() => snapshots({members: 5})).toThrow(/unknown option members/);
  });
});
