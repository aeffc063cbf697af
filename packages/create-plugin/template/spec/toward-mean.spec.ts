import {expectClose} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {test} from 'vitest';
import {towardMeanPenalty} from '../src/toward-mean-penalty.js';

test('the penalty is the formula: of 3 and 5 with the mean 4, ½ · a · (1 + 1)', () => {
  const {value, gradient} = towardMeanPenalty(tf.tensor1d([3, 5]), 0.1);
  expectClose(value, 0.1, 'reduction');
  expectClose(gradient, [-0.1, 0.1], 'elementwise');
});

test('its gradient is that of its value', () => {
  const w = tf.tensor1d([3, 5, -2]);
  const byTensorFlow = tf.grad((x) => towardMeanPenalty(x, 0.1).value)(w);
  expectClose(towardMeanPenalty(w, 0.1).gradient, byTensorFlow, 'reduction');
});
