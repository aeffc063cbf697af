import type * as tf from '@tensorflow/tfjs-core';
import type {Tensors} from '../info.ts';
import type {StateTree} from '../lib/tree.ts';

/** Everything that one member's training changes: a value, replaced whole by each step. */
export type MemberState = {
  /** Every weight but the derived ones: trained (the plugins' own too), statistics, frozen. */
  readonly weights: Tensors;
  readonly optimizer: StateTree;
  /** Each plugin's state by name. */
  readonly plugins: Readonly<Record<string, StateTree>>;
  /** Sums over the examples since the last report: loss, penalties, and what else is reported. */
  readonly totals: tf.Tensor;
};
