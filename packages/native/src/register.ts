import {createRequire} from 'node:module';
import {type OptionsOf, option, readOptions} from '@regularizers/core';
import {registerLayerCall} from '@regularizers/core/execution';
import * as tf from '@tensorflow/tfjs-core';
import {backendName, type nativeBackend} from './backend.ts';
import {cacheDistrust, cacheRoot, notTrusted} from './cache.ts';
import {useCapturedSteps} from './capture/captured-executor.ts';
import {NativeError} from './errors.ts';
import {registerMissingKernels} from './kernels/register.ts';
import {batchNormalization} from './layers/batch-normalization.ts';
import {loadTfjsNode, type TfjsNode} from './load.ts';
import {type Candidate, findCandidates, findCopies, usualPlaces} from './locate.ts';
import {chooseOneDnn} from './one-dnn.ts';
import {loadQuietly} from './quiet.ts';
import {polyfillUtil} from './util-shim.ts';

/** Options of {@link registerNative}. */
export interface RegisterNativeOptions {
  /**
   * Trainers run their steps as one captured TensorFlow graph, unless they ask for `execution: 'eager'`.
   *
   * @defaultValue true
   */
  readonly captured?: boolean;
}

const described = {
  captured: option.flag({
    default: true,
    about: 'Trainers run their steps as one captured TensorFlow graph.',
  }),
} satisfies OptionsOf<RegisterNativeOptions>;

/** Which native backend is in use. */
export interface NativeInfo {
  /** The version of libtensorflow, e.g. `2.21.0`. */
  readonly tensorflowVersion: string;
  /**
   * Where it comes from: a tfjs-node that works as it is (`existing`), one that set-up installed with
   * tfjs-node's own script (`stock`), or libtensorflow out of TensorFlow's wheel (`wheel`).
   */
  readonly source: 'existing' | 'stock' | 'wheel';
  /** The compiled addon; undefined where the program loaded tfjs-node itself and it can't be told. */
  readonly bindingPath: string | undefined;
}

interface Registered {
  readonly info: NativeInfo;
  readonly module: TfjsNode | undefined;
}

let registered: Registered | undefined;

/**
 * Loads TensorFlow into this process, makes it tfjs's backend and adds the kernels that tfjs-node lacks. It
 * takes what is there: it never downloads or builds anything (`setupNative` does), and never settles for
 * another backend. Calling it again is free.
 *
 * TensorFlow's banner is kept off standard error, unless the environment sets `TF_CPP_MIN_LOG_LEVEL`. Whether it uses
 * oneDNN's kernels is what set-up found to be the fastest on this processor, unless the environment sets
 * `TF_ENABLE_ONEDNN_OPTS`.
 *
 * @param options - whether trainers capture their steps
 * @returns which TensorFlow it is and where it came from
 * @throws NativeError if there is no native backend, or it doesn't load; its hint says what to run; RegularizerError
 *   for options that are none
 *
 * @example
 * ```ts
 * const {tensorflowVersion} = await registerNative();
 * ```
 */
export async function registerNative(options: RegisterNativeOptions = {}): Promise<NativeInfo> {
  const {captured} = readOptions('registerNative', options, described);
  registered ??= takeLoaded() ?? load();
  await tf.setBackend(backendName);
  registerMissingKernels();
  registerLayerCall(backendName, 'BatchNormalization', batchNormalization);
  useCapturedSteps(captured);
  return registered.info;
}

/**
 * What `@tensorflow/tfjs-node` exports, for what only it has: `node.loadSavedModel` and its like. Import it
 * from here, not from the package, which in most installs has no addon of its own.
 *
 * @returns the module
 * @throws NativeError if `registerNative` hasn't been called
 */
export function tfjsNode(): TfjsNode {
  if (registered?.module) return registered.module;
  throw new NativeError('tfjs-node is not loaded.', {
    code: 'not-native',
    hint: 'Call `await registerNative()` first.',
  });
}

/** The tfjs-node that the program loaded before us, if it did. */
function takeLoaded(): Registered | undefined {
  if (!tf.findBackendFactory(backendName)) return undefined;
  polyfillUtil();
  const {cache} = createRequire(import.meta.url);
  const main = /[\\/]@tensorflow[\\/]tfjs-node(-gpu)?[\\/]dist[\\/]index\.js$/;
  const module = Object.values(cache).find((one) => one && main.test(one.filename));
  const addon = Object.keys(cache).find((path) => path.endsWith('tfjs_binding.node'));
  return {
    info: {tensorflowVersion: loadedVersion(), source: 'existing', bindingPath: addon},
    module: module?.exports as TfjsNode | undefined,
  };
}

function loadedVersion(): string {
  return (tf.findBackend(backendName) as ReturnType<typeof nativeBackend>).binding.TF_Version;
}

function load(): Registered {
  const failures: string[] = [];
  const places = usualPlaces();
  chooseOneDnn(places.root);
  for (const candidate of findCandidates(places)) {
    try {
      loadQuietly(candidate.bindingPath);
      const module = loadTfjsNode(candidate);
      const {source, bindingPath} = candidate;
      return {info: {tensorflowVersion: loadedVersion(), source, bindingPath}, module};
    } catch (error) {
      if (NativeError.isInstance(error)) throw error;
      failures.push(explain(candidate, error));
    }
  }
  throw failures.length > 0 ? notLoading(failures) : notSetUp();
}

function explain({bindingPath}: Candidate, error: unknown): string {
  return `${bindingPath}: ${error instanceof Error ? error.message : String(error)}`;
}

function notLoading(failures: readonly string[]): NativeError {
  return new NativeError(`The native backend is there but doesn't load.\n${failures.join('\n')}\n`, {
    code: 'will-not-load',
    hint: 'Run: npx regularizers-native doctor',
  });
}

function notSetUp(): NativeError {
  const root = cacheRoot();
  const open = cacheDistrust(root);
  if (open) return notTrusted(root, open);
  const missing =
    findCopies(usualPlaces()).length > 0 ? 'tfjs-node has no compiled addon' : 'tfjs-node is not installed';
  return new NativeError(`There is no native backend: ${missing}.`, {
    code: 'not-set-up',
    hint: 'Run: npx regularizers-native setup',
  });
}
