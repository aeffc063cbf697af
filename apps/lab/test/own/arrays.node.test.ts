// Arrays of the user's become data: .npz and .npy as NumPy writes them, IDX; and what the lab embeds is scikit-learn's.
import {readFileSync} from 'node:fs';
import {RegularizerError} from '@regularizers/core';
import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {makeData} from '../../src/data/catalog.ts';
import type {DataSet} from '../../src/data/data-set.ts';
import {type ArraysOptions, arraysSchema} from '../../src/data/own/options.ts';
import {ownDataFrom} from '../../src/data/own/own-data.ts';
import {idxFile} from '../data/idx-files.ts';

const reference = JSON.parse(readFileSync(new URL('./reference/arrays.json', import.meta.url), 'utf8'));
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

/** Data of files by name. */
async function load(files: Readonly<Record<string, Uint8Array>>, options: Partial<ArraysOptions> = {}) {
  const own = ownDataFrom({
    file: async (name) => files[name]!,
    pictures: () => Promise.reject(new Error('there are none')),
  });
  const [file, labels] = Object.keys(files);
  return own(arraysSchema.parse({name: 'arrays', file, ...(labels ? {labels} : {}), ...options}));
}

/** All inputs of a data set as its file has them, sorted: the parts are at random. */
function restored({train, validation, test: judged, encoding, inputShape}: DataSet): readonly number[] {
  if (encoding?.kind !== 'arrays') throw new Error('arrays are encoded as such');
  const {mean, deviation} = encoding;
  const stride = inputShape.reduce((product, side) => product * side, 1);
  const parts = [train, validation, judged].flatMap(({x}) =>
    Array.from({length: x.length / stride}, (_, row) =>
      Array.from(
        x.subarray(row * stride, (row + 1) * stride),
        (value, at) =>
          Math.round(1e3 * (value * deviation[at % mean.length]! + mean[at % mean.length]!)) / 1e3 + 0,
      ),
    ),
  );
  return parts.sort((a, b) => (a.join() < b.join() ? -1 : 1)).flat();
}
const sortedRows = (values: readonly number[], stride: number): readonly number[] =>
  Array.from({length: values.length / stride}, (_, row) => values.slice(row * stride, (row + 1) * stride))
    .sort((a, b) => (a.join() < b.join() ? -1 : 1))
    .flat();

test('an .npz of inputs and classes', async () => {
  const {data, options} = await load({'a.npz': bytesOf(reference.npz)});
  expect(data).toMatchObject({kind: 'classification', classNames: ['0', '1'], inputShape: [3]});
  expect(options).toMatchObject({
    task: 'classification',
    inputs: 'values',
    train: 12,
    validation: 4,
    test: 4,
  });
  expect(restored(data)).toEqual(sortedRows(reference.expected.rows, 3));
});

test('packed pictures and words under other names', async () => {
  const {data, options} = await load({'a.npz': bytesOf(reference.compressed)}, {x: 'pictures', y: 'answers'});
  expect(data).toMatchObject({kind: 'classification', classNames: ['no', 'yes'], inputShape: [5, 4, 1]});
  expect(options).toMatchObject({inputs: 'pictures'});
  expect(restored(data)).toEqual(sortedRows(reference.expected.pixels, 20));
  expect(Math.max(...data.train.x)).toBeLessThanOrEqual(1);
});

test.each(['rows', 'fortran', 'half'])('.npy: %s, and values to predict', async (name) => {
  const {data} = await load({'x.npy': bytesOf(reference[name]), 'y.npy': bytesOf(reference.values)});
  expect(data).toMatchObject({kind: 'regression', inputShape: [3], targetShape: [1]});
  expect(restored(data)).toEqual(sortedRows(reference.expected.rows, 3));
});

test('sequences, which are standardized by feature', async () => {
  const {data} = await load({'x.npy': bytesOf(reference.sequences), 'y.npy': bytesOf(reference.values)});
  expect(data.inputShape).toEqual([5, 4]);
  expect(data.encoding).toMatchObject({mean: {length: 4}});
  expect(restored(data)).toEqual(sortedRows(reference.expected.pixels, 20));
});

