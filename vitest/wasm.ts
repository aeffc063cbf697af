import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import {beforeAll} from 'vitest';

beforeAll(async () => {
  // No greeting on the console. IS_TEST would count the copies that wasm makes for a gradient as a leak of the kernel.
  tf.enableProdMode();
  await tf.setBackend('wasm');
});
