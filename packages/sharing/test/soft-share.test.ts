import {type Forward, RegularizerError, type SetupContext, type Step} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import {beforeAll, describe, expect, it} from 'vitest';
import {type SoftShareOptions, softShare, softSharePenalty} from '../src/index.ts';
import {contextOf, planOf} from './context.ts';
import {expectClose, numbers} from './helpers.ts';

/** (a/2)Σ_{i<j}‖wᵢ − wⱼ‖² and its gradients by their definition, in float64. */
function byDefinition(weights: readonly (readonly number[])[], strength: number) {
  let value = 0;
  const gradients = weights.map((w) => w.map(() => 0));
  weights.forEach((a, i) => {
    weights.forEach((b, j) => {
      a.forEach((ai, n) => {
        if (i < j) value += (strength / 2) * (ai - b[n]!) ** 2;
        gradients[i]![n]! += strength * (ai - b[n]!);
      });
    });
  });
  return {value, gradients};
}

describe('softSharePenalty', () => {
  it('is half the strength times the squared distance', () => {
    // a = 0.5: 0.25·((3 − 1)² + (5 − 6)²) = 1.25; gradient 0.5·(2, −1).
    const {value, gradients} = softSharePenalty([tf.tensor1d([3, 5]), tf.tensor1d([1, 6])], 0.5);
    expectClose(value, [1.25]);
    expect(value.shape).toEqual([]);
    expectClose(gradients[0]!, [1, -0.5]);
    expectClose(gradients[1]!, [-1, 0.5]);
  });

  it.each([2, 3, 5])('is the sum over all pairs of %i weights, and its gradient', (count) => {
    const lists = Array.from({length: count}, (_, i) => numbers(6, 1 + 10 * i));
    const {value, gradients} = softSharePenalty(
      lists.map((list) => tf.tensor2d(list, [2, 3])),
      0.3,
    );
    const expected = byDefinition(lists, 0.3);
    expectClose(value, [expected.value]);
    gradients.forEach((gradient, i) => {
      expect(gradient.shape).toEqual([2, 3]);
      expectClose(gradient, expected.gradients[i]!);
    });
  });

  it('has the gradient that autodiff finds', () => {
    const weights = [0, 1, 2].map((i) => tf.tensor1d(numbers(4, 1 + 9 * i)));
    const taped = tf.grads((...ws) => softSharePenalty(ws, 0.7).value)(weights);
    softSharePenalty(weights, 0.7).gradients.forEach((gradient, i) => {
      expectClose(gradient, taped[i]!);
    });
  });

  it('is nothing between equal weights, and leaves them alone', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({min: -9, max: 9}), {minLength: 1, maxLength: 5}), (values) => {
        const w = tf.tensor1d(values);
        const {value, gradients} = softSharePenalty([w, tf.clone(w)], 2);
        expect(value.dataSync()[0]).toBe(0);
        expect(gradients.every((gradient) => gradient.dtype === 'float32')).toBe(true);
        expectClose(
          gradients[0]!,
          values.map(() => 0),
        );
        expect(Array.from(w.dataSync())).toEqual(values);
      }),
      {numRuns: 10, seed: 7},
    );
  });
});

let context: SetupContext;
beforeAll(() => {
  context = contextOf(
    {'a/kernel': [2, 2], 'a/bias': [2], 'b/kernel': [2, 2], 'b/bias': [2], 'c/kernel': [2, 2]},
    {'c/kernel': 'frozen'},
  );
});

function penaltyOf(options: SoftShareOptions<'softShare'>) {
  const plugin = softShare(options);
  const {plan} = planOf(plugin, context);
  const penalty = plugin.penalty?.({weights: context.initial} as Forward, {plan} as Step<typeof plan, null>);
  if (penalty === undefined || penalty instanceof tf.Tensor)
    throw new Error('the penalty is not in closed form');
  return penalty;
}

describe('softShare', () => {
  const values = (name: string) => Array.from(context.initial[name]!.dataSync());

  it('sums over the places of layers', () => {
    const {value, gradients} = penaltyOf({strength: 0.2, layers: ['a', 'b']});
    const kernels = byDefinition([values('a/kernel'), values('b/kernel')], 0.2);
    const biases = byDefinition([values('a/bias'), values('b/bias')], 0.2);
    expectClose(value, [kernels.value + biases.value]);
    expectClose(gradients['b/kernel']!, kernels.gradients[1]!);
    expectClose(gradients['a/bias']!, biases.gradients[0]!);
  });

  it('adds up over the pairs that a weight is in, and does not move a frozen one', () => {
    const pairs = [
      ['a/kernel', 'b/kernel'],
      ['a/kernel', 'c/kernel'],
    ] as const;
    const {gradients} = penaltyOf({strength: 1, pairs});
    expect(Object.keys(gradients).sort()).toEqual(['a/kernel', 'b/kernel']);
    const [a, b, c] = ['a', 'b', 'c'].map((layer) => values(`${layer}/kernel`)) as [
      number[],
      number[],
      number[],
    ];
    expectClose(
      gradients['a/kernel']!,
      a.map((value, i) => 2 * value - b[i]! - c[i]!),
    );
  });

  it('is idle at strength 0', () => {
    expect(softShare({strength: 0, layers: ['a', 'b']}).setup?.(context).idle).toBe(true);
    expect(softShare({layers: ['a', 'b']}).setup?.(context).idle).toBeUndefined();
  });

  it.each([
    ['a negative strength', {strength: -1, layers: 'a'}, 'out-of-range'],
    ['no pairs', {pairs: []}, 'not-a-list'],
    ['pairs and layers', {pairs: [['a', 'b']], layers: 'a'}, 'bad-pairs'],
    ['neither', {}, 'missing-option'],
    ['an unknown option', {weight: 'a'}, 'unknown-option'],
  ] as const)('refuses %s', (_, options, code) => {
    const make = () => softShare(options as SoftShareOptions<'softShare'>);
    expect(make).toThrow(RegularizerError);
    expect(make).toThrow(expect.objectContaining({code}));
  });

  it('refuses pairs of other shapes', () => {
    expect(() => penaltyOf({pairs: [['a/kernel', 'b/bias']]})).toThrow(/differ in shape/);
  });
});
