import {createRequire, Module} from 'node:module';
import {sep} from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {NativeError} from './errors.ts';
import {type Candidate, resolveModule} from './locate.ts';
import {utilWithRemoved} from './util-shim.ts';

/** What this package uses of the module that `@tensorflow/tfjs-node` exports. */
export interface TfjsNode {
  /** The class of tensors: the same one as tfjs-core's where there is one copy of it. */
  readonly Tensor: typeof tf.Tensor;
  /** The functions that only Node has. */
  readonly node: {
    loadSavedModel(path: string, tags?: string[], signature?: string): Promise<SavedModel>;
    getNumOfSavedModels(): number;
  };
}

/** A signature of a SavedModel, opened in a TensorFlow session. */
export interface SavedModel {
  /** Runs the signature. */
  predict(inputs: tf.Tensor | tf.Tensor[] | tf.NamedTensorMap): tf.Tensor | tf.Tensor[] | tf.NamedTensorMap;
  /** Releases the session. */
  dispose(): void;
}

type RequireMethod = (this: NodeJS.Module, id: string) => unknown;

/**
 * Loads a copy of tfjs-node with a given addon and with the program's one copy of tfjs.
 *
 * While it loads, and for its own files only, some of its `require` calls are answered here: where the addon
 * is, which tfjs, and a `util` that still has what Node 23 removed. Nothing is written to node_modules.
 *
 * @param candidate - the copy and the addon
 * @returns what `@tensorflow/tfjs-node` exports; its backend is registered
 * @throws NativeError if the addon doesn't load, or tfjs-core is there twice
 */
export function loadTfjsNode({copy, bindingPath}: Candidate): TfjsNode {
  const require = createRequire(import.meta.url);
  const tfjs = resolveModule('@tensorflow/tfjs');
  if (!tfjs) {
    throw new NativeError('@tensorflow/tfjs is not installed, and tfjs-node needs it.', {
      code: 'not-set-up',
      hint: 'Run: npm install @tensorflow/tfjs@4.22.0',
    });
  }
  const answers: Record<string, () => unknown> = {
    util: () => utilWithRemoved,
    '@tensorflow/tfjs': () => require(tfjs),
    // biome-ignore lint/style/noRestrictedImports: what tfjs-node asks for, handed on
    '@tensorflow/tfjs-core': () => require('@tensorflow/tfjs-core'), // used without being declared
    '@mapbox/node-pre-gyp': () => ({find: () => bindingPath}),
  };
  const within = copy.folder + sep;
  const ofModule = Module.prototype as unknown as {require: RequireMethod};
  const original = ofModule.require;
  ofModule.require = function (id) {
    const answer = this.filename?.startsWith(within) ? answers[id] : undefined;
    return answer ? answer() : original.call(this, id);
  };
  try {
    const loaded = require(copy.folder) as TfjsNode;
    requireOneCopy(loaded, tfjs);
    return loaded;
  } finally {
    ofModule.require = original;
  }
}

function requireOneCopy(loaded: TfjsNode, tfjs: string): void {
  if (loaded.Tensor === tf.Tensor) return;
  throw new NativeError(`There are two copies of @tensorflow/tfjs-core; one belongs to ${tfjs}.`, {
    code: 'two-copies',
    hint: 'Give every @tensorflow package the same version, and run: npm dedupe',
  });
}
