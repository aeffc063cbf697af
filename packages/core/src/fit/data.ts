import * as tf from '@tensorflow/tfjs-core';
import {describeValue} from '../describe-value.ts';
import {RegularizerError} from '../errors.ts';
import type {PortInfo} from '../info.ts';
import type {Loss} from '../losses.ts';

/** One tensor, or several in the order of the model's inputs or outputs, or by their names. */
export type Arrays = tf.Tensor | readonly tf.Tensor[] | Readonly<Record<string, tf.Tensor>>;

/** Examples in memory: the first axis of every tensor is the example. */
export interface ArrayData {
  /** Inputs, `[examples, ...]` each. */
  readonly x: Arrays;
  /** Targets, `[examples, ...]` each: the shape of the output, or class numbers for the sparse loss. */
  readonly y: Arrays;
  /** A weight for each example's loss, `[examples]`. */
  readonly sampleWeight?: tf.Tensor1D;
}

/** What a stream of batches yields: the element that `tf.data` makes for `model.fitDataset`. */
export interface StreamElement {
  readonly xs: Arrays;
  readonly ys: Arrays;
}

/** A stream of batches, as `tf.data.Dataset` is one. */
export interface StreamData {
  iterator(): Promise<{next(): Promise<IteratorResult<StreamElement>>}>;
}

/** Checked examples, as lists in the model's order. */
export interface CheckedArrays {
  readonly inputs: readonly tf.Tensor[];
  readonly targets: readonly tf.Tensor[];
  readonly sampleWeight: tf.Tensor1D | undefined;
  readonly examples: number;
}

/** What data is checked against. */
export interface DataShape {
  readonly inputs: readonly PortInfo[];
  readonly outputs: readonly PortInfo[];
  readonly losses: readonly Loss[];
}

/** True for a stream of batches. */
export function isStream(data: ArrayData | StreamData): data is StreamData {
  return 'iterator' in data;
}

/**
 * Checks examples against the model.
 *
 * @throws RegularizerError with code `data-shape`, naming the tensor, its shape and the one expected
 */
export function checkArrays(where: string, {x, y, sampleWeight}: ArrayData, shape: DataShape): CheckedArrays {
  const inputs = listInputs(where, x, shape);
  const targets = listOf(where, 'y', y, shape.outputs);
  const examples = inputs[0]?.shape[0] ?? 0;
  for (const [i, tensor] of targets.entries()) {
    const expected = shape.outputs[i]!.shape;
    const {sparse} = shape.losses[i]!;
    const isColumn = sparse && tensor.rank === expected.length && tensor.shape.at(-1) === 1;
    checkShape(
      where,
      'y',
      tensor,
      targetShape(expected, sparse, isColumn),
      examples,
      hintFor(tensor, expected, sparse),
    );
  }
  if (sampleWeight) checkShape(where, 'sampleWeight', sampleWeight, [null], examples);
  return {inputs, targets, sampleWeight, examples};
}

/**
 * Checks inputs alone.
 *
 * @throws RegularizerError with code `data-shape`
 */
export function listInputs(where: string, x: Arrays, {inputs: ports}: DataShape): readonly tf.Tensor[] {
  const inputs = listOf(where, 'x', x, ports);
  const examples = inputs[0]?.shape[0] ?? 0;
  if (examples === 0) refuse(where, 'x holds no examples');
  for (const [i, tensor] of inputs.entries()) checkShape(where, 'x', tensor, ports[i]!.shape, examples);
  return inputs;
}

/**
 * Checks that class numbers are those of the model's classes, with one read-back.
 *
 * @throws RegularizerError with code `data-range`
 */
