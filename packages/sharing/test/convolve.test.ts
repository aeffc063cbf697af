import {RegularizerError, type SetupContext} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import {beforeAll, describe, expect, it} from 'vitest';
import {type ConvolveOptions, convolve, toeplitz} from '../src/index.ts';
import {contextOf, derive, planOf} from './context.ts';
import {expectClose} from './helpers.ts';

const convolution = {layer: 'fc', inputShape: [6, 5, 1], kernelSize: 3, filters: 2} as const;
const shapes = {'fc/kernel': [30, 24], 'fc/bias': [24], 'out/kernel': [24, 3]} as const;
let context: SetupContext;
beforeAll(() => {
  context = contextOf(shapes);
});

describe('convolve', () => {
  it('brings a small kernel and derives the dense matrix from it', () => {
    const plugin = convolve(convolution);
    const {plan, weights = {}, derived} = planOf(plugin, context);
    expect(weights['kernel']?.shape).toEqual([3, 3, 1, 2]);
    expect(weights['bias']?.shape).toEqual([2]);
    expect(derived).toEqual([
      {name: 'fc/kernel', from: ['convolve/kernel']},
      {name: 'fc/bias', from: ['convolve/bias']},
    ]);
    // 30·24 + 24 become 3·3·1·2 + 2.
    expect(plan.savedParameters).toBe(744 - 20);
    const all = {
      ...context.initial,
      'convolve/kernel': weights['kernel']!,
      'convolve/bias': tf.tensor1d([5, 6]),
    };
    const values = derive(plugin, all, plan);
    expectClose(values['fc/kernel']!, toeplitz(weights['kernel']!, plan.geometry));
    expectClose(values['fc/bias']!, Array.from({length: 12}, () => [5, 6]).flat());
    expect(values['out/kernel']).toBe(context.initial['out/kernel']);
  });

  it("draws the kernel within Glorot's bounds, the same each time", () => {
    const [first, second] = [1, 2].map(() =>
      planOf(convolve(convolution), context).weights!['kernel']!.dataSync(),
    );
    expect(first).toEqual(second);
    const limit = Math.sqrt(6 / (9 * 1 + 9 * 2));
    expect(Math.max(...first!.map(Math.abs))).toBeLessThanOrEqual(limit);
    expect(new Set(first).size).toBe(18);
  });

  it('starts from the nearest convolution of a matrix that is one', () => {
    const {plan, weights} = planOf(convolve(convolution), context);
    const kernel = weights!['kernel']!;
    const trained = {...context, initial: {...context.initial, 'fc/kernel': toeplitz(kernel, plan.geometry)}};
    expectClose(planOf(convolve({...convolution, initial: 'nearest'}), trained).weights!['kernel']!, kernel);
  });

  it('leaves the bias alone if asked, or where there is none', () => {
    const own = planOf(convolve({...convolution, sharedBias: false, name: 'conv'}), context);
    expect(own.derived).toEqual([{name: 'fc/kernel', from: ['conv/kernel']}]);
    expect(Object.keys(own.weights!)).toEqual(['kernel']);
    const none = planOf(convolve(convolution), contextOf({'fc/kernel': [30, 24]}));
    expect(none.plan.bias).toBeUndefined();
  });

  it.each([
    ['no kernel size', {kernelSize: 0}, 'out-of-range'],
    ['a fraction of a filter', {filters: 1.5}, 'out-of-range'],
    ['three numbers for two axes', {kernelSize: [3, 3, 3]}, 'bad-shape'],
    ['no channels', {inputShape: [30]}, 'not-a-list'],
    ['a kernel that does not fit', {kernelSize: 7}, 'bad-shape'],
    ['other padding', {padding: 'causal'}, 'unknown-choice'],
    ['another first value', {initial: 'zeros'}, 'unknown-choice'],
    ['an unknown option', {dilation: 2}, 'unknown-option'],
  ])('refuses %s', (_, options, code) => {
    const make = () => convolve({...convolution, ...options} as ConvolveOptions<'convolve'>);
    expect(make).toThrow(RegularizerError);
    expect(make).toThrow(expect.objectContaining({code}));
  });

  it('refuses a layer that is not there, is of another size, or is not trained', () => {
    const setup =
      (options: Partial<ConvolveOptions<'convolve'>>, frozen = false) =>
      () =>
        planOf(
          convolve({...convolution, ...options}),
          contextOf(shapes, frozen ? {'fc/kernel': 'frozen'} : {}),
        );
    expect(setup({layer: 'conv'})).toThrow(/There are: fc, out/);
    expect(setup({filters: 3})).toThrow(/\[30, 24\].*\[30, 36\]/);
    expect(setup({}, true)).toThrow(/frozen/);
  });
});
