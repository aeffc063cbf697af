import {
  createTrainer,
  decodeCheckpoint,
  encodeCheckpoint,
  type FitOptions,
  momentum,
  type Optimizer,
  type Regularizer,
  sgd,
  type Trainer,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, layers, sequential} from '@tensorflow/tfjs-layers';
import {describe, expect, it} from 'vitest';
import {earlyStopping, generalizationLoss, stopWhen} from '../src/index.ts';

// y = w·x from w = 0. Training pulls w to 2, validation wants 1: its loss (w − 1)² falls, then rises.
// Under SGD(0.05), w after epoch t is 2·(1 − 0.9^t): 0.95 after 6, 1.04 after 7: the best is 7.
const ones = () => tf.ones([4, 1]);
const data = () => ({x: ones(), y: tf.fill([4, 1], 2)});
const validation = () => ({x: ones(), y: ones()});
const best = 7;
const wAfter = (epochs: number) => 2 * (1 - 0.9 ** epochs);

function setUp(regularizers: readonly Regularizer[], optimizer: Optimizer = sgd({learningRate: 0.05})) {
  const model = sequential({layers: [layers.dense({units: 1, useBias: false, inputShape: [1]})]});
  model.setWeights([tf.zeros([1, 1])]);
  const trainer = createTrainer({model, loss: 'meanSquaredError', optimizer, regularizers});
  return {model, trainer};
}

const fit = (trainer: Trainer, options: FitOptions) =>
  trainer.fit(data(), {batchSize: 4, validation: validation(), ...options});

const weightOf = (model: LayersModel): number => model.getWeights()[0]!.dataSync()[0]!;

/** The weight of a run that simply ends after so many epochs: the same bits are expected back. */
async function plainWeight(epochs: number): Promise<number> {
  const {model, trainer} = setUp([]);
  await fit(trainer, {epochs});
  trainer.dispose();
  return weightOf(model);
}

