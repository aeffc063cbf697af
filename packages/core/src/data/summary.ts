import * as tf from '@tensorflow/tfjs-core';
import type {DataSummary, ValuesSummary} from '../info.ts';
import {itemAt} from '../lib/item.ts';
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
  const [examples = 0] = shape;
  const perExample = values.length / examples;
  const partAt = (i: number): Part => {
    const at = (among?.[i] ?? i) * perExample;
    return ofNumbers(values.subarray(at, at + perExample));
  };
  let whole = partAt(0);
  for (let i = 1; i < (among?.length ?? examples); i++) whole = joined(whole, partAt(i));
  return whole;
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
  const cuts = Array.from({length: Math.ceil(examples / atOnce)}, (_, i) => {
    const start = i * atOnce;
    return {start, size: Math.min(atOnce, examples - start)};
  });
  const found = cuts.map(({start, size}) =>
    tf.tidy(() => {
      const part = among
        ? tf.gather(tensor, tf.tensor1d(among.subarray(start, start + size), 'int32'))
        : tf.slice(tensor, [start], [size]);
      const values = tf.cast(part, 'float32');
      const {mean, variance} = tf.moments(values);
      return tf.stack([tf.min(values), tf.max(values), mean, variance]);
    }),
  );
  // Read at once: each read waits for the device.
  const all = tf.concat(found);
  const numbers = await all.data();
  tf.dispose([all, ...found]);
  const parts = cuts.map(({size}, i): Part => {
    const number = (at: number): number => itemAt(numbers, 4 * i + at);
    return {count: size * perExample, min: number(0), max: number(1), mean: number(2), variance: number(3)};
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
