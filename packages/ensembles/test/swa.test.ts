import {type HostContext, RegularizerError, type SetupContext} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, it} from 'vitest';
import {isAveraged, type SwaOptions, type SwaPlan, type SwaState, swa, swaUpdate} from '../src/index.ts';
import {contextOf} from './context.ts';
import {expectClose, numbers} from './helpers.ts';

describe('swaUpdate', () => {
  it('is a running mean, whatever it starts from', () => {
    const series = numbers(12);
    let mean: readonly tf.Tensor[] = [tf.scalar(99)];
    series.forEach((value, count) => {
      mean = swaUpdate(mean, [tf.scalar(value)], count);
      expectClose(mean[0]!, [series.slice(0, count + 1).reduce((sum, one) => sum + one, 0) / (count + 1)]);
    });
  });

  it('leaves its inputs alone', () => {
    const [mean, weights] = [tf.tensor1d([1, 2]), tf.tensor1d([3, 6])];
    expectClose(swaUpdate([mean], [weights], 1)[0]!, [2, 4]);
    expect([...mean.dataSync(), ...weights.dataSync()]).toEqual([1, 2, 3, 6]);
  });
});

describe('isAveraged', () => {
  const averaged = (epochs: number, start: number, every = 1) =>
    Array.from({length: epochs}, (_, i) => i + 1).filter((epoch) =>
      isAveraged(epoch, epochs, {start, every}),
    );

  it('starts at the end of epoch ⌈start · epochs⌉', () => {
    expect(averaged(8, 0.75)).toEqual([6, 7, 8]);
    expect(averaged(10, 0.7)).toEqual([7, 8, 9, 10]);
    expect(averaged(10, 0.75, 2)).toEqual([8, 10]);
    expect(averaged(3, 0)).toEqual([1, 2, 3]);
    expect(averaged(1, 0.99)).toEqual([1]);
  });
});

function collected(
  epoch: number,
  state: SwaState,
  weights: Record<string, tf.Tensor>,
  options: SwaOptions<'swa'> = {},
) {
  const plugin = swa(options);
  const {plan} = plugin.setup?.(context()) ?? {};
  const host = {plan, state, weights, run: {epochs: 4}} as unknown as HostContext<SwaPlan, SwaState>;
  const next = plugin.collect?.(epoch, host) ?? state;
  return {state: next, evaluated: plugin.evaluation?.({...host, state: next})};
}

const context = (): SetupContext => contextOf({'a/kernel': 'trained', 'c/kernel': 'frozen'});

describe('swa', () => {
  it('evaluates the weights as they are before it starts, their mean after', () => {
    const first: SwaState = swa().setup?.(context()).state ?? {count: 0, mean: []};
    const weights = (value: number) => ({'a/kernel': tf.tensor1d([value, 2 * value])});
    const early = weights(1);
    const before = collected(2, first, early);
    expect(before.state).toBe(first);
    expect(before.evaluated).toBe(early);
    const once = collected(3, before.state, weights(4));
    expect(once.state.count).toBe(1);
    const twice = collected(4, once.state, weights(8));
    expect(twice.state.count).toBe(2);
    expect(Object.keys(twice.evaluated ?? {})).toEqual(['a/kernel']);
    expectClose(twice.state.mean[0]!, [6, 12]);
  });

  it('asks for batch statistics', () => {
    expect(swa().setup?.(context()).recalibrate).toBe(true);
    expect(swa().owns).toEqual(['evaluation']);
  });

  it('refuses what it does not know', () => {
    expect(() => swa({start: 1})).toThrow(RegularizerError);
    expect(() => swa({every: 0})).toThrow(/every/);
    // @ts-expect-error: no such option
    expect(() => swa({from: 3})).toThrow(/unknown option from/);
  });
});