test('IDX', async () => {
  const files = {
    'images-idx3-ubyte': idxFile([20, 5, 4], reference.expected.pixels),
    'labels-idx1-ubyte': idxFile([20], reference.expected.classes),
  };
  const {data} = await load(files);
  expect(data).toMatchObject({kind: 'classification', inputShape: [5, 4, 1]});
  expect(restored(data)).toEqual(sortedRows(reference.expected.pixels, 20));
});

describe('what is broken', () => {
  const npz = bytesOf(reference.npz);
  const npy = bytesOf(reference.rows);
  const targets = bytesOf(reference.values);
  test.each([
    [
      'no file of arrays',
      {'a.npz': new TextEncoder().encode('hello')},
      /a.npz: it is no .npz, .npy or IDX file/,
    ],
    ['cut off', {'a.npz': npz.subarray(0, npz.length - 30)}, /a.npz: it cannot be unpacked/],
    [
      'cut off',
      {'x.npy': npy.subarray(0, npy.length - 8), 'y.npy': targets},
      /x.npy: it has 59 values, and its shape is/,
    ],
    ['without targets', {'x.npy': npy}, /x.npy: it holds one array, which is the inputs/],
    [
      'of another length',
      {'x.npy': npy, 'y.npy': bytesOf(reference.sequences)},
      /y.npy: targets of shape \[20, 5, 4\]/,
    ],
    ['not numbers', {'x.npy': npy, 'y.npz': bytesOf(reference.compressed)}, /y.npz: there is no array "y"/],
  ])('%s', async (_, files, message) => {
    await expect(load(files as Readonly<Record<string, Uint8Array>>)).rejects.toThrow(message);
  });

  test('names that there are not', async () => {
    await expect(load({'a.npz': npz}, {x: 'images'})).rejects.toThrow(
      /no array "images"\n {2}There are "x", "y"/,
    );
  });

  test('any bytes are data or a typed error', async () => {
    const damaged = fc
      .tuple(
        fc.constantFrom(npz, npy),
        fc.array(fc.tuple(fc.nat(2000), fc.integer({min: 0, max: 255})), {maxLength: 6}),
      )
      .map(([bytes, changes]) => {
        const copy = bytes.slice();
        for (const [at, value] of changes) copy[at % copy.length] = value;
        return copy;
      });
    await fc.assert(
      fc.asyncProperty(damaged, async (bytes) => {
        try {
          await load(bytes[0] === 0x93 ? {x: bytes, y: targets} : {x: bytes});
        } catch (error) {
          if (!RegularizerError.isInstance(error)) throw error;
        }
      }),
      {numRuns: 300},
    );
  });
});

describe.each(
  Object.entries<{means: readonly number[]; targets: number | readonly number[]}>(reference.embedded),
)('embedded: %s', (name, {means, targets}) => {
  test("is scikit-learn's", async () => {
    const data = await makeData({name} as never, {mnist: () => Promise.reject(new Error('not asked for'))});
    const parts = [data.train, data.validation, data.test];
    const stride = means.length;
    const total = parts.reduce((sum, {size}) => sum + size, 0);
    const {encoding} = data;
    const scale = (feature: number): {readonly mean: number; readonly deviation: number} => {
      if (encoding?.kind !== 'table') return {mean: 0, deviation: 16};
      const column = encoding.columns[feature]!;
      if (column.use !== 'numeric') throw new Error(`${column.name} is numeric`);
      return column;
    };
    means.forEach((expected, feature) => {
      const sum = parts.reduce(
        (so, {x, size}) =>
          so + Array.from({length: size}, (_, row) => x[row * stride + feature]!).reduce((a, b) => a + b, 0),
        0,
      );
      const {mean, deviation} = scale(feature);
      const found = (sum / total) * deviation + mean;
      expect(Math.abs(found - expected)).toBeLessThan(1e-5 * (Math.abs(expected) + deviation));
    });
    const answers = parts.flatMap(({y}) => [...y]);
    if (data.kind === 'classification') {
      const counts = data.classNames.map((_, label) => answers.filter((answer) => answer === label).length);
      expect(counts.toSorted()).toEqual([...(targets as readonly number[])].toSorted());
    } else {
      const target = encoding!.target as {readonly mean: number; readonly deviation: number};
      const found = (answers.reduce((a, b) => a + b, 0) / total) * target.deviation + target.mean;
      expect(found).toBeCloseTo(targets as number, 3);
    }
  });
});
