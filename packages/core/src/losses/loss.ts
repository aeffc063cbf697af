import type * as tf from '@tensorflow/tfjs-core';
import type {LossInfo} from '../info.ts';

/** A loss: one value per example. */
export interface Loss extends LossInfo {
  /** Integer targets `[batch, ...]` are made one-hot before anything sees them. */
  readonly sparse?: boolean;
  /** Targets may be −1 and 1 as well: −1 is made 0 before anything sees it. */
  readonly signed?: boolean;
  /** Values `[batch]` from a target and an output, `[batch, ...]` each. */
  perExample(target: tf.Tensor, output: tf.Tensor): tf.Tensor1D;
}
