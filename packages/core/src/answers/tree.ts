import * as tf from '@tensorflow/tfjs-core';
import {describeValue} from '../lib/describe-value.ts';
import {isPlainObject} from '../lib/json.ts';
import {whyReserved} from '../lib/reserved.ts';

/** Deeper than any state, and shallower than the stack. */
const deepest = 64;

/** What keeps a value from being a state, nested JSON and tensors; undefined where nothing does. */
export function wrongTree(value: unknown, depth = 0): string | undefined {
  if (depth > deepest) return 'it is circular, or nested too deeply';
  if (value instanceof tf.Tensor) return wrongLeaf(value);
  if (Array.isArray(value)) return firstWrong(Array.from(value.entries()), depth);
  if (isPlainObject(value)) {
    const reserved = Object.keys(value)
      .map(whyReserved)
      .find((why) => why !== undefined);
    return reserved ?? firstWrong(Object.entries(value), depth);
  }
  const isJson = value === null || ['string', 'number', 'boolean'].includes(typeof value);
  return isJson ? undefined : `${describeValue(value)} is neither JSON nor a tensor`;
}

function firstWrong(
  entries: readonly (readonly [string | number, unknown])[],
  depth: number,
): string | undefined {
  for (const [key, child] of entries) {
    const wrong = wrongTree(child, depth + 1);
    if (wrong !== undefined) return depth > 0 ? wrong : `at ${key} ${wrong}`;
  }
  return undefined;
}

function wrongLeaf({dtype, isDisposed}: tf.Tensor): string | undefined {
  if (isDisposed) return 'the tensor is disposed of';
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return undefined;
  return `the tensor is of type ${dtype}; states hold float32, int32 and bool`;
}
