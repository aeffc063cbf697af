// What one process has seen of one backend says nothing of another.
import '@tensorflow/tfjs-backend-cpu';
import {defineRegularizer} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {afterEach, expect, test, vi} from 'vitest';
import {checkDrawsApart, checkIdle} from '../src/index.ts';

const native = 'tensorflow';
afterEach(() => tf.setBackend(native));

test('a plugin is checked on native after it was on cpu', async () => {
  vi.mocked(console.warn).mockImplementation(() => undefined); // tfjs greets on cpu in Node
  const create = () => defineRegularizer({name: 'nothing'});
  for (const backend of ['cpu', native, 'cpu']) {
    await tf.setBackend(backend);
    expect(tf.getBackend()).toBe(backend);
    await checkIdle({create, idle: create});
    await checkDrawsApart({create});
  }
});
