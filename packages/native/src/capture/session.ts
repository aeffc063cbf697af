import {rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {NativeBinding, NativeTensor} from '../backend.ts';
import {graphFolder} from './graph-folder.ts';
import {encodeSavedModel, graphTag, type NodeProto} from './saved-model.ts';

/** A graph in a TensorFlow session of its own, with the variables that it holds. */
export class Session {
  readonly #binding: NativeBinding;
  readonly #id: number;
  #isOpen = true;

  constructor(binding: NativeBinding, nodes: readonly NodeProto[]) {
    this.#binding = binding;
    // The C API opens sessions from folders alone; the folder is of no use once it is open.
    const folder = graphFolder();
    try {
      writeFileSync(join(folder, 'saved_model.pb'), encodeSavedModel(nodes));
      this.#id = binding.loadSavedModel(folder, graphTag);
    } finally {
      rmSync(folder, {recursive: true, force: true});
    }
  }

  /**
   * Runs what the outputs need.
   *
   * @param inputs - numbers of tensors
   * @param inputNames - names of the placeholders they feed, separated by commas: `a:0,b:0`
   * @param outputNames - names of what is wanted: `c:0,d:1`
   */
  run(inputs: readonly number[], inputNames: string, outputNames: string): readonly NativeTensor[] {
    return this.#binding.runSavedModel(this.#id, inputs, inputNames, outputNames);
  }

  /** Closes the session and releases its variables. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#binding.deleteSavedModel(this.#id);
  }
}
