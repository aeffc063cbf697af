import * as tf from '@tensorflow/tfjs-core';
import {type StateTree, tensorsOf} from './tree.ts';

/**
 * Counts who holds which tensor, and disposes a tensor when its last holder lets go. The current state, the
 * marks and the snapshots of a run are values that share most of their tensors, so that keeping one is free.
 */
export class Retained {
  readonly #holders = new Map<tf.Tensor, number>();

  /** Takes hold of every tensor of `tree`, and returns it. */
  hold<T extends StateTree>(tree: T): T {
    for (const tensor of tensorsOf(tree)) {
      // No scope that happens to be open may dispose of it.
      this.#holders.set(tf.keep(tensor), (this.#holders.get(tensor) ?? 0) + 1);
    }
    return tree;
  }

  /** Lets go of every tensor of `tree`. */
  release(tree: StateTree): void {
    for (const tensor of tensorsOf(tree)) {
      const left = (this.#holders.get(tensor) ?? 0) - 1;
      if (left > 0) {
        this.#holders.set(tensor, left);
      } else {
        this.#holders.delete(tensor);
        tensor.dispose();
      }
    }
  }

  /** Takes hold of the next tree before it lets go of the last one, so that what both share lives on. */
  replace<T extends StateTree>(last: StateTree, next: T): T {
    this.hold(next);
    this.release(last);
    return next;
  }

  /** Disposes of the tensors of `tree` that nobody holds. */
  drop(tree: StateTree): void {
    this.release(this.hold(tree));
  }

  /** Lets go of everything. */
  releaseAll(): void {
    for (const tensor of this.#holders.keys()) tensor.dispose();
    this.#holders.clear();
  }
}
