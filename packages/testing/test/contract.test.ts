import {defineRegularizer} from '@regularizers/core';
import {uniform} from '@regularizers/random';
import {describeRegularizer} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {sampled} from '../../../vitest/share.ts';

/** Multiplies hidden values by uniform numbers around one, and counts its steps. */
const shaken = (spread: number) =>
  defineRegularizer({
    name: 'shaken',
    setup: ({sites}) => ({
      idle: spread === 0,
      at: sites.filter(({isOutput}) => !isOutput).map(({name}) => name),
      state: {steps: tf.zeros([])},
    }),
    activation: (value, site, step) => {
      const factor = uniform(value.shape, step.key(`factor/${site.index}`), {
        min: 1 - spread,
        max: 1 + spread,
      });
      return tf.mul(value, factor);
    },
    track: ({steps}) => ({steps: tf.add(steps, 1)}),
  });

const shrink = (rate: number) =>
  defineRegularizer({
    name: 'shrink',
    setup: () => ({idle: rate === 0}),
    project: (weights, {learningRate}) =>
      Object.fromEntries(
        Object.entries(weights).map(([name, w]) => [name, tf.sub(w, tf.mul(w, tf.mul(learningRate, rate)))]),
      ),
  });

const fixtures = [
  'classifier',
  'images',
  'residual',
  'autoencoder',
  'sequence',
  'regression',
  'composite',
] as const;

for (const fixture of sampled(fixtures)) {
  describeRegularizer(`noise at sites, ${fixture}`, {
    create: () => shaken(0.5),
    idle: () => shaken(0),
    fixture,
    name: 'shaken',
  });
}

describeRegularizer('decay', {create: () => shrink(0.1), idle: () => shrink(0)});
