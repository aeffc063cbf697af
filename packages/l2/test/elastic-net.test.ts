import {expectClose} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, it} from 'vitest';
import {elasticNet, elasticNetPenalty, l1Penalty, l2Penalty} from '../src/index.ts';
import {drive, weightInfo} from './drive.ts';
import * as keras from './keras.ts';

const model = [weightInfo('dense/kernel', [3, 4])];
const w = [...keras.w];

describe('elasticNetPenalty', () => {
  it("is Keras's L1L2, with twice its l2", () => {
    const {value, gradients} = elasticNetPenalty({w: tf.tensor(w, [3, 4])}, {l1: 0.1, l2: 0.1});
    expectClose(value, [keras.l1l2.value]);
    expectClose(gradients['w']!, keras.l1l2.gradient);
  });

  it('is the penalty that is left where one strength is 0, bit for bit', () => {
    const weights = {w: tf.tensor(w, [3, 4])};
    const onlyL2 = elasticNetPenalty(weights, {l1: 0, l2: 0.7});
    const onlyL1 = elasticNetPenalty(weights, {l1: 0.7, l2: 0});
    expect(onlyL2.gradients['w']?.dataSync()).toEqual(l2Penalty(weights, 0.7).gradients['w']?.dataSync());
    expect(onlyL1.gradients['w']?.dataSync()).toEqual(l1Penalty(weights, 0.7).gradients['w']?.dataSync());
    expect(onlyL2.value.dataSync()).toEqual(l2Penalty(weights, 0.7).value.dataSync());
    expect(onlyL1.value.dataSync()).toEqual(l1Penalty(weights, 0.7).value.dataSync());
  });
});

describe('elasticNet', () => {
  it('proximal: the L2 part stays a gradient, the L1 part is a threshold', () => {
    const weights = {'dense/kernel': tf.tensor(w, [3, 4])};
    const plugin = drive(elasticNet({l1: 0.1, l2: 0.1, proximal: true}), model);
    const {value, gradients} = plugin.penalty(weights);
    expectClose(value, [keras.l1l2.value]);
    expectClose(gradients['dense/kernel']!, keras.l2.gradient);
    // threshold = 3 · 0.1; elements within it, −0.25, 0, 0.25, become 0
    const expected = w.map((x) => Math.sign(x) * Math.max(Math.abs(x) - 0.3, 0));
    expectClose(plugin.project(weights, weights, 3)['dense/kernel']!, expected);
  });

  it('is idle where both strengths are 0, and refuses bad ones', () => {
    expect(drive(elasticNet({l1: 0, l2: 0}), model).setup).toEqual({idle: true});
    expect(drive(elasticNet({l1: 0}), model).setup.idle).toBeUndefined();
    expect(() => elasticNet({l1: -1})).toThrow('[elasticNet] l1 must be in [0, ∞); received -1');
    expect(() => elasticNet({l2: -1})).toThrow('[elasticNet] l2 must be in [0, ∞); received -1');
    // @ts-expect-error: it has two strengths
    expect(() => elasticNet({strength: 1})).toThrow('[elasticNet] unknown option strength');
  });
});
