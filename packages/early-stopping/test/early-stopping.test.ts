import {RegularizerError} from '@regularizers/core';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {earlyStopping, generalizationLoss} from '../src/index.ts';
import {checkReported, drive, losses, report} from './drive.ts';
import {cases, kerasEarlyStopping} from './keras.ts';

describe('earlyStopping', () => {
  it.each(cases)(
    'stops where Keras does: %j',
    ({values, stopped, restored, startFromEpoch = 0, ...options}) => {
      const plugin = earlyStopping({...options, startEpoch: startFromEpoch + 1});
      const outcome = drive(plugin, losses(values.map((value) => value / 16)));
      expect(outcome).toMatchObject({stopped, marked: restored});
    },
  );

  it("agrees with Keras's logic on random values", () => {
    const options = fc.record({
      patience: fc.integer({min: 0, max: 5}),
      minDelta: fc.constantFrom(0, 0.05, 0.3),
      baseline: fc.option(fc.double({min: 0, max: 1, noNaN: true})),
      startFromEpoch: fc.integer({min: 0, max: 6}),
      mode: fc.constantFrom('min' as const, 'max' as const),
    });
    // Few different values, so that equal ones are common.
    const values = fc.array(
      fc.integer({min: 0, max: 20}).map((n) => n / 20),
      {maxLength: 30},
    );
    fc.assert(
      fc.property(values, options, (sequence, keras) => {
        const {patience, minDelta, baseline, startFromEpoch, mode} = keras;
        const expected = kerasEarlyStopping(sequence, keras);
        const plugin = earlyStopping({
          patience,
          minDelta,
          mode,
          startEpoch: startFromEpoch + 1,
          ...(baseline === null ? {} : {baseline}),
        });
        const {stopped, marked} = drive(plugin, losses(sequence));
        expect(stopped).toBe(expected.stopped === undefined ? undefined : expected.stopped + 1);
        expect(marked).toBe(expected.restored === undefined ? undefined : expected.restored + 1);
      }),
      {numRuns: 500, seed: 1998},
    );
  });

  it('says why, and keeps its state as JSON', () => {
    const {why, state} = drive(earlyStopping({patience: 2}), losses([0.5, 0.25, 0.3, 0.26]));
    expect(why).toBe('validation.loss has not improved on 0.2500 of epoch 2 in 2 evaluations');
    // the wait starts anew on a further fit
    expect(state).toEqual({
      best: 0.25,
      bestEpoch: 2,
      bestStep: 4,
      wait: 0,
      monitored: [],
      train: [],
      isDue: false,
    });
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });

  it('owns the restoring, marks and restores unless told not to', () => {
    const keeps = earlyStopping({restoreBest: false});
    expect(earlyStopping().owns).toEqual(['restore']);
    expect(keeps.owns).toEqual([]);
    expect(drive(keeps, losses([3, 2, 1])).marked).toBeUndefined();
    const context = {
      plan: undefined,
      state: null,
      weights: {},
      run: {examples: 1, batchSize: 1, epochs: 1, stepsPerEpoch: 1},
    };
    for (const reason of ['completed', 'stopped', 'aborted', 'failed'] as const) {
      expect(earlyStopping().finish?.({...context, reason, marked: true})).toEqual({restore: true});
      expect(earlyStopping().finish?.({...context, reason, marked: false})).toEqual({restore: false});
      expect(keeps.finish?.({...context, reason, marked: true})).toEqual({restore: false});
    }
  });

  it('takes what is not finite for no improvement', () => {
    expect(
      drive(earlyStopping({patience: 2}), losses([1, Number.NaN, Number.POSITIVE_INFINITY])).stopped,
    ).toBe(3);
    expect(drive(earlyStopping({patience: 3}), losses([Number.NaN, 1, 2, 0.5])).marked).toBe(4);
  });

  it('watches what it is told to', () => {
    const rows = [0.1, 0.3, 0.2, 0.1].map((accuracy, i) => report(i + 1, {loss: 1 - i, accuracy}));
    for (const monitor of ['accuracy', 'validation.accuracy']) {
      expect(drive(earlyStopping({monitor, patience: 2}), rows)).toMatchObject({stopped: 4, marked: 2});
    }
    const train = [4, 3, 5].map((loss, i) =>
      report(i + 1, {loss: -i}, {train: {loss: 0, penalty: loss, objective: loss}}),
    );
    expect(drive(earlyStopping({monitor: 'train.objective', patience: 1}), train).stopped).toBe(3);
  });

  it('counts only the evaluations that it asked for', () => {
    const rows = [1, 2, 3, 4, 5, 6].map((step) => report(1, {loss: step}, {step}));
    const every2 = earlyStopping({patience: 2, evaluateEvery: 2});
    expect(every2.epochEnd).toBeUndefined();
    // steps 2, 4, 6: the first is the best, then two without improvement
    expect(drive(every2, rows.slice(0, 5)).stopped).toBeUndefined();
    expect(drive(every2, rows).state).toMatchObject({bestStep: 2});
    expect(drive(every2, rows).stopped).toBe(1);
    // without the option, only the ends of epochs count: other plugins' evaluations do not
    expect(earlyStopping().evaluated).toBeUndefined();
  });

  it('says what there is where the value is missing', () => {
    expect(() => checkReported(earlyStopping())).toThrow(
      '[earlyStopping] there is no validation.loss to monitor; there are train.loss, train.penalty, train.objective\n' +
        "  Give fit validation data, fit(data, {validation: {x, y}}), or pass monitor: 'train.loss'.",
    );
    const validation = ['loss', 'accuracy'];
    expect(() => checkReported(earlyStopping({monitor: 'auc'}), {validation})).toThrow(
      /no validation\.auc to monitor; there are .*validation\.loss, validation\.accuracy\n.*add the metric/,
    );
    expect(() => checkReported(earlyStopping({monitor: 'accuracy'}), {validation})).not.toThrow();
    expect(() => checkReported(earlyStopping({monitor: 'train.objective'}))).not.toThrow();
  });

  it('passes over rows that are not to be compared', () => {
    const rows = [5, 1, 4, 4, 4, 3, 2, 2].map((loss, i) =>
      report(i + 1, {loss}, i % 2 === 1 ? {interim: true} : {}),
    );
    // What counts is 5, 4, 4, 2: the third is no improvement.
    const {stopped, marked, state} = drive(earlyStopping({patience: 2}), rows);
    expect({stopped, marked}).toEqual({stopped: undefined, marked: 7});
    expect(state).toMatchObject({best: 2, wait: 0});
  });

  it('makes up for an evaluation that had nothing new to look at', () => {
    const within = (step: number) => report(1, {loss: 9}, {step, partial: true, interim: true});
    const plugin = earlyStopping({patience: 5, evaluateEvery: 2});
    // Asked for at step 2 and 4; the epoch ends at step 5, with new weights.
    const {marked, state} = drive(plugin, [within(2), within(4), report(1, {loss: 1}, {step: 5})]);
    expect(marked).toBe(1);
    expect(state).toMatchObject({best: 1, bestStep: 5, isDue: false});
    // Nobody asked for one here.
    expect(drive(plugin, [within(1), report(1, {loss: 1}, {step: 3})]).marked).toBeUndefined();
  });

  it('finds the direction by the words of the name, or asks for it', () => {
    const better = (monitor: string, [first, second]: [number, number]): boolean => {
      const name = monitor.replace('validation.', '');
      const rows = [first, second].map((value, i) => report(i + 1, {loss: 0, [name]: value}));
      return drive(earlyStopping({monitor}), rows).marked === 2;
    };
    for (const name of [
      'accuracy',
      'digit/accuracy',
      'top5Accuracy',
      'AUC',
      'f1',
      'f1_score',
      'precision',
      'recall',
    ]) {
      expect(better(name, [0.1, 0.2]), name).toBe(true);
    }
    for (const name of ['loss', 'meanSquaredError', 'validation.meanAbsoluteError', 'mse', 'digit/RMSE']) {
      expect(better(name, [0.2, 0.1]), name).toBe(true);
    }
    for (const monitor of ['bleu', 'validation.iou', 'accuracyLoss', 'placcid']) {
      expect(() => earlyStopping({monitor})).toThrow(
        /does not say whether .*\n {2}Pass mode: 'min' or mode: 'max'/,
      );
      expect(() => earlyStopping({monitor, mode: 'max'})).not.toThrow();
    }
  });

  it('stops by a criterion in place of patience', () => {
    // GL = 100 · (0.5/0.4 − 1) = 25 > 20
    const {stopped, why, marked, state} = drive(
      earlyStopping({criterion: generalizationLoss(20)}),
      losses([0.5, 0.4, 0.45, 0.5, 0.6]),
    );
    expect({stopped, marked}).toEqual({stopped: 4, marked: 2});
    expect(why).toBe('validation.loss: generalization loss 25.00 is above 20');
    expect(state).toMatchObject({monitored: [0.5, 0.4, 0.45, 0.5], train: [1, 1, 1, 1]});
    const own = earlyStopping({criterion: ({monitored}) => (monitored.length === 3 ? 'three' : undefined)});
    expect(drive(own, losses([1, 1, 1, 1])).why).toBe('validation.loss: three');
  });

  it('refuses what does not make sense', () => {
    const criterion = generalizationLoss(5);
    expect(() => earlyStopping({patience: -1})).toThrow(
      '[earlyStopping] patience must be an integer in [0, ∞)',
    );
    expect(() => earlyStopping({patience: 1.5})).toThrow('[earlyStopping] patience');
    expect(() => earlyStopping({minDelta: -1})).toThrow('[earlyStopping] minDelta');
    expect(() => earlyStopping({startEpoch: 0})).toThrow('[earlyStopping] startEpoch');
    expect(() => earlyStopping({baseline: Number.NaN})).toThrow('[earlyStopping] baseline');
    expect(() => earlyStopping({evaluateEvery: 0})).toThrow('[earlyStopping] evaluateEvery');
    expect(() => earlyStopping({monitor: ''})).toThrow('[earlyStopping] monitor must be a text');
    expect(() => earlyStopping({criterion, patience: 3})).toThrow('criterion takes the place of patience');
    expect(() => earlyStopping({criterion, baseline: 3})).toThrow('criterion takes the place of patience');
    expect(() => earlyStopping({criterion, monitor: 'accuracy'})).toThrow('a criterion needs an error');
    // @ts-expect-error: a direction
    expect(() => earlyStopping({mode: 'down'})).toThrow('[earlyStopping] mode must be one of auto, min, max');
    // @ts-expect-error: a flag
    expect(() => earlyStopping({restoreBest: 1, name: 'stop'})).toThrow(
      '[stop] restoreBest must be true or false',
    );
    // @ts-expect-error: a function
    expect(() => earlyStopping({criterion: 'GL'})).toThrow('criterion must be a function');
    // @ts-expect-error: Keras's name
    expect(() => earlyStopping({min_delta: 1})).toThrow('[earlyStopping] unknown option min_delta');
    expect(RegularizerError.isInstance(thrown(() => earlyStopping({patience: -1})))).toBe(true);
  });

  it('keeps the type of its name', () => {
    const plain: 'earlyStopping' = earlyStopping().name;
    const other: 'stop' = earlyStopping({name: 'stop'}).name;
    expect([plain, other]).toEqual(['earlyStopping', 'stop']);
  });
});

function thrown(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
