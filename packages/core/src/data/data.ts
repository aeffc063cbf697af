import * as tf from '@tensorflow/tfjs-core';
import type {PortInfo} from '../info.ts';
import {describeValue} from '../lib/describe-value.ts';
import {RegularizerError} from '../lib/errors.ts';
import {givenObject, looking, memberOf} from '../lib/given.ts';
import {zip} from '../lib/zip.ts';
import type {Loss} from '../losses/loss.ts';
import {flattened, isNumberList, isValueArray, type NumberList} from './number-lists.ts';
import {examplesIn, type HostValues, isOnHost, type Rows, someRows} from './rows.ts';

/**
 * The values of one input or output: a tensor of numbers of any type; lists of numbers in lists; or a typed array with
 * its shape, whose numbers stay on the host until a batch is made of them, and bytes, which take a quarter of the memory.
 * Where the model says the shape of an example, the typed array alone will do.
 */
export type Values = Rows | HostValues | NumberList;

/** The values of one input or output, or of several in the model's order, or by their names. */
export type Arrays = Values | readonly Values[] | Readonly<Record<string, Values>>;

/** Examples in memory: the first axis of every tensor is the example. */
export interface ArrayData {
  /** Inputs, `[examples, ...]` each. */
  readonly x: Arrays;
  /** Targets, `[examples, ...]` each: the shape of the output, or class numbers for the sparse loss. */
  readonly y: Arrays;
  /**
   * A weight for each example's loss, finite and ≥ 0, `[examples]`; or for each step's, `[examples, steps]`, where the
   * outputs have steps: those of weight 0 are padding, which metrics leave out too.
   */
  readonly sampleWeight?: Values;
}

/** Checked examples, as lists in the model's order. */
export interface CheckedArrays {
  readonly inputs: readonly Rows[];
  readonly targets: readonly Rows[];
  readonly sampleWeight: Rows | undefined;
  readonly examples: number;
}

/** Some of the examples, by their places; to be disposed of by {@link disposeExamples}. */
export function gatherExamples(
  {inputs, targets, sampleWeight}: CheckedArrays,
  places: Int32Array,
): CheckedArrays {
  return {
    inputs: inputs.map((rows) => someRows(rows, places)),
    targets: targets.map((rows) => someRows(rows, places)),
    sampleWeight: sampleWeight && someRows(sampleWeight, places),
    examples: places.length,
  };
}

/** Disposes of the tensors of examples. */
export function disposeExamples({inputs, targets, sampleWeight}: CheckedArrays): void {
  const all = [...inputs, ...targets, ...(sampleWeight ? [sampleWeight] : [])];
  tf.dispose(all.flatMap((rows) => (isOnHost(rows) ? [] : [rows])));
}

/** What data is checked against. */
export interface DataShape {
  readonly inputs: readonly PortInfo[];
  readonly outputs: readonly PortInfo[];
  readonly losses: readonly Loss[];
}

/**
 * Checks examples against the model: their form, not yet their values.
 *
 * @throws RegularizerError with code `data-shape`, naming the tensor, its shape and the one expected, `data-type` for
 *   what is no tensor of numbers, `disposed-tensor`, `not-an-object` or `unknown-option`
 */
export function checkArrays(where: string, data: ArrayData, shape: DataShape): CheckedArrays {
  refuseBare(where, data);
  const given = givenObject(where, 'data', data, ['x', 'y', 'sampleWeight']);
  return looking(where, 'data', () => checkedArrays(where, given, shape, {inputs: 'x', targets: 'y'}));
}

/**
 * Refuses x alone, as in `model.fit(x, y)`.
 *
 * @throws RegularizerError with code `data-shape`
 */
export function refuseBare(where: string, data: unknown): void {
  looking(where, 'data', () => {
    if (!isTensor(data) && !Array.isArray(data) && !isValueArray(data)) return;
    refuse(where, `data must be an object {x, y}; received ${describeValue(data)}`, asObject(where));
  });
}

/** The call as it is written, for those who know Keras's. */
const asObject = (where: string): string =>
  where === 'validation'
    ? 'Write trainer.fit({x, y}, {validation: {x, y}}).'
    : `Write trainer.${where}({x, y}${where === 'fit' ? ', {epochs: 10}' : ''}).`;

/** What the parts of data are called where they were given, and what to say of one that has an axis too few. */
interface PartNames {
  readonly inputs: string;
  readonly targets: string;
  readonly unbatched?: string;
}

/**
 * Checks the parts of data as {@link checkArrays} checks data.
 *
 * @throws RegularizerError likewise
 */
