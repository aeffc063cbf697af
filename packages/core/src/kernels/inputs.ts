import type * as tf from '@tensorflow/tfjs-core';
import {entryOf} from '../lib/item.ts';

/** A kernel's inputs of these names, which it is not called without. */
export function inputsOf<Name extends string>(
  inputs: tf.NamedTensorInfoMap,
  ...names: readonly Name[]
): Readonly<Record<Name, tf.TensorInfo>> {
  return Object.fromEntries(names.map((name) => [name, entryOf(inputs, name)])) as never;
}
