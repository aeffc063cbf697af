import {describe, expect, it} from 'vitest';
import {stopWhen} from '../src/index.ts';
import {checkReported, drive, losses, report} from './drive.ts';

describe('stopWhen', () => {
  it('stops at a threshold', () => {
    expect(drive(stopWhen({below: 0.5}), losses([0.9, 0.5, 0.1]))).toMatchObject({
      stopped: 2,
      why: 'validation.loss is 0.5000, at most 0.5',
      marked: undefined,
    });
    const rows = [0.8, 0.9, 0.95].map((accuracy, i) => report(i + 1, {loss: 1, accuracy}));
    expect(drive(stopWhen({monitor: 'accuracy', above: 0.9}), rows)).toMatchObject({
      stopped: 2,
      why: 'validation.accuracy is 0.9000, at least 0.9',
    });
  });

  it('stops when the time is spent, epoch by epoch', () => {
    // 1 second per epoch
    const plugin = stopWhen({seconds: 2.5});
    expect(drive(plugin, losses([1, 1, 1, 1]))).toMatchObject({stopped: 3, why: '3.0 seconds are spent'});
    expect(drive(plugin, losses([1, 1])).state).toEqual({seconds: 2});
  });

  it('needs no validation data for a budget', () => {
    const {validation: _, ...row} = report(1, {loss: 1});
    expect(drive(stopWhen({seconds: 1}), [row]).stopped).toBe(1);
    expect(() => checkReported(stopWhen({seconds: 1}))).not.toThrow();
    expect(() => checkReported(stopWhen({below: 1, monitor: 'train.loss'}))).not.toThrow();
    expect(() => checkReported(stopWhen({below: 1}))).toThrow(
      '[stopWhen] there is no validation.loss to monitor',
    );
  });

  it('asks to be called at its last step', () => {
    expect(stopWhen({steps: 7}).setup?.call(undefined, Object.create(null))).toMatchObject({
      evaluateEvery: 7,
    });
    const rows = [3, 7].map((step) => report(1, {loss: 1}, {step}));
    expect(drive(stopWhen({steps: 7}), rows)).toMatchObject({stopped: 1, why: '7 steps are taken'});
  });

  it('refuses what does not make sense', () => {
    expect(() => stopWhen({})).toThrow('[stopWhen] there is nothing to stop at');
    expect(() => stopWhen({seconds: 0})).toThrow('[stopWhen] seconds must be in (0, ∞); received 0');
    expect(() => stopWhen({steps: 1.5})).toThrow('[stopWhen] steps');
    expect(() => stopWhen({steps: 7, evaluateEvery: 2})).toThrow(
      'steps must be a multiple of evaluateEvery = 2',
    );
    expect(() => stopWhen({below: Number.NaN})).toThrow('[stopWhen] below must be a finite number');
    // @ts-expect-error: the unit is seconds
    expect(() => stopWhen({minutes: 1})).toThrow('[stopWhen] unknown option minutes');
  });
});
