import {RegularizerError} from '@regularizers/core';
import {deriveKey} from '@regularizers/random';
import {describe, expect, test} from 'vitest';
import {dataNames, makeData} from '../../src/data/catalog.ts';
import type {ClassificationData} from '../../src/data/data-set.ts';
import {mislabelled, wrongLabels} from '../../src/data/label-noise.ts';
import {mnist} from '../../src/data/mnist.ts';
import {wave} from '../../src/data/regressions.ts';
import {smallMnist} from './idx-files.ts';

const loaders = {mnist: (options: object) => mnist(smallMnist(3000, 100), options)};
const isOfNumbers = (name: string): boolean => name === 'wave' || name === 'adding';
const ofClasses = dataNames.filter((name) => !isOfNumbers(name));

const make = async (name: string, labelNoise: number): Promise<ClassificationData> =>
  (await makeData(
    {name, train: 1000, validation: 1000, test: 60, labelNoise, seed: 3} as never,
    loaders,
  )) as ClassificationData;

/** To compare many pixels at once. */
const bytes = ({buffer}: Float32Array): Buffer => Buffer.from(buffer);

describe.each(ofClasses)('%s', (name) => {
  test('validation labels are as wrong as those of training, and test labels are right', async () => {
    const clean = await make(name, 0);
    const noisy = await make(name, 0.3);
    const wrong = (part: 'train' | 'validation' | 'test'): readonly number[] =>
      [...noisy[part].y].flatMap((label, at) => (label === clean[part].y[at] ? [] : [at]));
    // 0.3 · 1000 = 300, standard deviation √(1000 · 0.3 · 0.7) = 14.5; within four of them
    expect(Math.abs(wrong('train').length - 300)).toBeLessThan(58);
    expect(Math.abs(wrong('validation').length - 300)).toBeLessThan(58);
    expect(wrong('train')).not.toEqual(wrong('validation'));
    expect(wrong('test')).toEqual([]);
    for (const part of ['train', 'validation', 'test'] as const) {
      expect(Buffer.compare(bytes(noisy[part].x), bytes(clean[part].x))).toBe(0);
    }
    expect((await make(name, 0.3)).train.y).toEqual(noisy.train.y);
  });
});

test.each(dataNames.filter(isOfNumbers))('%s has no labels to be wrong', async (name) => {
  await expect(make(name, 0.3)).rejects.toThrow(/there is no option labelNoise/);
});

test('what turns out to be numbers is refused, and says why', () => {
  const error = (() => {
    try {
      return mislabelled(wave(), {labelNoise: 0.3, seed: 0});
    } catch (caught) {
      return caught;
    }
  })();
  expect(RegularizerError.isInstance(error) && error.code).toBe('no-labels');
  expect(mislabelled(wave(), {labelNoise: 0, seed: 0})).toEqual(wave());
});

test('a wrong label is that of any other class', () => {
  const labels = Int32Array.from({length: 4000}, (_, at) => at % 7);
  const noisy = wrongLabels(labels, 7, 1, deriveKey(1, 'wrong'));
  expect(noisy.some((label, at) => label === labels[at])).toBe(false);
  expect(new Set(noisy.map((label, at) => (label - labels[at]! + 7) % 7))).toEqual(
    new Set([1, 2, 3, 4, 5, 6]),
  );
});
