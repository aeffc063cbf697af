// Early stopping beside plugins that collect the weights to evaluate with: what counts, and what is left.
import {createTrainer, type EpochReport, mapValues, momentum, type Regularizer} from '@regularizers/core';
import {earlyStopping} from '@regularizers/early-stopping';
import {ema, snapshots, swa} from '@regularizers/ensembles';
import {makeFixture} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {sampled} from '../../../vitest/share.ts';

/** Climbs from an epoch on. */
function worseFrom(first: number): Regularizer {
  return {
    name: 'worse',
    scalars: ({epoch}) => ({sign: epoch >= first ? -5 : 1}),
    gradients: (gradients, {scalars}) =>
      mapValues(gradients, (gradient) => tf.mul(gradient, scalars['sign']!)),
  };
}

/** Trains on images, batch normalization in the model. */
async function run(regularizers: readonly Regularizer[], epochs: number) {
  const {model, loss, x, y, validation, dispose} = makeFixture('images');
  const optimizer = momentum({learningRate: 0.02});
  // In a captured graph an evaluation is rounded otherwise than by `evaluate`.
  const seeded = {seed: 3, initialWeights: 'seed', execution: 'eager'} as const;
  const trainer = createTrainer({model, loss, optimizer, regularizers, ...seeded});
  const {history, stopped} = await trainer.fit({x, y}, {epochs, batchSize: 8, validation});
  const left = await trainer.evaluate(validation);
  const members = await trainer.members();
  const values = (of: LayersModel): number[] =>
    of.getWeights().flatMap((weight) => Array.from(weight.dataSync()));
  const result = {history, stopped, left, members: members.map(values), model: values(model)};
  for (const one of [trainer, ...members]) one.dispose();
  dispose();
  return result;
}

const compared = (history: readonly EpochReport[]): readonly EpochReport[] =>
  history.filter(({interim}) => !interim);

const lossOf = ({validation}: EpochReport): number => validation!.loss;

/** The row with the smallest loss of those that are compared. */
const bestOf = (history: readonly EpochReport[]): EpochReport =>
  compared(history).reduce((best, row) => (lossOf(row) < lossOf(best) ? row : best));

const orders = [
  ['first', (one: Regularizer, other: Regularizer) => [one, other]],
  ['last', (one: Regularizer, other: Regularizer) => [other, one]],
] as const;

for (const [place, inOrder] of sampled(orders)) {
  test(`with snapshots it counts cycles, and leaves an ensemble of some: ${place} in the list`, async () => {
    const plugins = inOrder(earlyStopping({patience: 2}), snapshots({cycles: 6}));
    const {history, stopped, left, members, model} = await run([...plugins, worseFrom(7)], 18);
    // A cycle takes 3 epochs. The third snapshot still helps the ensemble, those after it don't; where convolutions
    // are frozen, the second one is the last that does.
    const best = bestOf(history).epoch;
    expect([6, 9]).toContain(best);
    expect(compared(history).map(({epoch}) => epoch)).toEqual(
      [3, 6, 9, 12, 15].filter((at) => at <= best + 6),
    );
    expect(stopped).toMatchObject({by: 'earlyStopping', epoch: best + 6});
    expect(members).toHaveLength(best / 3);
    expect(left.loss).toBe(lossOf(bestOf(history)));
    // The plain model is the newest of them.
    expect(model).toEqual(members.at(-1));
    expect(model).not.toEqual(members[0]);
  });

  test(`with swa it counts sets in the mean: ${place} in the list`, async () => {
    const plugins = inOrder(earlyStopping({patience: 2}), swa({start: 0.2, every: 3}));
    const {history, stopped, left} = await run([...plugins, worseFrom(9)], 16);
    // ⌈0.2 · 16⌉ = 4
    expect(compared(history).map(({epoch}) => epoch)).toEqual(
      [4, 7, 10, 13, 16].slice(0, compared(history).length),
    );
    expect(stopped?.epoch ?? 16).toBeGreaterThanOrEqual(10);
    expect(bestOf(history).epoch).toBeLessThan(history.length);
    expect(left.loss).toBe(lossOf(bestOf(history)));
  });

  for (const [name, average] of [
    ['swa', () => swa({start: 0})],
    ['ema', () => ema({decay: 0.8})],
    ['nothing else', () => worseFrom(99)],
  ] as const) {
    test(`what is left is what was evaluated as the best, with ${name}: ${place} in the list`, async () => {
      const {name: _, ...harmless} = average();
      const plugins = inOrder(earlyStopping(), {...harmless, name: 'average'});
      const {history, left} = await run([...plugins, worseFrom(4)], 6);
      const best = bestOf(history);
      expect(best.epoch).toBeLessThan(6);
      expect(left.loss).toBe(lossOf(best));
    });
  }
}
