import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import {beforeAll} from 'vitest';

// No greeting on the console. IS_TEST would count the copies that wasm makes for a gradient as a leak of the kernel.
tf.enableProdMode();
// Started before a suite is read, since some make tensors as they are read, and wasm does not start by itself.
await tf.setBackend('wasm');

beforeAll(async () => {
  await tf.setBackend('wasm');
});
