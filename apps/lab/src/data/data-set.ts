import {RegularizerError} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import type {ExamplesEncoding, TableEncoding} from './encoding.ts';

/** What is asked of the model. */
export type DataKind = 'classification' | 'regression' | 'autoencoding';

/** The three parts of a data set. */
export const splitNames = ['train', 'validation', 'test'] as const;
export type SplitName = (typeof splitNames)[number];

/** How what the user's files hold became numbers: plain JSON. */
export type Encoding = TableEncoding | ExamplesEncoding;

/** Examples, one after the other. */
export interface Split<Targets> {
  readonly size: number;
  /** `[size, ...inputShape]`, row by row. */
  readonly x: Float32Array;
  /** One class per example, or `[size, ...targetShape]`, row by row. */
  readonly y: Targets;
  /** The right ones, where `y` is known to be wrong of some. */
  readonly truth?: Targets;
}

interface DataSetBase<Targets> {
  readonly name: string;
  /** One sentence for a person. */
  readonly description: string;
  /** Shape of one input, such as `[28, 28, 1]`. */
  readonly inputShape: readonly number[];
  /** Of data of the user's own. */
  readonly encoding?: Encoding;
  readonly train: Split<Targets>;
  readonly validation: Split<Targets>;
  readonly test: Split<Targets>;
}

/** Inputs and the class of each. */
export interface ClassificationData extends DataSetBase<Int32Array> {
  readonly kind: 'classification';
  readonly classes: number;
  /** What a person calls each class. */
  readonly classNames: readonly string[];
}

/** Inputs and real-valued targets; for autoencoding the targets are the inputs. */
export interface ValuesData extends DataSetBase<Float32Array> {
  readonly kind: 'regression' | 'autoencoding';
  /** Shape of one target, such as `[1]`. */
  readonly targetShape: readonly number[];
}

/** Data to learn from: what to train on, what to choose by, and what to judge by. */
export type DataSet = ClassificationData | ValuesData;

/** Number of values in one example. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, side) => size * side, 1);

/** The same inputs with themselves as targets. */
export function toAutoencoding(data: DataSet): ValuesData {
  const mirrored = ({size, x}: Split<unknown>): Split<Float32Array> => ({size, x, y: x});
  return {
    name: data.name,
    description: `${data.description} The target is the input.`,
    kind: 'autoencoding',
    inputShape: data.inputShape,
    targetShape: data.inputShape,
    ...(data.encoding ? {encoding: data.encoding} : {}),
    train: mirrored(data.train),
    validation: mirrored(data.validation),
    test: mirrored(data.test),
  };
}

/**
 * One split as tensors: x `[size, ...inputShape]`; y int32 `[size]` for classes, else float32
 * `[size, ...targetShape]`. The caller disposes them.
 */
export function toTensors(data: DataSet, name: SplitName): {x: tf.Tensor; y: tf.Tensor} {
  const {x, y, size} = data[name];
  return {
    x: tf.tensor(x, [size, ...data.inputShape], 'float32'),
    y:
      data.kind === 'classification'
        ? tf.tensor1d(y, 'int32')
        : tf.tensor(y, [size, ...data.targetShape], 'float32'),
  };
}

/**
 * Examples of a split, picked by position.
 *
 * @param stride values per example
 */
export function gatherRows<Values extends Float32Array | Int32Array | Uint8Array>(
  values: Values,
  stride: number,
  rows: Int32Array,
): Float32Array {
  const picked = new Float32Array(rows.length * stride);
  rows.forEach((row, position) => {
    picked.set(values.subarray(row * stride, (row + 1) * stride), position * stride);
  });
  return picked;
}

/**
 * Checks that every split holds what its shapes say, classes are in range and values are finite.
 *
 * @throws RegularizerError with code `bad-data`
 */
export function checkDataSet<Data extends DataSet>(data: Data): Data {
  for (const name of splitNames) {
    const {size, x, y} = data[name];
    const complain = (message: string): never => {
      throw new RegularizerError({
        where: data.name,
        code: 'bad-data',
        message: `the ${name} split ${message}`,
      });
    };
    if (size < 1) complain('is empty');
    const width = sizeOf(data.inputShape);
    if (x.length !== size * width) complain(`has ${x.length} input values, not ${size} × ${width}`);
    const targets = data.kind === 'classification' ? 1 : sizeOf(data.targetShape);
    if (y.length !== size * targets) complain(`has ${y.length} target values, not ${size} × ${targets}`);
    if (!x.every(Number.isFinite)) complain('has inputs that are not finite');
    if (data.kind === 'classification') {
      const stray = data[name].y.find((label) => label < 0 || label >= data.classes);
      if (stray !== undefined) complain(`has class ${stray}; there are ${data.classes}`);
    } else if (!y.every(Number.isFinite)) complain('has targets that are not finite');
  }
  return data;
}
