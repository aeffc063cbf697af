import {type NpyArray, parse} from 'npyjs';
import {type DataSet, sizeOf} from '../data-set.ts';
import {isGzip, readIdx} from '../idx.ts';
import type {SplitSizes} from '../splits.ts';
import {cellReader} from './cells.ts';
import {standard} from './encoding.ts';
import {examplesData, type Scaling} from './examples.ts';
import type {ArraysOptions} from './options.ts';
import {listed, ownError} from './own-error.ts';
import {readTargets, type Task} from './target.ts';
import {isZip, unzip} from './zip.ts';

/** An array of a file: numbers, or texts, row by row. */
export interface OwnArray {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number> | readonly string[];
  /** Whether they are bytes, as pixels are. */
  readonly isBytes: boolean;
}

/** What a person calls the inputs and the targets of a file, and the arrays. */
export interface OwnArrays {
  readonly x: OwnArray;
  readonly y: OwnArray;
}

/**
 * The arrays of a file by name: those of an `.npz`; of an `.npy` or IDX file, packed with gzip or not, the only one.
 *
 * @param file its name, for messages
 * @throws RegularizerError with code `bad-array`, `too-large`, or a code of `readIdx`
 */
export async function readArrays(bytes: Uint8Array, file: string): Promise<ReadonlyMap<string, OwnArray>> {
  if (isZip(bytes)) return unzipped(bytes, file);
  if (bytes[0] === 0x93) return new Map([['', npy(bytes, file)]]);
  if (!isGzip(bytes) && (bytes[0] !== 0 || bytes[1] !== 0)) {
    throw ownError('bad-array', file, 'it is no .npz, .npy or IDX file');
  }
  const {shape, data} = await readIdx(bytes, file);
  return new Map([['', {shape, values: data, isBytes: true}]]);
}

function unzipped(bytes: Uint8Array, file: string): ReadonlyMap<string, OwnArray> {
  const entries = unzip(bytes, file, {code: 'bad-array', isWanted: (name) => name.endsWith('.npy')});
  return new Map(
    [...entries].map(([name, content]) => [name.slice(0, -'.npy'.length), npy(content, `${file}, ${name}`)]),
  );
}

function npy(bytes: Uint8Array, file: string): OwnArray {
  let array: NpyArray;
  try {
    array = parse(bytes.slice().buffer);
  } catch (cause) {
    throw ownError(
      'bad-array',
      file,
      'it is no array that can be read: damaged, or of a type other than numbers and texts',
      {
        cause,
      },
    );
  }
  const {shape, dtype, fortranOrder} = array;
  const data = array.data as unknown as ArrayLike<number | bigint | boolean> | readonly string[];
  if (!shape.every((side) => Number.isSafeInteger(side) && side >= 0) || sizeOf(shape) !== data.length) {
    throw ownError('bad-array', file, `it has ${data.length} values, and its shape is [${shape.join(', ')}]`);
  }
  if (dtype.startsWith('c')) throw ownError('bad-array', file, 'its numbers are complex');
  if (dtype.startsWith('U')) return {shape, values: data as readonly string[], isBytes: false};
  const numbers = Float64Array.from(data as ArrayLike<number | bigint | boolean>, Number);
  return {shape, values: fortranOrder ? rowByRow(numbers, shape) : numbers, isBytes: dtype === 'u1'};
}

/** Values whose first index is the fastest, with the last one as the fastest. */
function rowByRow(values: Float64Array, shape: readonly number[]): Float64Array {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(0, axis)));
  const index = shape.map(() => 0);
  return values.map(() => {
    const value = values[index.reduce((sum, place, axis) => sum + place * strides[axis]!, 0)]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]! += 1;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
    return value;
  });
}

/**
 * Inputs and targets among the arrays of one file, or of two.
 *
 * @throws RegularizerError with code `no-such-array`, or `bad-array` for arrays of different lengths
 */
export function chosenArrays(
  {file, labels, x = 'x', y = 'y'}: ArraysOptions,
  inputs: ReadonlyMap<string, OwnArray>,
  targets: ReadonlyMap<string, OwnArray> | undefined,
): OwnArrays {
  const pick = (of: ReadonlyMap<string, OwnArray>, name: string, from: string, option: string): OwnArray => {
    const found = of.get(name) ?? of.get('');
    if (found) return found;
    throw ownError('no-such-array', from, `there is no array ${JSON.stringify(name)}`, {
      hint: `There are ${listed([...of.keys()])}; say which with data.${option} or --${option}.`,
    });
  };
  if (!targets && inputs.has('')) {
    throw ownError('no-such-array', file, 'it holds one array, which is the inputs', {
      hint: 'Name the file of the targets: data.labels, --labels y.npy.',
    });
  }
  const chosen = {x: pick(inputs, x, file, 'x'), y: pick(targets ?? inputs, y, labels ?? file, 'y')};
  const [rows, answers] = [chosen.x.shape[0] ?? 0, chosen.y.shape[0] ?? 0];
  if (rows === answers && rows > 0) return chosen;
  throw ownError('bad-array', file, `there are ${rows} inputs and ${answers} targets`);
}

