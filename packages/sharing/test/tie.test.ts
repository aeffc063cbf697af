import {RegularizerError} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {tie, tiedWeight} from '../src/index.ts';
import {contextOf, derive, planOf} from './context.ts';
import {expectClose, filled, numbers} from './helpers.ts';

const shapes = {
  'enc/kernel': [4, 3],
  'enc/bias': [3],
  'dec/kernel': [3, 4],
  'dec/bias': [4],
  'twin/kernel': [4, 3],
  'bn/moving_mean': [3],
} as const;
const roles = {'bn/moving_mean': 'statistic'} as const;

describe('tiedWeight', () => {
  it('swaps the last two axes', () => {
    expect(
      tiedWeight(
        tf.tensor2d([
          [1, 2, 3],
          [4, 5, 6],
        ]),
        'transpose',
      ).arraySync(),
    ).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    expect(tiedWeight(tf.zeros([5, 4, 3, 2]), 'transpose').shape).toEqual([5, 4, 2, 3]);
  });

  it('twice transposed is the weight itself, which is left alone', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({min: 1, max: 4}), {minLength: 2, maxLength: 4}), (shape) => {
        const source = filled(shape);
        const before = source.dataSync().slice();
        const back = tiedWeight(tiedWeight(source, 'transpose'), 'transpose');
        expect(back.shape).toEqual(shape);
        expect(back.dtype).toBe(source.dtype);
        expect(back.dataSync()).toEqual(before);
        expect(source.dataSync()).toEqual(before);
      }),
      {numRuns: 20, seed: 7},
    );
  });

  it('is the weight itself, or what a function makes of it', () => {
    const source = tf.scalar(3);
    expect(tiedWeight(source, 'same')).toBe(source);
    expect(tiedWeight(source, (w) => tf.neg(w)).dataSync()[0]).toBe(-3);
  });
});

describe('tie', () => {
  it('derives one weight from the other, and counts what that saves', () => {
    const plugin = tie({weight: 'dec/kernel', to: 'enc/kernel', by: 'transpose'});
    const context = contextOf(shapes, roles);
    const {plan, derived} = planOf(plugin, context);
    expect(plugin.name).toBe('tie');
    expect(derived).toEqual([{name: 'dec/kernel', from: ['enc/kernel']}]);
    expect(plan.savedParameters).toBe(12);
    const weights = derive(plugin, context.initial, plan);
    expectClose(weights['dec/kernel']!, tf.transpose(context.initial['enc/kernel']!));
  });

  it('takes a list of pairs, globs and functions', () => {
    const plugin = tie({
      name: 'both',
      pairs: [
        {weight: 'dec/k*', to: 'enc/kernel', by: 'transpose'},
        {weight: (weight) => weight.layer === 'twin', to: 'enc/kernel', by: (w) => tf.mul(w, 2)},
      ],
    });
    const context = contextOf(shapes, roles);
    const {plan, derived} = planOf(plugin, context);
    expect(plugin.name).toBe('both');
    expect(derived?.map(({name}) => name)).toEqual(['dec/kernel', 'twin/kernel']);
    expect(plan.savedParameters).toBe(24);
    const weights = derive(plugin, context.initial, plan);
    expectClose(weights['twin/kernel']!, tf.mul(context.initial['enc/kernel']!, 2));
    const list = planOf(tie([{weight: 'twin/kernel', to: 'enc/kernel'}]), context);
    expect(list.derived).toEqual([{name: 'twin/kernel', from: ['enc/kernel']}]);
  });

  it('adds the gradients of both uses: the closed form of a linear autoencoder', () => {
    // L = ½‖x W Wᵀ − x‖², residual r = x W Wᵀ − x:
    // as encoder ∂L/∂W = xᵀ r W, as decoder (∂L/∂Wᵀ)ᵀ = rᵀ (x W); the tied gradient is their sum.
    const plugin = tie({weight: 'dec/kernel', to: 'enc/kernel', by: 'transpose'});
    const context = contextOf({'enc/kernel': [4, 3], 'dec/kernel': [3, 4]});
    const {plan} = planOf(plugin, context);
    const x = filled([5, 4], 30);
    const loss = (kernel: tf.Tensor): tf.Scalar => {
      const weights = derive(plugin, {...context.initial, 'enc/kernel': kernel}, plan);
      const code = tf.matMul(x, weights['enc/kernel']!);
      return tf.div(tf.sum(tf.square(tf.sub(tf.matMul(code, weights['dec/kernel']!), x))), 2);
    };
    const w = context.initial['enc/kernel']!;
    expectClose(tf.grad(loss)(w), tiedGradient(numbers(20, 30), Array.from(w.dataSync()), 5, 4, 3));
  });
});