export function checkedArrays(
  where: string,
  {x, y, sampleWeight}: {readonly x?: unknown; readonly y?: unknown; readonly sampleWeight?: unknown},
  shape: DataShape,
  names: PartNames,
): CheckedArrays {
  const inputs = listInputs(where, x, shape, names.inputs, names.unbatched);
  const examples = examplesIn(inputs);
  const ports = zip(shape.outputs, shape.losses).map(([port, loss]) => ({
    ...port,
    shape: targetShapes(port, loss)[0],
  }));
  const targets = listOf(where, names.targets, y, ports, {examples});
  for (const [tensor, output, loss] of zip(targets, shape.outputs, shape.losses)) {
    const shapes = targetShapes(output, loss);
    const expected = shapes.find(({length}) => length === tensor.shape.length) ?? shapes[0];
    checkShape(where, names.targets, tensor, expected, examples, hintFor(tensor, output, loss));
  }
  if (sampleWeight === undefined) return {inputs, targets, sampleWeight, examples};
  const weight = checkRows(where, 'sampleWeight', sampleWeight, {name: 'sampleWeight', shape: [null]}, {});
  if (weight.shape.length === 2) checkStepWeights(where, weight, targets, shape);
  else checkShape(where, 'sampleWeight', weight, [null], examples);
  return {inputs, targets, sampleWeight: weight, examples};
}

/** Weights of steps are of those of every output. */
function checkStepWeights(where: string, weight: Rows, targets: readonly Rows[], {outputs}: DataShape): void {
  for (const [{shape}, {name, shape: output}] of zip(targets, outputs)) {
    if (output.length > 2 && weight.shape.every((size, axis) => size === shape[axis])) continue;
    const [examples, steps] = shape;
    refuse(
      where,
      output.length > 2
        ? `sampleWeight has shape [${weight.shape.join(', ')}], but the steps of ${name} are [${examples}, ${steps}]`
        : `sampleWeight has shape [${weight.shape.join(', ')}], but the output ${name} has no steps`,
      `Weights of examples have the shape [${examples}].`,
    );
  }
}

/**
 * Checks inputs alone.
 *
 * @throws RegularizerError as {@link checkArrays}
 */
export function listInputs(
  where: string,
  x: unknown,
  {inputs: ports}: DataShape,
  name = 'x',
  unbatched?: string,
): readonly Rows[] {
  const inputs = looking(where, name, () => listOf(where, name, x, ports, {unbatched}));
  const examples = examplesIn(inputs);
  if (examples === 0) refuse(where, `${name} holds no examples`);
  for (const [tensor, {shape}] of zip(inputs, ports)) {
    checkShape(
      where,
      name,
      tensor,
      shape,
      examples,
      tensor.shape.length < shape.length ? unbatched : undefined,
    );
  }
  return inputs;
}

/** One target as plugins and losses see it: float, and one-hot where it holds class numbers. */
export function asTarget(target: tf.Tensor, {sparse, signed}: Loss, output: PortInfo): tf.Tensor {
  if (!sparse) {
    const values = target.dtype === 'float32' ? target : tf.cast(target, 'float32');
    const missing = output.shape.length - values.rank;
    const alike = missing > 0 ? tf.expandDims(values, -1) : missing < 0 ? tf.squeeze(values, [-1]) : values;
    return signed ? tf.maximum(alike, 0) : alike;
  }
  const isColumn = target.rank === output.shape.length;
  const numbers = isColumn ? tf.squeeze(target, [target.rank - 1]) : target;
  return tf.oneHot(tf.cast(numbers, 'int32'), output.shape.at(-1) ?? 0, 1, 0, 'float32');
}

function listOf(
  where: string,
  what: string,
  arrays: unknown,
  ports: readonly PortInfo[],
  context: ListContext,
): readonly Rows[] {
  const isOne =
    isTensor(arrays) ||
    isValueArray(arrays) ||
    isShaped(arrays) ||
    (ports.length === 1 && isNumberList(arrays));
  if (isOne || Array.isArray(arrays)) {
    const list: readonly unknown[] = isOne ? [arrays] : [...arrays];
    if (list.length !== ports.length) {
      refuse(
        where,
        `${what} holds ${list.length} tensors, but the model has ${ports.length}: ${ports.map(({name}) => name).join(', ')}`,
      );
    }
    return zip(list, ports).map(([value, port], i) =>
      checkRows(where, list.length > 1 ? `${what}[${i}]` : what, value, port, context),
    );
  }
  if (typeof arrays !== 'object' || arrays === null) return checkTensor(where, what, arrays) && [];
  const byName = givenObject(
    where,
    what,
    arrays,
    ports.map(({name}) => name),
  );
  return ports.map((port) => checkRows(where, `${what}.${port.name}`, byName[port.name], port, context));
}

/** What numbers without a shape are held against. */
interface ListContext {
  /** How many there are, where others have said so. */
  readonly examples?: number;
  /** What to say of one example alone, in a stream of batches. */
  readonly unbatched?: string | undefined;
}

/** Numbers that come with their shape; no input of a model is a typed array, whatever its name. */
function isShaped(value: unknown): value is {readonly values: HostValues; readonly shape: unknown} {
  return !isTensor(value) && isValueArray(memberOf(value, 'values'));
}