export async function checkClasses(where: string, data: CheckedArrays, shape: DataShape): Promise<void> {
  for (const [i, {sparse}] of shape.losses.entries()) {
    if (!sparse) continue;
    const classes = shape.outputs[i]!.shape.at(-1) ?? 0;
    const bounds = tf.tidy(() => {
      const y = tf.cast(data.targets[i]!, 'float32');
      return tf.stack([tf.min(y), tf.max(y)]);
    });
    const [low = 0, high = 0] = await bounds.data();
    bounds.dispose();
    if (low >= 0 && high < classes) continue;
    throw new RegularizerError({
      where,
      code: 'data-range',
      message: `y holds the class ${low < 0 ? low : high}, but the model has classes 0 to ${classes - 1}`,
    });
  }
}

/** One target as plugins and losses see it: float, and one-hot where it holds class numbers. */
export function asTarget(target: tf.Tensor, {sparse}: Loss, output: PortInfo): tf.Tensor {
  if (!sparse) return target.dtype === 'float32' ? target : tf.cast(target, 'float32');
  const isColumn = target.rank === output.shape.length;
  const numbers = isColumn ? tf.squeeze(target, [target.rank - 1]) : target;
  return tf.cast(tf.oneHot(tf.cast(numbers, 'int32'), output.shape.at(-1) ?? 0), 'float32');
}

function listOf(
  where: string,
  what: string,
  arrays: Arrays,
  ports: readonly PortInfo[],
): readonly tf.Tensor[] {
  if (arrays instanceof tf.Tensor) return counted(where, what, [arrays], ports);
  if (Array.isArray(arrays)) return counted(where, what, arrays, ports);
  if (typeof arrays !== 'object' || arrays === null) {
    refuse(
      where,
      `${what} must be a tensor, a list of tensors or tensors by name; received ${describeValue(arrays)}`,
    );
  }
  const byName = arrays as Readonly<Record<string, tf.Tensor>>;
  return ports.map(({name}) => {
    const tensor = byName[name];
    if (tensor instanceof tf.Tensor) return tensor;
    return refuse(where, `${what} has no tensor named ${name}; there are: ${Object.keys(byName).join(', ')}`);
  });
}

function counted(
  where: string,
  what: string,
  list: readonly tf.Tensor[],
  ports: readonly PortInfo[],
): readonly tf.Tensor[] {
  if (list.length !== ports.length) {
    refuse(
      where,
      `${what} holds ${list.length} tensors, but the model has ${ports.length}: ${ports.map(({name}) => name).join(', ')}`,
    );
  }
  return list;
}

function targetShape(
  output: readonly (number | null)[],
  sparse: boolean | undefined,
  isColumn: boolean | undefined,
): readonly (number | null)[] {
  if (!sparse) return output;
  return isColumn ? [...output.slice(0, -1), 1] : output.slice(0, -1);
}

function hintFor(
  tensor: tf.Tensor,
  output: readonly (number | null)[],
  sparse: boolean | undefined,
): string | undefined {
  if (!sparse && tensor.rank === output.length - 1) {
    return "For class numbers use the loss 'sparseCategoricalCrossentropy', or make them one-hot.";
  }
  if (sparse && tensor.shape.at(-1) === output.at(-1)) {
    return "For one-hot targets use the loss 'categoricalCrossentropy'.";
  }
  return undefined;
}

function checkShape(
  where: string,
  what: string,
  tensor: tf.Tensor,
  expected: readonly (number | null)[],
  examples: number,
  hint?: string,
): void {
  const {shape} = tensor;
  const fits =
    shape.length === expected.length &&
    expected.every((size, axis) =>
      axis === 0 ? shape[0] === examples : size === null || size === shape[axis],
    );
  if (fits) return;
  const wanted = [examples, ...expected.slice(1).map((n) => n ?? 'any')];
  refuse(where, `${what} has shape [${shape.join(', ')}], but [${wanted.join(', ')}] is expected`, hint);
}

function refuse(where: string, message: string, hint?: string): never {
  throw new RegularizerError({where, code: 'data-shape', message, ...(hint ? {hint} : {})});
}