/** xᵀ r W + rᵀ x W in float64, with x [n, d] and W [d, h]. */
function tiedGradient(x: readonly number[], w: readonly number[], n: number, d: number, h: number): number[] {
  const multiply = (a: number[][], b: number[][]): number[][] =>
    a.map((row) => b[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0)));
  const transpose = (a: number[][]): number[][] => a[0]!.map((_, j) => a.map((row) => row[j]!));
  const matrix = (values: readonly number[], rows: number, columns: number): number[][] =>
    Array.from({length: rows}, (_, i) => values.slice(i * columns, (i + 1) * columns));
  const [X, W] = [matrix(x, n, d), matrix(w, d, h)];
  const code = multiply(X, W);
  const r = multiply(code, transpose(W)).map((row, i) => row.map((value, j) => value - X[i]![j]!));
  const asEncoder = multiply(transpose(X), multiply(r, W));
  const asDecoder = multiply(transpose(r), code);
  return asEncoder.flatMap((row, i) => row.map((value, j) => value + asDecoder[i]![j]!));
}

describe('tie refuses', () => {
  const setup = (pairs: Parameters<typeof tie>[0]) => () =>
    planOf(tie(pairs), contextOf(shapes, {...roles, 'twin/kernel': 'frozen'}));

  it.each([
    ['a shape that does not fit', {weight: 'dec/kernel', to: 'enc/kernel'}, 'shape-mismatch', /transpose/],
    [
      'to transpose a vector',
      {weight: 'dec/bias', to: 'enc/bias', by: 'transpose'},
      'shape-mismatch',
      /rank 2/,
    ],
    ['an unknown weight', {weight: 'decoder/kernel', to: 'enc/kernel'}, 'nothing-selected', /dec\/kernel/],
    ['two weights at once', {weight: '*/kernel', to: 'enc/kernel'}, 'not-one-weight', /twin\/kernel/],
    ['a frozen weight', {weight: 'twin/kernel', to: 'enc/kernel'}, 'not-trained', /trainable: false/],
    ['a weight tied to itself', {weight: 'enc/kernel', to: 'enc/kernel'}, 'bad-source', /itself/],
    ['a statistic', {weight: 'enc/bias', to: 'bn/moving_mean'}, 'bad-source', /statistic/],
    [
      'a chain',
      [
        {weight: 'dec/kernel', to: 'enc/kernel', by: 'transpose'},
        {weight: 'enc/kernel', to: 'dec/kernel', by: 'transpose'},
      ],
      'bad-source',
      /tied itself/,
    ],
    [
      'one weight twice',
      [
        {weight: 'dec/kernel', to: 'enc/kernel', by: 'transpose'},
        {weight: 'dec/kernel', to: 'twin/kernel', by: 'transpose'},
      ],
      'tied-twice',
      /twice/,
    ],
  ] as const)('%s', (_, pairs, code, message) => {
    expect(setup(pairs)).toThrow(RegularizerError);
    expect(setup(pairs)).toThrow(expect.objectContaining({code, where: 'tie'}));
    expect(setup(pairs)).toThrow(message);
  });

  it('options that it does not know', () => {
    expect(() => tie({weight: 'a', to: 'b', by: 'inverse' as 'same'})).toThrow(
      /by must be one of same, transpose/,
    );
    expect(() => tie([])).toThrow(/pairs must be a list of 1 or more/);
    // @ts-expect-error: `from` is no option
    expect(() => tie({weight: 'a', from: 'b'})).toThrow(/unknown option from/);
    // @ts-expect-error: a pair says what it is tied to
    expect(() => tie({weight: 'a'})).toThrow(/to must be a name, a glob/);
  });
});
