import * as tf from '@tensorflow/tfjs-core';
import type {Tensors} from '../info.ts';
import {type Program, withDerived} from '../program/program.ts';
import type {CheckedArrays} from './data.ts';
import type {Pace} from './pace.ts';

/**
 * Batch statistics of averaged weights: the mean over the training data's batches of each batch's own mean and
 * variance (Izmailov et al. 2018, https://arxiv.org/abs/1803.05407, section 3.2). The result shares every other
 * weight with `weights`; its statistics are the caller's to dispose of.
 */
export async function recalibrate(
  program: Program,
  weights: Tensors,
  data: CheckedArrays,
  batchSize: number,
  pace: Pace,
): Promise<Tensors> {
  const names = program.weights.filter(({role}) => role === 'statistic').map(({name}) => name);
  if (names.length === 0) return weights;
  let sums: Record<string, tf.Tensor> = {};
  for (let start = 0; start < data.examples; start += batchSize) {
    const size = Math.min(batchSize, data.examples - start);
    const last = sums;
    sums = tf.tidy(() => addStatistics(program, weights, names, data, start, size, last));
    tf.dispose(last);
    await pace.rest();
  }
  return {...weights, ...sums};
}

function addStatistics(
  program: Program,
  weights: Tensors,
  names: readonly string[],
  data: CheckedArrays,
  start: number,
  size: number,
  sums: Tensors,
): Record<string, tf.Tensor> {
  const {written} = program.adapter.forward({
    inputs: data.inputs.map((x) => tf.slice(x, [start], [size])),
    weights: withDerived(program, {...weights, ...zeros(weights, names)}),
    training: true,
    batchStatistics: true,
    sites: new Set(),
    onSite: (value) => value,
  });
  const share = size / data.examples;
  return Object.fromEntries(
    names.map((name) => {
      const part = tf.mul(written[name]!, share);
      const sum = sums[name];
      return [name, sum ? tf.add(sum, part) : part];
    }),
  );
}

/** What a batch's statistics are blended with at weight zero: at zeros the sum is exact. */
function zeros(weights: Tensors, names: readonly string[]): Tensors {
  return Object.fromEntries(names.map((name) => [name, tf.zerosLike(weights[name]!)]));
}