describe('earlyStopping in a trainer', () => {
  it('stops after patience epochs, and leaves the best weights', async () => {
    const {model, trainer} = setUp([earlyStopping({patience: 3})]);
    const {stopped, history} = await fit(trainer, {epochs: 50});
    expect(stopped).toMatchObject({by: 'earlyStopping', epoch: best + 3});
    expect(stopped?.why).toMatch(
      /^validation\.loss has not improved on 0\.0018\d+ of epoch 7 in 3 evaluations$/,
    );
    expect(history).toHaveLength(best + 3);
    expect(weightOf(model)).toBeCloseTo(wAfter(best), 5);
    expect(weightOf(model)).toBe(await plainWeight(best));
    const {loss} = await trainer.evaluate(validation());
    expect(loss).toBeCloseTo((wAfter(best) - 1) ** 2, 5);
    trainer.dispose();
  });

  it('leaves the last weights if told to', async () => {
    const {model, trainer} = setUp([earlyStopping({patience: 3, restoreBest: false})]);
    await fit(trainer, {epochs: 50});
    trainer.dispose();
    expect(weightOf(model)).toBe(await plainWeight(best + 3));
  });

  it('restores at every other exit too', async () => {
    const expected = await plainWeight(best);
    const atLastEpoch = setUp([earlyStopping({patience: 20})]);
    const {stopped} = await fit(atLastEpoch.trainer, {epochs: 10});
    expect(stopped).toBeUndefined();
    expect(weightOf(atLastEpoch.model), 'last epoch').toBe(expected);

    const byAnother = setUp([stopWhen({monitor: 'train.loss', below: 0.7}), earlyStopping({patience: 20})]);
    expect((await fit(byAnother.trainer, {epochs: 50})).stopped?.by).toBe('stopWhen');
    expect(weightOf(byAnother.model), 'stopped by another plugin').toBe(expected);

    const aborted = setUp([earlyStopping({patience: 20})]);
    const controller = new AbortController();
    const onEpoch: NonNullable<FitOptions['onEpoch']> = ({epoch}) => {
      if (epoch === 10) controller.abort();
    };
    await fit(aborted.trainer, {epochs: 50, signal: controller.signal, onEpoch});
    expect(weightOf(aborted.model), 'aborted').toBe(expected);

    const failed = setUp([earlyStopping({patience: 20})]);
    const failing: NonNullable<FitOptions['onEpoch']> = ({epoch}) => {
      if (epoch === 10) throw new Error('the page closed');
    };
    await expect(fit(failed.trainer, {epochs: 50, onEpoch: failing})).rejects.toThrow('the page closed');
    expect(weightOf(failed.model), 'failed').toBe(expected);
    for (const {trainer} of [atLastEpoch, byAnother, aborted, failed]) trainer.dispose();
  });

  it('leaves the best weights, and goes on from the last, with the optimizer as it was', async () => {
    const optimizer = () => momentum({learningRate: 0.01, momentum: 0.9});
    const {model, trainer} = setUp([earlyStopping({patience: 2})], optimizer());
    const {stopped} = await fit(trainer, {epochs: 50});
    const straight = setUp([], optimizer());
    await fit(straight.trainer, {epochs: stopped!.epoch - 2});
    expect(weightOf(model)).toBe(weightOf(straight.model));
    // Two epochs more: as if it had never stopped.
    const further = await fit(trainer, {epochs: stopped!.epoch + 1});
    const {history} = await fit(straight.trainer, {epochs: stopped!.epoch + 1});
    const validations = (rows: typeof history) => rows.map(({validation}) => validation);
    expect(validations(further.history)).toEqual(validations(history));
    trainer.dispose();
    straight.trainer.dispose();
  });

  it('goes on from a checkpoint exactly', async () => {
    const {model, trainer} = setUp([earlyStopping({patience: 3})]);
    const saved: Uint8Array[] = [];
    const {stopped, history} = await fit(trainer, {
      epochs: 50,
      onEpoch: async ({epoch}) => {
        if (epoch === best + 1) saved.push(encodeCheckpoint(await trainer.save()));
      },
    });
    const other = setUp([earlyStopping({patience: 3})]);
    await other.trainer.restore(decodeCheckpoint(saved[0]!));
    const resumed = await fit(other.trainer, {epochs: 50});
    expect(resumed.stopped).toEqual(stopped);
    expect(resumed.history).toHaveLength(history.length);
    expect(weightOf(other.model)).toBe(weightOf(model));
    trainer.dispose();
    other.trainer.dispose();
  });

  it('evaluates every so many steps, whatever the epoch', async () => {
    // 4 steps per epoch of batch size 1, of which 3 are one evaluation: the best is after 6 steps, in epoch 2
    const {model, trainer} = setUp([earlyStopping({patience: 2, evaluateEvery: 3})]);
    const {stopped} = await fit(trainer, {epochs: 50, batchSize: 1});
    expect(stopped).toMatchObject({step: 12, epoch: 3});
    expect(weightOf(model)).toBeCloseTo(wAfter(6), 5);
    trainer.dispose();
  });

  it('is not disturbed by evaluations that others ask for', async () => {
    const {trainer} = setUp([stopWhen({below: -1, evaluateEvery: 1}), earlyStopping({patience: 3})]);
    // 2 steps an epoch: w after epoch t is wAfter(2t), best after epoch 3 (6 steps) or 4
    const {stopped} = await fit(trainer, {epochs: 50, batchSize: 2});
    expect(stopped).toMatchObject({by: 'earlyStopping', epoch: 6});
    trainer.dispose();
  });

  it('says before anything is trained that there will be no such value', async () => {
    const steps: number[] = [];
    const onStep: NonNullable<FitOptions['onStep']> = ({step}) => void steps.push(step);
    const {model, trainer} = setUp([earlyStopping()]);
    await expect(trainer.fit(data(), {epochs: 3, batchSize: 4, onStep})).rejects.toThrow(
      /\[earlyStopping\] there is no validation\.loss to monitor; there are train\.loss.*\n.*Give fit validation data/,
    );
    const other = setUp([stopWhen({monitor: 'accuracy', above: 0.9})]);
    await expect(fit(other.trainer, {epochs: 3, onStep})).rejects.toMatchObject({
      code: 'nothing-to-monitor',
      message: expect.stringContaining(
        'there are train.loss, train.penalty, train.objective, validation.loss',
      ),
    });
    expect(steps).toEqual([]);
    expect(weightOf(model)).toBe(0);
    // With what was missing, the same trainer trains.
    expect((await fit(trainer, {epochs: 1})).history).toHaveLength(1);
    trainer.dispose();
    other.trainer.dispose();
  });

  it('stops by a criterion', async () => {
    const {trainer} = setUp([earlyStopping({criterion: generalizationLoss(1000)})]);
    const {stopped} = await fit(trainer, {epochs: 50});
    // (w − 1)² is more than 11 times its lowest value: (0.0433)² · 11 < (w − 1)² from w > 1.1437, epoch 9
    expect(stopped).toMatchObject({epoch: 9});
    expect(stopped?.why).toMatch(/^validation\.loss: generalization loss \d+/);
    trainer.dispose();
  });

  it('is the only one that may choose what comes back', () => {
    expect(() => setUp([earlyStopping(), earlyStopping({name: 'second'})])).toThrow(
      /earlyStopping and second both decide/,
    );
    setUp([earlyStopping(), earlyStopping({name: 'second', restoreBest: false})]).trainer.dispose();
  });
});

describe('stopWhen in a trainer', () => {
  it('keeps a budget of steps exactly', async () => {
    const {model, trainer} = setUp([stopWhen({steps: 6})]);
    const {stopped} = await fit(trainer, {epochs: 50, batchSize: 1});
    expect(stopped).toMatchObject({by: 'stopWhen', step: 6, epoch: 2});
    expect(weightOf(model)).toBeCloseTo(wAfter(6), 5);
    trainer.dispose();
  });
});
