// Node only: which backend trains, and the runner on it.
import {createRequire} from 'node:module';
import {dirname, join, sep} from 'node:path';
import {RegularizerError} from '@regularizers/core';
import {NativeError, type NativeInfo, registerNative} from '@regularizers/native';
import * as tf from '@tensorflow/tfjs-core';
import type {DataLoaders} from '../data/catalog.ts';
import type {MnistBytes} from '../data/mnist.ts';
import {mnist} from '../data/mnist.ts';
import type {LoadOwn} from '../data/own/own-data.ts';
import {ownFiles} from '../data/own/own-files.ts';
import {hasChromium} from '../headless/browser.ts';
import {browserRunner} from '../headless/browser-runner.ts';
import type {Recipe} from '../recipe.ts';
import {localRunner, type Runner} from '../runner.ts';
import type {Entry} from '../workers/task.ts';
import type {BackendName, FixedBackend, LocalBackend} from './backend-names.ts';
import type {LoadedPlugin} from './plugins.ts';

/** Where data files, plugins and the native backend come from, which are not embedded. */
export interface Sources {
  readonly mnistBytes: () => Promise<MnistBytes>;
  /** Makes data of the user's own. @defaultValue from files of this machine */
  readonly own?: LoadOwn | undefined;
  /** What `--plugin` names. @defaultValue nothing */
  readonly plugins?: readonly LoadedPlugin[];
  /** How this program is started again, for processes that train beside it. @defaultValue none is: it trains itself */
  readonly entry?: Entry;
  /** Loads the native backend. @defaultValue that of `@regularizers/native` */
  readonly registerNative?: () => Promise<Pick<NativeInfo, 'tensorflowVersion'>>;
}

/** What {@link openRunner} found. */
export interface OpenedRunner {
  readonly runner: Runner;
  /** Which backend it is. */
  readonly backend: FixedBackend;
  /** Why it is not native, and what to do about it; for `auto` only. */
  readonly note?: string;
}

/**
 * The runner of a backend. Only `auto` ever settles for another one, and says so.
 *
 * @param signal ends the browser, where there is one, with whatever it does
 * @throws NativeError or RegularizerError if the backend cannot be had here
 */
export async function openRunner(
  name: BackendName,
  recipe: Recipe,
  sources: Sources,
  signal?: AbortSignal,
): Promise<OpenedRunner> {
  if (name !== 'auto') return {backend: name, runner: await open(name, sources, signal)};
  try {
    return {backend: 'native', runner: await open('native', sources, signal)};
  } catch (error) {
    if (!NativeError.isInstance(error)) throw error;
    const {instead, runner} = await openNext(recipe, sources, signal);
    const note = `Training on ${instead}, because the native backend is not there. ${error.hint}`;
    return {runner, backend: instead, note};
  }
}

/** The next fastest backend: wasm, if it has the gradients that the recipe's model needs; the others have all. */
async function openNext(
  recipe: Recipe,
  sources: Sources,
  signal: AbortSignal | undefined,
): Promise<{readonly instead: FixedBackend; readonly runner: Runner}> {
  const runner = await open('wasm', sources, signal);
  if (await canTrain(runner, recipe)) return {instead: 'wasm', runner};
  await runner.close();
  const instead = hasChromium() ? 'webgl' : 'cpu';
  return {instead, runner: await open(instead, sources, signal)};
}

async function canTrain(runner: Runner, recipe: Recipe): Promise<boolean> {
  try {
    await runner.preview(recipe);
    return true;
  } catch (error) {
    if (RegularizerError.isInstance(error) && error.code === 'no-gradient') return false;
    throw error;
  }
}

async function open(name: FixedBackend, sources: Sources, signal: AbortSignal | undefined): Promise<Runner> {
  const loaders = loadersOf(sources);
  if (name === 'webgl') return browserRunner({...sources, own: loaders.own, signal});
  return localRunner(await useBackend(name, sources), loaders, sources.plugins);
}

/** Where data comes from that is not embedded. */
export const loadersOf = ({mnistBytes, own = ownFiles()}: Sources): DataLoaders => ({
  mnist: async (options) => mnist(await mnistBytes(), options),
  own,
});

/**
 * Makes a backend of this process the current one.
 *
 * @returns what a person calls it
 * @throws NativeError or RegularizerError if it cannot be had here
 */
export async function useBackend(
  name: LocalBackend,
  sources: Pick<Sources, 'registerNative'> = {},
): Promise<string> {
  if (name === 'native') {
    const {tensorflowVersion} = await (sources.registerNative ?? registerNative)();
    return `native (TensorFlow ${tensorflowVersion})`;
  }
  if (name === 'wasm') await loadWasm();
  else await import('@tensorflow/tfjs-backend-cpu');
  await use(name);
  return name;
}

async function loadWasm(): Promise<void> {
  const {setWasmPaths} = await import('@tensorflow/tfjs-backend-wasm');
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(join(dirname(main), sep));
}

async function use(name: 'cpu' | 'wasm'): Promise<void> {
  tf.enableProdMode(); // no greeting on the console
  if (await tf.setBackend(name)) return;
  throw new RegularizerError({
    where: 'lab',
    code: 'no-backend',
    message: `tfjs cannot start its backend ${name}`,
  });
}
