import {sameShape} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {type ToleranceKind, tolerance} from './tolerance.ts';

/** Numbers as a tensor, a number, or an array, nested or not. */
export type Values = tf.Tensor | number | ArrayLike<number> | readonly NestedValues[];

/** What an array of {@link Values} may hold. */
export type NestedValues = number | readonly NestedValues[];

interface Flat {
  readonly values: ArrayLike<number>;
  /** Undefined where only the number of values is known. */
  readonly shape: readonly number[] | undefined;
}

/**
 * Expects two sets of numbers to agree as closely as the current backend can compute them:
 * |actual − expected| ≤ tolerance(kind) · (1 + |expected|), element by element, and not-a-number only where it
 * is expected. A flat array stands for any shape of that many elements.
 *
 * @throws Error that says where they differ most, by how much, and how many do
 *
 * @example
 * ```ts
 * expectClose(tf.softmax(tf.tensor1d([0, 0])), [0.5, 0.5], 'transcendental');
 * ```
 */
export function expectClose(actual: Values, expected: Values, kind: ToleranceKind = 'elementwise'): void {
  const [a, b] = [flatten(actual), flatten(expected)];
  const shapesDiffer = a.shape && b.shape && !sameShape(a.shape, b.shape);
  if (shapesDiffer || a.values.length !== b.values.length) {
    throw new Error(`expected the shape ${showShape(b)}, but it is ${showShape(a)}`);
  }
  const allowed = tolerance(kind);
  const wrong: {at: number; error: number}[] = [];
  for (let i = 0; i < b.values.length; i++) {
    const error = distance(a.values[i]!, b.values[i]!);
    if (error > allowed) wrong.push({at: i, error});
  }
  if (wrong.length === 0) return;
  const worst = wrong.reduce((last, next) => (next.error > last.error ? next : last));
  const where = place(worst.at, a.shape ?? b.shape);
  throw new Error(
    `${where}: ${a.values[worst.at]}, expected ${b.values[worst.at]} ± ${allowed} ` +
      `(absolute and relative: ${kind} on ${tf.getBackend()}); ` +
      `${wrong.length} of ${b.values.length} differ, this one most`,
  );
}

/**
 * Expects two sets of numbers to be equal to the last bit: zeros of the same sign, not-a-number where it is
 * expected.
 *
 * @throws Error that says where they first differ, and how many do
 */
export function expectSame(actual: Values, expected: Values): void {
  const difference = differenceIn(flatten(actual), flatten(expected));
  if (difference) throw new Error(difference);
}

/** Where two lists of numbers differ in a bit, as text; undefined where they don't. */
export function differenceIn(a: Flat, b: Flat): string | undefined {
  const shapesDiffer = a.shape && b.shape && !sameShape(a.shape, b.shape);
  if (shapesDiffer || a.values.length !== b.values.length) {
    return `expected the shape ${showShape(b)}, but it is ${showShape(a)}`;
  }
  const wrong = Array.from(b.values, (value, i) => (Object.is(value, a.values[i]) ? -1 : i)).filter(
    (i) => i >= 0,
  );
  const [first] = wrong;
  if (first === undefined) return undefined;
  const where = place(first, a.shape ?? b.shape);
  return `${where}: ${show(a.values[first])}, expected ${show(b.values[first])}; ${wrong.length} of ${b.values.length} differ`;
}

/** |a − b| / (1 + |b|): 0 for what is the same, infinite where only one is finite. */
function distance(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0;
  const error = Math.abs(a - b) / (1 + Math.abs(b));
  return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
}

function flatten(values: Values): Flat {
  if (values instanceof tf.Tensor) return {values: values.dataSync(), shape: values.shape};
  if (typeof values === 'number') return {values: [values], shape: undefined};
  const isNested = Array.isArray(values) && values.some((value) => typeof value !== 'number');
  if (!isNested) return {values: values as ArrayLike<number>, shape: undefined};
  return {
    values: (values as number[]).flat(Number.POSITIVE_INFINITY),
    shape: shapeOf(values as NestedValues),
  };
}

function shapeOf(values: NestedValues): number[] {
  if (typeof values === 'number') return [];
  return [values.length, ...(values[0] === undefined ? [] : shapeOf(values[0]))];
}

function showShape({shape, values}: Flat): string {
  return shape ? `[${shape.join(', ')}]` : `of ${values.length} values`;
}

/** `[1, 3]`: the indices of an element along each axis. */
function place(at: number, shape: readonly number[] | undefined): string {
  if (!shape) return `[${at}]`;
  let rest = at;
  const indices = shape.toReversed().map((size) => {
    const index = rest % size;
    rest = Math.floor(rest / size);
    return index;
  });
  return `[${indices.reverse().join(', ')}]`;
}

/** A number as text, the sign of a zero included. */
function show(value: number | undefined): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
