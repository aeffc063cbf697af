// The page that `--backend webgl` drives: the runner, on WebGL, behind `window.lab`.
import '@tensorflow/tfjs-backend-webgl';
import * as tf from '@tensorflow/tfjs-core';
import {fetchMnistBytes, mnist} from '../data/mnist.ts';
import {localRunner} from '../runner.ts';
import {type DriverHandle, type Outcome, type PageHandle, sendError} from './protocol.ts';

const progressInterval = 100; // milliseconds between news

const runner = localRunner('webgl', {
  mnist: async (options) => mnist(await fetchMnistBytes(new URL('mnist/', location.href).href), options),
});
let abortion = new AbortController();
const driver = globalThis as unknown as DriverHandle;

async function settle<Value>(work: () => Promise<Value>): Promise<Outcome<Value>> {
  try {
    tf.enableProdMode(); // no advice on the console
    if (!(await tf.setBackend('webgl'))) throw new Error('this browser has no WebGL');
    return {value: await work()};
  } catch (error) {
    return {error: sendError(error)};
  }
}

const handle: PageHandle = {
  preview: (recipe) => settle(() => runner.preview(recipe)),
  run: (recipe) =>
    settle(() => {
      abortion = new AbortController();
      let last = 0;
      return runner.run(recipe, {
        signal: abortion.signal,
        onEpoch: (report) => void driver.labEpoch(report),
        onProgress: (progress) => {
          if (performance.now() - last < progressInterval) return;
          last = performance.now();
          void driver.labProgress(progress);
        },
      });
    }),
  abort: () => abortion.abort(),
};

Object.assign(globalThis, {lab: handle});
