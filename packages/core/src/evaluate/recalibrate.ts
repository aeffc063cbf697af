import * as tf from '@tensorflow/tfjs-core';
import type {Pace} from '../backend/pace.ts';
import type {Source} from '../data/source.ts';
import type {Tensors} from '../info.ts';
import {untilAborted} from '../lib/aborted.ts';
import {RegularizerError} from '../lib/errors.ts';
import {entryOf} from '../lib/item.ts';
import {mapValues} from '../lib/map-values.ts';
import {pickTensors} from '../lib/tensors.ts';
import {type Program, withDerived} from '../plugins/program.ts';

/**
 * Batch statistics of averaged weights: the mean over the training data's batches of each batch's own mean and
 * variance (Izmailov et al. 2018, https://arxiv.org/abs/1803.05407, section 3.2). The result shares every other
 * weight with `weights`; its statistics are the caller's to dispose of.
 *
 * @throws RegularizerError with code `no-second-pass` for a stream that gives nothing when it is opened again; Aborted at
 *   the signal
 */
export async function recalibrate(
  program: Program,
  weights: Tensors,
  source: Source,
  pace: Pace,
  signal: AbortSignal | undefined,
): Promise<Tensors> {
  const names = program.weights.filter(({role}) => role === 'statistic').map(({name}) => name);
  if (names.length === 0) return weights;
  let means: Record<string, tf.Tensor> = {};
  let examples = 0;
  try {
    for await (const inputs of untilAborted(source.inputs(program, signal), signal)) {
      const size = inputs[0]?.shape[0] ?? 0;
      examples += size;
      const last = means;
      means = tf.tidy(() => addStatistics(program, weights, names, inputs, size / examples, last));
      tf.dispose(last);
      await pace.rest();
    }
  } catch (error) {
    tf.dispose(means);
    throw error;
  }
  if (examples > 0) return {...weights, ...means};
  throw new RegularizerError({
    where: 'fit',
    code: 'no-second-pass',
    message: 'the stream gave nothing when it was opened again for the batch statistics of averaged weights',
    hint: 'Its iterator() must start a new pass each time it is called, as that of a tf.data.Dataset does.',
  });
}

/** The means with one more batch, which is this share of all examples so far. */
function addStatistics(
  program: Program,
  weights: Tensors,
  names: readonly string[],
  inputs: readonly tf.Tensor[],
  share: number,
  means: Tensors,
): Record<string, tf.Tensor> {
  const {written} = program.adapter.forward({
    inputs,
    weights: withDerived(program, {...weights, ...zeros(weights, names)}),
    training: true,
    batchStatistics: true,
    sites: new Set(),
    onSite: (value) => value,
  });
  return Object.fromEntries(
    names.map((name) => {
      const statistic = entryOf(written, name);
      const mean = means[name];
      return [name, mean ? tf.add(mean, tf.mul(tf.sub(statistic, mean), share)) : tf.clone(statistic)];
    }),
  );
}

/** What a batch's statistics are blended with at weight zero: at zeros the sum is exact. */
function zeros(weights: Tensors, names: readonly string[]): Tensors {
  return mapValues(pickTensors(weights, names), (w) => tf.zerosLike(w));
}
