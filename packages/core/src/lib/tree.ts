import * as tf from '@tensorflow/tfjs-core';

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
export function forEachTensor(
  tree: StateTree,
  visit: (tensor: tf.Tensor, path: string) => void,
  path = '',
): void {
  if (tree instanceof tf.Tensor) {
    visit(tree, path);
  } else if (Array.isArray(tree)) {
    tree.forEach((child: StateTree, index) => {
      forEachTensor(child, visit, join(path, String(index)));
    });
  } else if (typeof tree === 'object' && tree !== null) {
    for (const [key, child] of Object.entries(tree)) forEachTensor(child, visit, join(path, key));
  }
}

/** The same tree with every tensor replaced by what `change` returns for it. */
export function mapTensors(
  tree: StateTree,
  change: (tensor: tf.Tensor, path: string) => StateTree,
  path = '',
): StateTree {
  if (tree instanceof tf.Tensor) return change(tree, path);
  if (Array.isArray(tree)) {
    return tree.map((child: StateTree, index) => mapTensors(child, change, join(path, String(index))));
  }
  if (typeof tree === 'object' && tree !== null) {
    return Object.fromEntries(
      Object.entries(tree).map(([key, child]) => [key, mapTensors(child, change, join(path, key))]),
    );
  }
  return tree;
}

/** Every tensor of a tree, in the order of {@link forEachTensor}. */
export function tensorsOf(tree: StateTree): tf.Tensor[] {
  const found: tf.Tensor[] = [];
  forEachTensor(tree, (tensor) => found.push(tensor));
  return found;
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}/${key}`;
}
