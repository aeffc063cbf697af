import * as tf from '@tensorflow/tfjs-core';
import {RegularizerError} from '../errors.ts';
import type {Tensors} from '../info.ts';

/** Backends whose tensors are in the host's memory, so that looking at three numbers costs nothing. */
const hostBackends = new Set(['cpu', 'tensorflow', 'wasm']);

/** True where each step's numbers can be looked at without waiting for a device. */
export function canCheckEachStep(): boolean {
  return hostBackends.has(tf.getBackend());
}

/** What a report that is not finite came from. */
export interface NotFinite {
  readonly error: RegularizerError;
  /** The weights are not finite themselves: the update before was the bad one. */
  readonly inWeights: boolean;
}

/** Looks into a step whose report is not finite; undefined where it is. */
export async function notFinite(
  report: ArrayLike<number>,
  weights: Tensors | undefined,
  where: string,
): Promise<NotFinite | undefined> {
  const [loss = 0, penalty = 0] = [report[0], report[1]];
  if (Number.isFinite(loss) && Number.isFinite(penalty)) return undefined;
  const bad = weights ? await notFiniteNames(weights) : [];
  const what =
    bad.length > 0
      ? `the gradient of ${bad.join(', ')} made the weight not finite in the update before`
      : Number.isFinite(loss)
        ? `the penalty is ${penalty}`
        : `the data loss is ${loss}`;
  const error = new RegularizerError({
    where: 'trainer',
    code: 'not-finite',
    message: `training stopped ${where}: ${what}`,
    hint: 'A lower learning rate or clipped gradients help; inputs that are not finite or not scaled are the other usual cause.',
  });
  return {error, inWeights: bad.length > 0};
}

async function notFiniteNames(weights: Tensors): Promise<string[]> {
  const names = Object.keys(weights);
  const sums = tf.tidy(() =>
    tf.stack(names.map((name) => tf.sum(tf.abs(tf.cast(weights[name]!, 'float32'))))),
  );
  const values = await sums.data();
  sums.dispose();
  return names.filter((_, i) => !Number.isFinite(values[i]));
}
