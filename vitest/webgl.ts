import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl';
import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, inject} from 'vitest';

// A browser has no environment variables.
Object.assign(globalThis, {process: {env: {REGULARIZERS_THOROUGH: inject('thorough') ? '1' : '0'}}});

beforeAll(async () => {
  tf.env().set('IS_TEST', true); // no greeting on the console
  await tf.setBackend('webgl');
});
