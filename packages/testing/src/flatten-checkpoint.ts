import type {Checkpoint, StoredTensor} from '@regularizers/core';
import {showShape} from '@regularizers/core';
import {differenceIn, expectClose} from './close.ts';

/** A tensor or a piece of JSON of a checkpoint. */
type Leaf = StoredTensor | string | number | boolean | null;

/** A checkpoint as a flat list, by path: `0/state/weights/output/kernel`. */
export type FlatCheckpoint = ReadonlyMap<string, Leaf>;

/** The checkpoint's values by path, tensors in their places; wall times are left out. */
export function flattenCheckpoint({members, tensors, plugins, seed}: Checkpoint): FlatCheckpoint {
  const flat = new Map<string, Leaf>();
  const visit = (value: unknown, path: string): void => {
    if (value === undefined || path.endsWith('/seconds')) return;
    if (typeof value !== 'object' || value === null) {
      flat.set(path, value as Leaf);
    } else if ('$tensor' in value) {
      flat.set(path, tensors[String(value.$tensor)] ?? 'a tensor that was not saved');
    } else {
      const children = Object.entries(value);
      if (children.length === 0) flat.set(path, Array.isArray(value) ? '[]' : '{}');
      for (const [key, child] of children) visit(child, `${path}/${key}`);
    }
  };
  visit(plugins, 'plugins');
  visit(seed, 'seed');
  members.forEach((member, index) => {
    visit(member, String(index));
  });
  return flat;
}

/**
 * Where two checkpoints differ in a bit, as text; undefined where they don't.
 *
 * @param isCompared which paths count
 */
export function checkpointDifference(
  actual: Checkpoint,
  expected: Checkpoint,
  isCompared: (path: string) => boolean = () => true,
): string | undefined {
  const [a, b] = [flattenCheckpoint(actual), flattenCheckpoint(expected)];
  const paths = [...new Set([...b.keys(), ...a.keys()])].filter(isCompared);
  const differences = paths.flatMap((path) => leafDifference(path, a.get(path), b.get(path)) ?? []);
  const [first, ...others] = differences;
  return first && `${first}${others.length > 0 ? `; ${others.length} more values differ` : ''}`;
}

/**
 * Expects the weights of two checkpoints, a few steps into the run, to differ by no more than the rounding of sums that
 * are taken in another order.
 */
export function expectWeightsAlike(actual: Checkpoint, expected: Checkpoint, otherwise: string): void {
  const [a, b] = [flattenCheckpoint(actual), flattenCheckpoint(expected)];
  for (const [path, leaf] of b) {
    const other = a.get(path);
    if (!path.includes('/state/weights/') || !isTensor(leaf) || !isTensor(other)) continue;
    try {
      expectClose(other.values, leaf.values, 'reduction');
    } catch (error) {
      throw new Error(`${otherwise}: ${path}${(error as Error).message}`);
    }
  }
}

function leafDifference(
  path: string,
  actual: Leaf | undefined,
  expected: Leaf | undefined,
): string | undefined {
  if (!isTensor(actual) || !isTensor(expected)) {
    return Object.is(actual, expected) ? undefined : `${path} is ${show(actual)}, expected ${show(expected)}`;
  }
  if (actual.dtype !== expected.dtype) return `${path} is ${actual.dtype}, expected ${expected.dtype}`;
  const difference = differenceIn(actual, expected);
  return difference && `${path}${difference}`;
}

function isTensor(leaf: Leaf | undefined): leaf is StoredTensor {
  return typeof leaf === 'object' && leaf !== null;
}

function show(leaf: Leaf | undefined): string {
  if (leaf === undefined) return 'missing';
  if (isTensor(leaf)) return `a tensor ${showShape(leaf.shape)}`;
  return typeof leaf === 'string' ? JSON.stringify(leaf) : String(leaf);
}
