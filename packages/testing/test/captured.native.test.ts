// What a captured step would freeze must be noticed.
import {defineRegularizer} from '@regularizers/core';
import {checkCaptured, type RegularizerSpec} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';

test('a number of the host that changes from step to step is noticed', async () => {
  const counting: RegularizerSpec = {
    create: () => {
      let steps = 0;
      return defineRegularizer({
        name: 'counting',
        project: (weights) => {
          steps += 1;
          const factor = 1 - 0.05 * steps;
          return Object.fromEntries(Object.entries(weights).map(([name, w]) => [name, tf.mul(w, factor)]));
        },
      });
    },
  };
  await expect(checkCaptured(counting)).rejects.toThrow('is made on the host');
});