function checkRows(where: string, what: string, value: unknown, port: PortInfo, context: ListContext): Rows {
  if (isValueArray(value)) return {values: value, shape: shapeOfFlat(where, what, value, port, context)};
  if (isNumberList(value)) {
    const {values, shape} = flattened(where, what, value);
    return {values, shape: shape.length > 1 ? shape : shapeOfFlat(where, what, values, port, context)};
  }
  if (!isShaped(value)) return checkTensor(where, what, value);
  const {values, shape} = givenObject(where, what, value, ['values', 'shape']) as typeof value;
  const isShape = Array.isArray(shape) && [...shape].every((side) => Number.isInteger(side) && side >= 0);
  if (isShape && tf.util.sizeFromShape(shape) === values.length) return {values, shape};
  return refuse(
    where,
    `${what} has ${values.length} numbers, and the shape ${describeValue(shape)}`,
    'The shape is that of all examples, such as [1000, 28, 28, 1]: images are rows of pixels, each with its channels.',
  );
}

function shapeOfFlat(
  where: string,
  what: string,
  values: HostValues,
  {name, shape: [, ...shape]}: PortInfo,
  {examples: known, unbatched}: ListContext,
): readonly number[] {
  const {length} = values;
  // Clamped or not: pictures come as either.
  const areBytes = values instanceof Uint8Array || values instanceof Uint8ClampedArray;
  const isOneAlone = unbatched !== undefined && !areBytes;
  if (isOneAlone) refuse(where, `${what} has ${length} numbers in a row, and no axis of examples`, unbatched);
  const sides = shape.map((side) => side ?? Number.NaN);
  const examples = length / sides.reduce((product, side) => product * side, 1);
  // One number for each example: that of its class, maybe, of which more is said where shapes are compared.
  if (length === known && examples !== known) return [length];
  if (Number.isInteger(examples)) return [examples, ...sides];
  return refuse(
    where,
    `${what} has ${length} numbers, which are no whole number of examples [${shape.map((side) => side ?? 'any').join(', ')}] of ${name}`,
    `Say what they are: ${what}: {values, shape: [examples, …]}.`,
  );
}

/**
 * A tensor of numbers that can be read.
 *
 * @throws RegularizerError with code `data-type` or `disposed-tensor`
 */
function checkTensor(where: string, what: string, value: unknown): tf.Tensor {
  if (!isTensor(value) || value.dtype === 'string' || value.dtype === 'complex64') {
    throw new RegularizerError({
      where,
      code: 'data-type',
      message: `${what} must be a tensor of numbers; received ${isTensor(value) ? `one of ${value.dtype}` : describeValue(value)}`,
      hint: 'Several inputs or outputs take a list of tensors, or tensors by name.',
    });
  }
  checkAlive(where, [value], what);
  return value;
}

/**
 * Checks that data has not been disposed of, which may happen at any time while training waits.
 *
 * @throws RegularizerError with code `disposed-tensor`
 */
export function checkAlive(where: string, all: readonly Rows[], what = 'a tensor of the data'): void {
  // The bytes of a buffer that was handed to a worker are none.
  if (all.every((rows) => (isOnHost(rows) ? rows.values.length > 0 : !rows.isDisposed))) return;
  throw new RegularizerError({
    where,
    code: 'disposed-tensor',
    message: `${what} is disposed of`,
    hint: 'Keep the data until training has ended; what a tf.tidy makes ends with it, and bytes whose buffer is transferred. A stream hands its tensors over: of those that it keeps, it gives clones.',
  });
}

function isTensor(value: unknown): value is tf.Tensor {
  return value instanceof tf.Tensor;
}

type Sides = readonly (number | null)[];

/** The shapes that targets may have, the usual one first: a last axis of 1 may be there or not. */
function targetShapes({shape}: PortInfo, {sparse, kind}: Loss): readonly [Sides, ...Sides[]] {
  const rest = shape.slice(0, -1);
  if (sparse) return [rest, [...rest, 1]];
  if (shape.length === 1) return [shape, [...shape, 1]];
  return kind !== 'classes' && shape.at(-1) === 1 ? [shape, rest] : [shape];
}

function hintFor(tensor: Rows, {name, shape: output}: PortInfo, {sparse, kind}: Loss): string | undefined {
  if (!sparse && tensor.shape.length === output.length - 1) {
    return kind === 'classes'
      ? "For class numbers use the loss 'sparseCategoricalCrossentropy', or make them one-hot."
      : `The output ${name} has ${output.at(-1)} values for each example, and so has its target.`;
  }
  if (sparse && tensor.shape.at(-1) === output.at(-1)) {
    return "For one-hot targets use the loss 'categoricalCrossentropy'.";
  }
  return undefined;
}

function checkShape(
  where: string,
  what: string,
  tensor: Rows,
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
