import {createTrainer, type Regularizer, sgd} from '@regularizers/core';
import {expectClose} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {describe, expect, it} from 'vitest';
import {clipGradients, l2, sharpnessAware, uphillWeights} from '../src/index.ts';
import {drive, weightInfo} from './drive.ts';
import * as torch from './torch.ts';
import {grid} from './trained.ts';

const seeded = (n: number): number[] => grid(n, 7, 11, 8);

/** Three steps on the whole batch. */
async function train(
  regularizers: readonly Regularizer[],
): Promise<{readonly objective: readonly number[]; readonly weights: readonly (readonly number[])[]}> {
  const model = sequential({
    layers: [
      layers.dense({name: 'hidden', units: 3, activation: 'tanh', inputShape: [2]}),
      layers.dense({name: 'out', units: 2}),
    ],
  });
  model.setWeights(model.getWeights().map((w) => tf.tensor(seeded(w.size), w.shape)));
  const optimizer = sgd({learningRate: 0.25});
  const trainer = createTrainer({model, loss: 'meanSquaredError', optimizer, regularizers});
  const data = {x: tf.tensor2d(grid(8, 5, 13, 6), [4, 2]), y: tf.tensor2d(grid(8, 3, 7, 3), [4, 2])};
  const {history} = await trainer.fit(data, {epochs: 3, batchSize: 4, shuffle: false});
  trainer.dispose();
  const weights = await Promise.all(model.getWeights().map(async (w) => [...(await w.data())]));
  return {objective: history.map(({train}) => train.objective), weights};
}

describe('uphillWeights', () => {
  it('is a step of length ρ along the gradient of all weights together', () => {
    // the norm of [3, 0, -4] is 5
    const weights = {a: tf.tensor([1, 2]), b: tf.tensor([1])};
    const moved = uphillWeights(weights, {a: tf.tensor([3, 0]), b: tf.tensor([-4])}, {rho: 0.5});
    expectClose(moved['a']!, [1.3, 2]);
    expectClose(moved['b']!, [0.6]);
  });

  it('goes in proportion to size where it is adaptive, and nowhere along a gradient of zero', () => {
    // T = [2, 1]: T·g = [3, 4], of norm 5; ρ·T²g/5 = 0.5·[6, 4]/5
    const weights = {w: tf.tensor([1.99, -0.99])};
    const moved = uphillWeights(weights, {w: tf.tensor([1.5, 4])}, {rho: 0.5, adaptive: ['w']});
    expectClose(moved['w']!, [2.59, -0.59]);
    expectClose(uphillWeights(weights, {w: tf.zeros([2])}, {rho: 0.5})['w']!, [1.99, -0.99]);
  });
});

describe('sharpnessAware', () => {
  it('trains as PyTorch does, penalty included', async () => {
    const {objective, weights} = await train([l2({strength: 0.1}), sharpnessAware({rho: 0.2})]);
    expectClose(objective, torch.sam.objective, 'training');
    for (const [i, w] of weights.entries()) expectClose(w, torch.sam.weights[i]!, 'training');
  });

  it('trains as PyTorch does where it is adaptive, with ρ = 0.5 by default', async () => {
    const {objective, weights} = await train([l2({strength: 0.1}), sharpnessAware({adaptive: true})]);
    expectClose(objective, torch.asam.objective, 'training');
    for (const [i, w] of weights.entries()) expectClose(w, torch.asam.weights[i]!, 'training');
  });

  it('comes before clipping, whichever is listed first, and only once', async () => {
    const plugins = [clipGradients({threshold: 0.1}), sharpnessAware()];
    const [one, other] = [await train(plugins), await train(plugins.toReversed())];
    expect(one).toEqual(other);
    // Three steps of at most 0.25 · 0.1.
    const start = one.weights.flatMap(({length}) => seeded(length));
    const moved = one.weights.flat().map((w, i) => w - start[i]!);
    expect(Math.hypot(...moved)).toBeLessThan(0.0751);
    await expect(train([sharpnessAware(), sharpnessAware({name: 'again'})])).rejects.toThrow('again');
  });

  it("moves the model's weights, biases unscaled; is idle at 0; refuses bad options", () => {
    const model = [
      weightInfo('d/kernel', [2, 2]),
      weightInfo('d/bias', [2]),
      weightInfo('p/w', [2, 2], {owner: 'p'}),
    ];
    expect(drive(sharpnessAware({adaptive: true}), model).setup.plan).toEqual({
      names: ['d/kernel', 'd/bias'],
      adaptive: ['d/kernel'],
    });
    expect(drive(sharpnessAware({rho: 0}), model).setup).toEqual({idle: true});
    expect(() => sharpnessAware({rho: -1})).toThrow('[sharpnessAware] rho must be in [0, ∞); received -1');
  });
});
