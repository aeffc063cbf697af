import * as tf from '@tensorflow/tfjs-core';
import {checkFunction} from './check-function.ts';
import {looking} from './given.ts';

/** Nested JSON and tensors: what a plugin's state is made of. */
export type StateTree =
  | tf.Tensor
  | string
  | number
  | boolean
  | null
  | readonly StateTree[]
  | {readonly [key: string]: StateTree};

/** Calls `visit` on every tensor of a tree, in a fixed order (that of the keys), with its path. */
export function forEachTensor(tree: StateTree, visit: (tensor: tf.Tensor, path: string) => void): void {
  checkFunction('forEachTensor', 'the visitor', visit);
  for (const {tensor, path} of leavesOf(tree)) visit(tensor, path);
}

/** The same tree with every tensor replaced by what `change` returns for it. */
export function mapTensors(
  tree: StateTree,
  change: (tensor: tf.Tensor, path: string) => StateTree,
): StateTree {
  checkFunction('mapTensors', 'the change', change);
  const changed = leavesOf(tree).map(({tensor, path}) => change(tensor, path));
  return replaced(tree, changed.values());
}

/** Every tensor of a tree, in the order of {@link forEachTensor}. */
export function tensorsOf(tree: StateTree): tf.Tensor[] {
  return leavesOf(tree).map(({tensor}) => tensor);
}

interface Leaf {
  readonly tensor: tf.Tensor;
  /** Keys and places on the way there: `momentum/0`. */
  readonly path: string;
}

/** What is done with tensors is done outside, so that an error in here is one of the tree: a circle, say. */
function leavesOf(tree: StateTree): readonly Leaf[] {
  const found: Leaf[] = [];
  const collect = (part: StateTree, path: string): void => {
    if (part instanceof tf.Tensor) found.push({tensor: part, path});
    else for (const [key, child] of childrenOf(part)) collect(child, path === '' ? key : `${path}/${key}`);
  };
  looking('state', 'a tree of tensors', () => collect(tree, ''));
  return found;
}

/** A tree that was walked before, its tensors replaced in the same order. */
function replaced(tree: StateTree, by: Iterator<StateTree>): StateTree {
  if (tree instanceof tf.Tensor) return by.next().value as StateTree;
  if (Array.isArray(tree)) return tree.map((child: StateTree) => replaced(child, by));
  if (typeof tree !== 'object' || tree === null) return tree;
  return Object.fromEntries(childrenOf(tree).map(([key, child]) => [key, replaced(child, by)]));
}

function childrenOf(
  tree: Exclude<StateTree, tf.Tensor>,
): readonly (readonly [key: string, child: StateTree])[] {
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries<StateTree>(tree);
}