/** What the inputs are: a row of values, a picture, or a sequence of values. */
type ArrayInputs = NonNullable<ArraysOptions['inputs']>;

/** What arrays came to, and what their recipe left to be found out. */
export interface ArraysData {
  readonly data: DataSet;
  readonly sizes: SplitSizes;
  readonly task: Task;
  readonly inputs: ArrayInputs;
}

/**
 * Arrays as data to learn from. Rows of values and sequences are standardized by the training examples; pixels come to
 * [0, 1].
 *
 * @throws RegularizerError with code `bad-array`, or one of `readTargets` and `splitSizes`
 */
export function arraysData(name: string, {x, y}: OwnArrays, options: ArraysOptions): ArraysData {
  const {file, labels} = options;
  const [count = 0, ...own] = x.shape;
  const inputs = options.inputs ?? usualInputs(x);
  const shape = inputs === 'pictures' && own.length === 2 ? [...own, 1] : own;
  const ranks: Readonly<Record<ArrayInputs, number>> = {values: 1, sequences: 2, pictures: 3};
  if (shape.length !== ranks[inputs] || sizeOf(shape) === 0) {
    throw ownError('bad-array', file, `inputs of shape [${own.join(', ')}] are no ${inputs}`, {
      hint: 'Values are [examples, values], sequences [examples, steps, values], pictures [examples, height, width] or with channels.',
    });
  }
  const values = Float32Array.from(numbersOf(x, file));
  const answers = y.values as ArrayLike<number | string>;
  if (answers.length !== count) {
    throw ownError(
      'bad-array',
      labels ?? file,
      `targets of shape [${y.shape.join(', ')}] are not one for each example`,
    );
  }
  if (typeof answers[0] === 'number') numbersOf(y, labels ?? file);
  const cells = Array.from(answers, (answer) => [String(answer)]);
  const table = {
    file: labels ?? file,
    columns: [options.y ?? 'y'],
    rows: cells,
    places: cells.map((_, row) => row + 1),
    delimiter: ',',
    decimal: '.' as const,
  };
  const targets = readTargets(table, 0, options.task, cellReader(table));
  const scalingOf = (rows: Int32Array): Scaling =>
    inputs === 'pictures'
      ? pixelScaling(values, x.isBytes, rows, sizeOf(shape))
      : perFeature(values, shape, rows);
  const made = examplesData(name, {
    file,
    kind: 'arrays',
    description: `${count} examples of ${file}, ${inputs} of shape [${shape.join(', ')}].`,
    shape,
    values,
    scalingOf,
    target: table.columns[0]!,
    targets,
    options,
  });
  return {...made, task: targets.task, inputs};
}

/** Without a word from the user: three sides are pictures with channels, two are grey pictures if they are bytes. */
function usualInputs({shape, isBytes}: OwnArray): ArrayInputs {
  if (shape.length === 4) return 'pictures';
  if (shape.length === 3) return isBytes ? 'pictures' : 'sequences';
  return 'values';
}

function numbersOf({shape, values}: OwnArray, file: string): ArrayLike<number> {
  const stride = sizeOf(shape.slice(1));
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (typeof value === 'number' && Number.isFinite(Math.fround(value))) continue;
    throw ownError('bad-array', file, `${JSON.stringify(String(value))} is no finite number`, {
      row: Math.floor(at / stride) + 1,
    });
  }
  return values as ArrayLike<number>;
}

/** Pixels are bytes, or shares of 1; others come to at most 1 in training. */
function pixelScaling(values: Float32Array, isBytes: boolean, rows: Int32Array, stride: number): Scaling {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (isBytes || (least >= 0 && most > 1 && most <= 255)) return {mean: [0], deviation: [255]};
  if (least >= 0 && most <= 1) return {mean: [0], deviation: [1]};
  let largest = 0;
  for (const row of rows) {
    for (let at = row * stride; at < (row + 1) * stride; at++)
      largest = Math.max(largest, Math.abs(values[at]!));
  }
  return {mean: [0], deviation: [largest || 1]};
}

function perFeature(values: Float32Array, shape: readonly number[], rows: Int32Array): Scaling {
  const features = shape.at(-1)!;
  const stride = sizeOf(shape);
  const scalings = Array.from({length: features}, (_, feature) => {
    const column: number[] = [];
    for (const row of rows) {
      for (let at = feature; at < stride; at += features) column.push(values[row * stride + at]!);
    }
    return standard(column);
  });
  return {mean: scalings.map(({mean}) => mean), deviation: scalings.map(({deviation}) => deviation)};
}
