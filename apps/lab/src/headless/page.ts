// The page that `--backend webgl` drives: the runner, on WebGL, behind `window.lab`.
import {type Checkpoint, decodeCheckpoint, encodeCheckpoint} from '@regularizers/core';
import '@tensorflow/tfjs-backend-webgl';
import * as tf from '@tensorflow/tfjs-core';
import {bundledPlugins} from '../bundled-plugins.ts';
import type {DataLoaders} from '../data/catalog.ts';
import {fetchMnistBytes, mnist} from '../data/mnist.ts';
import {importPlugins} from '../plugins.ts';
import {localRunner, type Runner} from '../runner.ts';
import type {SavedModel} from '../saved-model.ts';
import {sendError} from '../sent-error.ts';
import {newsQueue} from './news.ts';
import {fetchOwnData} from './own-for.ts';
import type {Outcome, PageHandle, SentModel} from './protocol.ts';

const progressInterval = 100; // milliseconds between news
const checkpointInterval = 1000; // milliseconds between checkpoints, at the least

const loaders: DataLoaders = {
  mnist: async (options) => mnist(await fetchMnistBytes(new URL('mnist/', location.href).href), options),
  own: (options) => fetchOwnData(options),
};
let runner: Promise<Runner> | undefined;
/** With the plugins in the bundle: what is wrong with one of them is for whoever asks to hear. */
const opened = (): Promise<Runner> => {
  runner ??= importPlugins(bundledPlugins).then((plugins) => localRunner('webgl', loaders, plugins));
  return runner;
};
let controller = new AbortController();
const news = newsQueue();
/** Of what nobody waits for: what is wrong with it stays where it is heard. */
const mention = (one: Parameters<typeof news.tell>[0]): void => void news.tell(one).catch(() => undefined);

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
  preview: (recipe) => settle(async () => (await opened()).preview(recipe)),
  run: (recipe, {from, models: isAskedFor, look}) =>
    settle(async () => {
      const runner = await opened();
      controller = new AbortController();
      let last = 0;
      let saved = performance.now();
      const report = await runner.run(recipe, {
        signal: controller.signal,
        look,
        from: from === undefined ? undefined : fromText(from),
        onCheckpoint: async (save) => {
          const isSoon = performance.now() - saved < checkpointInterval;
          if (isSoon && !controller.signal.aborted) return; // what was reached at the abort is the last to be had
          await news.tell({kind: 'checkpoint', text: await toBase64(encodeCheckpoint(await save()))});
          saved = performance.now();
        },
        onEpoch: (report) => mention({kind: 'epoch', report}),
        onTrained: isAskedFor
          ? async (models) => news.tell({kind: 'trained', models: await Promise.all(models.map(toSent))})
          : undefined,
        onProgress: (progress) => {
          if (performance.now() - last < progressInterval) return;
          last = performance.now();
          mention({kind: 'progress', progress});
        },
      });
      await news.allHeard(); // before the result
      return report;
    }),
  next: (refused) => news.next(refused),
  abort: () => controller.abort(),
};

Object.assign(globalThis, {lab: handle});

function fromText(text: string): Checkpoint {
  return decodeCheckpoint(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
}

const toSent = async ({weights, ...rest}: SavedModel): Promise<SentModel> => ({
  ...rest,
  weights: await toBase64(weights),
});

/** By way of a data URL: `btoa` takes no bytes. */
function toBase64(bytes: Uint8Array): Promise<string> {
  const reader = new FileReader();
  return new Promise((resolve, reject) => {
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(new Blob([bytes as BlobPart]));
  });
}
