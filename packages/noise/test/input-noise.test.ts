import {RegularizerError} from '@regularizers/core';
import {deriveKey} from '@regularizers/random';
import {batchOf, batchStepOf, messageOf, setUp, sitesOf} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, it} from 'vitest';
import {inputNoise, valueWithNormalNoise} from '../src/index.ts';

const inputs = [
  {name: 'image', shape: [null, 4]},
  {name: 'table', shape: [null, 4]},
];

describe('inputNoise', () => {
  it('puts noise of its own on each float input, and leaves targets alone', async () => {
    const plugin = inputNoise({sigma: 0.5});
    const step = batchStepOf(1, setUp(plugin, {inputs}).plan);
    const batch = batchOf([tf.zeros([8, 4]), tf.zeros([8, 4])], [tf.ones([8, 1])]);
    const noisy = plugin.batch!(batch, step);
    const [image, table] = await Promise.all(noisy.inputs.map((value) => value.data()));
    expect(new Set([...image!, ...table!]).size).toBe(64);
    expect(noisy.targets).toBe(batch.targets);
    expect(noisy.size).toBe(8);
    const expected = valueWithNormalNoise(tf.zeros([8, 4]), deriveKey(1, 'noise/0'), {sigma: 0.5});
    expect([...image!]).toEqual([...(await expected.data())]);
  });

  it('takes the chosen inputs only, and never integers', () => {
    const plugin = inputNoise({inputs: 'table'});
    const {plan} = setUp(plugin, {inputs});
    const batch = batchOf([tf.zeros([2, 4]), tf.zeros([2, 4])]);
    const noisy = plugin.batch!(batch, batchStepOf(1, plan));
    expect(noisy.inputs[0]).toBe(batch.inputs[0]);
    expect(noisy.inputs[1]).not.toBe(batch.inputs[1]);

    const mixed = batchOf([tf.zeros([2, 4]), tf.zeros([2, 4], 'int32')]);
    const every = inputNoise();
    const withIndices = inputs.map((port) =>
      port.name === 'table' ? {...port, dtype: 'int32' as const} : port,
    );
    const {plan: everyPlan} = setUp(every, {inputs: withIndices});
    expect(every.batch!(mixed, batchStepOf(1, everyPlan)).inputs[1]).toBe(mixed.inputs[1]);
    expect(messageOf(() => setUp(plugin, {inputs: withIndices}))).toMatch(
      /the chosen inputs hold indices: table/,
    );
  });

  it.each([
    ['uniform', inputNoise({distribution: 'uniform', limit: 2}), (x: number) => Math.abs(x - 0.5) <= 2],
    [
      'saltAndPepper',
      inputNoise({distribution: 'saltAndPepper', probability: 0.5}),
      (x: number) => [0, 0.5, 1].includes(x),
    ],
    [
      'masking',
      inputNoise({distribution: 'masking', probability: 0.5, replacement: -1}),
      (x: number) => [-1, 0.5].includes(x),
    ],
  ])('knows %s noise', async (_, plugin, fits) => {
    const {plan} = setUp(plugin, {inputs});
    const [noisy] = plugin.batch!(batchOf([tf.fill([8, 4], 0.5)]), batchStepOf(1, plan)).inputs;
    const values = await noisy!.data();
    expect([...values].every(fits)).toBe(true);
    expect(new Set(values).size).toBeGreaterThan(1);
  });

  it('is idle at strength 0', () => {
    const idle = [
      inputNoise({sigma: 0}),
      inputNoise({distribution: 'uniform', limit: 0}),
      inputNoise({distribution: 'saltAndPepper', probability: 0}),
      inputNoise({distribution: 'masking', probability: 0}),
    ];
    for (const plugin of idle) expect(setUp(plugin, {inputs})).toEqual({idle: true});
  });

  it('refuses options that make no sense', () => {
    expect(messageOf(() => inputNoise({sigma: -1}))).toBe(
      '[inputNoise] sigma must be in [0, ∞); received -1',
    );
    // @ts-expect-error: the option of another distribution
    expect(messageOf(() => inputNoise({distribution: 'masking', sigma: 1}))).toMatch(/unknown option sigma/);
    // @ts-expect-error: no such distribution
    expect(messageOf(() => inputNoise({distribution: 'cauchy'}))).toMatch(/must be one of normal, uniform/);
    expect(messageOf(() => inputNoise({distribution: 'saltAndPepper', low: 1, high: 0}))).toMatch(
      /high must be in \[low = 1/,
    );
  });

  it('leaves indices alone, and refuses a model that has no other inputs', () => {
    const sites = sitesOf({layerClass: 'Embedding', name: 'words'});
    const [image, table] = inputs;
    const indices = {...image!, dtype: 'int32'} as const;
    expect(setUp(inputNoise(), {inputs: [indices, table!], sites}).plan).toMatchObject({
      isNoisy: [false, true],
    });
    expect(() => setUp(inputNoise(), {inputs: [indices], sites})).toThrow(RegularizerError);
    expect(messageOf(() => setUp(inputNoise(), {inputs: [indices], sites}))).toMatch(
      /hold indices: .*activationNoise\(\{at: 'words'\}\)/s,
    );
  });

  it('comes after augmentation and mixing', () => {
    expect([inputNoise().tags, inputNoise().after]).toEqual([
      ['input-noise'],
      ['augmentation', 'erasing', 'mixing'],
    ]);
  });
});

describe('Bishop 1995', () => {
  it('is ridge with strength σ² on a linear model under ½ mean squared error, in expectation', async () => {
    // Two examples of two features, repeated; ½ Σ over examples of (w·x − t)², divided by their number.
    const copies = 20_000;
    const sigma = 0.5;
    const x = tf.tile(
      tf.tensor2d([
        [1, 2],
        [-1, 0.5],
      ]),
      [copies, 1],
    );
    const t = tf.tile(tf.tensor2d([[1], [2]]), [copies, 1]);
    const w = tf.tensor2d([[0.8], [-0.6]]);
    const loss = (weights: tf.Tensor): tf.Scalar => {
      const noisy = valueWithNormalNoise(x, deriveKey(1, 'bishop'), {sigma});
      return tf.mul(0.5, tf.mean(tf.square(tf.sub(tf.matMul(noisy, weights as tf.Tensor2D), t))));
    };
    // Clean: residuals 0.8 − 1.2 − 1 = −1.4 and −0.8 − 0.3 − 2 = −3.1, so ½·(1.96 + 9.61)/2 = 2.8925.
    // Ridge: ½σ²‖w‖² = ½·0.25·(0.64 + 0.36) = 0.125. Together 3.0175.
    // The loss of one draw spreads by about 3·0.5, so the mean of 40000 by 0.0075.
    const [value] = await loss(w).data();
    expect(Math.abs(value! - 3.0175)).toBeLessThan(0.03);
    // Gradient: mean of residual·x = (−1.4·[1, 2] − 3.1·[−1, 0.5])/2 = [0.85, −2.175], and σ²w = [0.2, −0.15].
    const gradient = await tf.grad(loss)(w).data();
    expect(Math.abs(gradient[0]! - 1.05)).toBeLessThan(0.05);
    expect(Math.abs(gradient[1]! + 2.325)).toBeLessThan(0.05);
  });
});
