import {RegularizerError} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {type EmaState, ema, emaUpdate} from '../src/index.ts';
import {contextOf} from './context.ts';
import {expectClose, numbers} from './helpers.ts';

function run(series: readonly number[], decay: number, first: number): EmaState {
  return series.reduce<EmaState>((state, w) => emaUpdate(state, [tf.scalar(w)], decay), {
    average: [tf.scalar(first)],
    mass: tf.scalar(0),
  });
}

/** vₜ = βvₜ₋₁ + (1 − β)wₜ from v₀ = 0, divided by 1 − βᵗ, in float64. */
function byDefinition(series: readonly number[], decay: number): number {
  const v = series.reduce((average, w) => decay * average + (1 - decay) * w, 0);
  return v / (1 - decay ** series.length);
}

describe('emaUpdate', () => {
  it('is bias corrected', () => {
    // β = ½: v̂₁ = 4; v̂₂ = (¼·4 + ½·1)/¾ = 2.
    expectClose(run([4], 0.5, 99).average[0]!, [4]);
    const {average, mass} = run([4, 1], 0.5, 99);
    expectClose(average[0]!, [2]);
    expectClose(mass, [0.75]);
  });

  it.each([0.5, 0.9, 0.999, 0.9999])('is the plain average over 1 − βᵗ, β = %f', (decay) => {
    const series = numbers(40);
    const {average, mass} = run(series, decay, 0);
    expectClose(average[0]!, [byDefinition(series, decay)]);
    expectClose(mass, [1 - decay ** 40]);
  });

  it("begins with the first weights where asked, as Keras's and PyTorch's", () => {
    // Keras 3.15.1, SGD(0.5, use_ema=True, ema_momentum=0.9): a weight after five steps, and its average after each.
    const weights = [0.95, 0.85, 0.7, 0.5, 0.25];
    const averages = [0.95, 0.94, 0.916, 0.8744, 0.81196];
    let state: EmaState = {average: [tf.scalar(99)], mass: tf.scalar(0)};
    for (const [i, w] of weights.entries()) {
      state = emaUpdate(state, [tf.scalar(w)], 0.9, 'first');
      expectClose(state.average[0]!, [averages[i]!]);
    }
    expectClose(state.mass, [1]);
  });

  it('of what does not change is that, in any shape', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({min: -99, max: 99}), {minLength: 1, maxLength: 6}), (values) => {
        const w = tf.tensor1d(values, 'float32');
        const {average} = emaUpdate({average: [w], mass: tf.scalar(0.3)}, [w], 0.99);
        expect(average[0]!.shape).toEqual(w.shape);
        expect(average[0]!.dtype).toBe('float32');
        expect(Array.from(average[0]!.dataSync())).toEqual(values);
        expect(Array.from(w.dataSync())).toEqual(values);
      }),
      {numRuns: 10, seed: 7},
    );
  });
});

describe('ema', () => {
  const context = () =>
    contextOf({
      'a/kernel': 'trained',
      'bn/moving_mean': 'statistic',
      'b/kernel': 'derived',
      'c/kernel': 'frozen',
    });

  it('averages what training changes: trained weights and statistics', () => {
    const setup = ema().setup?.(context());
    expect(setup?.plan?.names).toEqual(['a/kernel', 'bn/moving_mean']);
    expect(setup?.state?.average.length).toBe(2);
    expect(setup?.state?.mass.dataSync()[0]).toBe(0);
    expect(setup?.recalibrate).toBeUndefined();
    expect(ema().owns).toEqual(['evaluation']);
  });

  it('is nothing at decay 0', () => {
    expect(ema({decay: 0}).setup?.(context()).idle).toBe(true);
  });

  it('refuses what it does not know', () => {
    expect(() => ema({decay: 1})).toThrow(RegularizerError);
    expect(() => ema({decay: 1})).toThrow('[ema] decay must be in [0, 1); received 1');
    // @ts-expect-error: no such option
    expect(() => ema({momentum: 0.9})).toThrow(/unknown option momentum/);
  });
});
