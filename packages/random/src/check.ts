// Errors of this package: built-in types, one prefix, the value that was received.
import type * as tf from '@tensorflow/tfjs-core';
import type {KeyLike, KeyPair} from './key.ts';

/** A parameter of a distribution: a number, or a tensor that broadcasts to the shape that is drawn. */
export type Parameter = number | tf.Tensor;

export function checkShape(shape: readonly number[], largestRank = 6): number[] {
  if (!Array.isArray(shape) || shape.some((size) => !Number.isSafeInteger(size) || size < 0)) {
    throw new RangeError(`[random] shape must hold non-negative integers; received [${shape}]`);
  }
  if (shape.length > largestRank) {
    throw new RangeError(`[random] shape must have at most ${largestRank} dimensions; received [${shape}]`);
  }
  return [...shape];
}

export function checkCount(n: number): number {
  if (!Number.isSafeInteger(n) || n < 0) {
    throw new RangeError(`[random] n must be a non-negative integer; received ${n}`);
  }
  return n;
}

export function isPair(key: KeyLike): key is KeyPair {
  return Array.isArray(key);
}

export function checkKey(key: KeyLike): void {
  if (isPair(key)) checkPair(key);
  else if (key?.dtype !== 'int32' || key.size !== 2 || key.shape.length !== 1) {
    const received = key?.shape ? `${key.dtype} [${key.shape}]` : String(key);
    throw new TypeError(
      `[random] a key must be a pair or an int32 tensor of shape [2]; received ${received}`,
    );
  }
}

export function checkPair(key: KeyPair): void {
  if (key.length !== 2 || !Number.isInteger(key[0]) || !Number.isInteger(key[1])) {
    throw new TypeError(`[random] a key must be a pair of integers; received [${key}]`);
  }
}

/** Numbers are checked; tensors can't be without reading them back, and are taken as they are. */
export function checkParameter(
  name: string,
  value: Parameter,
  range: string,
  ok: (x: number) => boolean,
): void {
  if (typeof value === 'number' && !ok(value)) {
    throw new RangeError(`[random] ${name} must be ${range}; received ${value}`);
  }
}

export function checkFinite(name: string, value: Parameter): void {
  checkParameter(name, value, 'finite', Number.isFinite);
}

export function checkOrder(min: Parameter, max: Parameter): void {
  checkFinite('min', min);
  checkFinite('max', max);
  if (typeof min === 'number' && typeof max === 'number' && min > max) {
    throw new RangeError(`[random] min must not be above max; received ${min} and ${max}`);
  }
}

/** Bounds of integers: whole, in order, and small enough for a WebGL texture to hold every value (2²⁴). */
export function checkIntegerBounds(min: number, max: number): void {
  const limit = 2 ** 24;
  if (!Number.isInteger(min) || !Number.isInteger(max) || min >= max) {
    throw new RangeError(`[random] min and max must be integers, min below max; received ${min} and ${max}`);
  }
  if (min < -limit || max > limit + 1) {
    throw new RangeError(`[random] min and max must stay within ±2^24; received ${min} and ${max}`);
  }
}
