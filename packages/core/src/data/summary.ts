import * as tf from '@tensorflow/tfjs-core';
import type {DataSummary, ValuesSummary} from '../info.ts';
import {type HostRows, isOnHost, type Rows} from './rows.ts';

/** Values of one tensor that are looked at at once: few, since a backend may add them up in float32 one by one. */
const valuesAtOnce = 2 ** 15;

/** Examples to look at. */
export interface Sample {
  readonly inputs: readonly Rows[];
  readonly targets: readonly Rows[];
  /** The places of those that count: what is held out is not looked at. @defaultValue all */
  readonly among?: Int32Array | undefined;
}

/** What examples are like. */
export async function summaryOf({inputs, targets, among}: Sample): Promise<DataSummary> {
  const each = async (all: readonly Rows[]): Promise<ValuesSummary[]> => {
    const summaries: ValuesSummary[] = [];
    for (const rows of all) summaries.push(await summaryOfRows(rows, among));
    return summaries;
  };
  return {inputs: await each(inputs), targets: await each(targets)};
}

/** A part's share of a summary. */
interface Part {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly variance: number;
}

async function summaryOfRows(rows: Rows, among: Int32Array | undefined): Promise<ValuesSummary> {
  const {min, max, mean, variance} = isOnHost(rows) ? ofBytes(rows, among) : await ofTensor(rows, among);
  return {min, max, mean, deviation: Math.sqrt(variance)};
}

/** How often each byte occurs says all of it. */
function ofBytes({values, shape}: HostRows, among: Int32Array | undefined): Part {
  const counts = new Float64Array(256);
  const perExample = values.length / shape[0]!;
  const parts = among
    ? Array.from(among, (at) => values.subarray(at * perExample, (at + 1) * perExample))
    : [values];
  for (const part of parts) for (const value of part) counts[value]! += 1;
  const each = Array.from(
    counts,
    (count, value): Part => ({count, min: value, max: value, mean: value, variance: 0}),
  );
  return each.filter(({count}) => count > 0).reduce(joined);
}

async function ofTensor(tensor: tf.Tensor, among: Int32Array | undefined): Promise<Part> {
  const perExample = tensor.size / (tensor.shape[0] ?? 0);
  const examples = among?.length ?? tensor.shape[0] ?? 0;
  const atOnce = Math.max(1, Math.floor(valuesAtOnce / perExample));
  let whole: Part | undefined;
  for (let start = 0; start < examples; start += atOnce) {
    const count = Math.min(atOnce, examples - start);
    const numbers = tf.tidy(() => {
      const part = among
        ? tf.gather(tensor, tf.tensor1d(among.subarray(start, start + count), 'int32'))
        : tf.slice(tensor, [start], [count]);
      const values = tf.cast(part, 'float32');
      const {mean, variance} = tf.moments(values);
      return tf.stack([tf.min(values), tf.max(values), mean, variance]);
    });
    const [min, max, mean, variance] = (await numbers.data()) as unknown as [number, number, number, number];
    numbers.dispose();
    const part = {count: count * perExample, min, max, mean, variance};
    whole = whole ? joined(whole, part) : part;
  }
  return whole!;
}

/** Chan, Golub and LeVeque 1983: the variance of two parts from those of each. */
function joined(one: Part, other: Part): Part {
  const count = one.count + other.count;
  const share = other.count / count;
  const apart = other.mean - one.mean;
  return {
    count,
    min: Math.min(one.min, other.min),
    max: Math.max(one.max, other.max),
    mean: one.mean + apart * share,
    variance: one.variance * (1 - share) + other.variance * share + apart ** 2 * share * (1 - share),
  };
}
