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
  const {min, max, mean, variance} = isOnHost(rows) ? onHost(rows, among) : await ofTensor(rows, among);
  return {min, max, mean, deviation: Math.sqrt(variance)};
}

/** One example after the other. */
function onHost({values, shape}: HostRows, among: Int32Array | undefined): Part {
  const perExample = values.length / shape[0]!;
  let whole: Part | undefined;
  for (let i = 0; i < (among?.length ?? shape[0]!); i++) {
    const at = (among?.[i] ?? i) * perExample;
    const part = ofNumbers(values.subarray(at, at + perExample));
    whole = whole ? joined(whole, part) : part;
  }
  return whole!;
}

function ofNumbers(values: HostRows['values']): Part {
  let [min, max, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
  }
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return {count: values.length, min, max, mean, variance: squares / values.length};
}

async function ofTensor(tensor: tf.Tensor, among: Int32Array | undefined): Promise<Part> {
  const perExample = tensor.size / (tensor.shape[0] ?? 0);
  const examples = among?.length ?? tensor.shape[0] ?? 0;
  const atOnce = Math.max(1, Math.floor(valuesAtOnce / perExample));
  const starts = Array.from({length: Math.ceil(examples / atOnce)}, (_, i) => i * atOnce);
  const sizes = starts.map((start) => Math.min(atOnce, examples - start));
  const found = starts.map((start, i) =>
    tf.tidy(() => {
      const part = among
        ? tf.gather(tensor, tf.tensor1d(among.subarray(start, start + sizes[i]!), 'int32'))
        : tf.slice(tensor, [start], [sizes[i]!]);
      const values = tf.cast(part, 'float32');
      const {mean, variance} = tf.moments(values);
      return tf.stack([tf.min(values), tf.max(values), mean, variance]) as tf.Tensor1D;
    }),
  );
  // Read at once: each read waits for the device.
  const all = tf.concat(found);
  const numbers = await all.data();
  tf.dispose([all, ...found]);
  const parts = sizes.map((size, i): Part => {
    const [min, max, mean, variance] = numbers.subarray(4 * i) as unknown as [number, number, number, number];
    return {count: size * perExample, min, max, mean, variance};
  });
  return parts.reduce(joined);
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
