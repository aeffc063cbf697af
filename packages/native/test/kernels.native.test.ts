import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {onBoth} from './on-cpu.ts';

test.each(['left', 'right'] as const)('searchSorted from the %s', async (side) => {
  const {cpu, native} = await onBoth(() =>
    tf.searchSorted(
      tf.tensor2d([
        [1, 3, 3, 7],
        [-2, 0, 0.5, 9],
      ]),
      tf.tensor2d([
        [3, 0, 8],
        [0, 10, -3],
      ]),
      side,
    ),
  );
  expect(native.dtype).toBe('int32');
  expect(native.arraySync()).toEqual(cpu.arraySync());
});

test.each([true, false])('denseBincount of rows, binary: %s', async (binary) => {
  const rows = [
    [0, 2, 2],
    [1, 1, 9],
  ];
  const {cpu, native} = await onBoth(() =>
    tf.denseBincount(tf.tensor2d(rows, [2, 3], 'int32'), tf.tensor2d([], [0, 0]), 4, binary),
  );
  expect(native.arraySync()).toEqual(cpu.arraySync());
});

test('denseBincount of a list, weighted or binary', () => {
  const count = (binary: boolean) =>
    tf.denseBincount(tf.tensor1d([0, 2, 2, 5], 'int32'), tf.tensor1d([0.5, 1, 2, 4]), 4, binary).arraySync();
  expect(count(false)).toEqual([0.5, 0, 3, 0]); // 1 + 2; the 5 is out of range
  expect(count(true)).toEqual([1, 0, 1, 0]); // tfjs's cpu kernel forgets `binary` here
});

test('bincount', async () => {
  const {cpu, native} = await onBoth(() =>
    tf.bincount(tf.tensor1d([1, 1, 3], 'int32'), tf.tensor1d([1, 2, 3]), 5),
  );
  expect(native.arraySync()).toEqual(cpu.arraySync());
});

test('bitwiseAnd', async () => {
  const {cpu, native} = await onBoth(() =>
    tf.bitwiseAnd(tf.tensor1d([12, 7, -1], 'int32'), tf.tensor1d([10, 9, 255], 'int32')),
  );
  expect(native.arraySync()).toEqual(cpu.arraySync());
});
