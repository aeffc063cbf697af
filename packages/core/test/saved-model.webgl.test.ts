// The lines by which the guide for browsers saves a trained model: in IndexedDB, and read again.
import * as tf from '@tensorflow/tfjs-core';
import {loadLayersModel} from '@tensorflow/tfjs-layers';
import {afterEach, expect, test} from 'vitest';
import {addressesIn, expectSameModel, trainedModel} from './support/saved-model.ts';

// As Vite gives a file's text.
const text = '../../../docs/guides/start-in-the-browser.md?raw';
const {default: guide} = await import(/* @vite-ignore */ text);
const {saved, loaded} = addressesIn(guide);
afterEach(async () => {
  await tf.io.removeModel(saved);
});

test('a trained model is kept in IndexedDB, and is the same when it is loaded', async () => {
  const model = await trainedModel();
  await model.save(saved);
  expect(Object.keys(await tf.io.listModels())).toContain(saved);
  await expectSameModel(model, await loadLayersModel(loaded));
});
