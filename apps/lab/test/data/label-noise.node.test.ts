import {RegularizerError} from '@regularizers/core';
import {deriveKey} from '@regularizers/random';
import {describe, expect, test} from 'vitest';
import {dataNames, makeData} from '../../src/data/catalog.ts';
import type {ClassificationData} from '../../src/data/data-set.ts';
import {isEmbedded} from '../../src/data/embedded/index.ts';
import {mislabelled, wrongLabels} from '../../src/data/label-noise.ts';
import {mnist} from '../../src/data/mnist.ts';
import {wave} from '../../src/data/regressions.ts';
import {smallMnist} from './idx-files.ts';

const loaders = {mnist: (options: object) => mnist(smallMnist(3000, 100), options)};
const isOfNumbers = (name: string): boolean => ['wave', 'adding', 'diabetes'].includes(name);
const ofClasses = dataNames.filter((name) => !isOfNumbers(name));

const make = async (name: string, labelNoise: number): Promise<ClassificationData> =>
  (await makeData({name, ...sizesOf(name), labelNoise, seed: 3} as never, loaders)) as ClassificationData;

/** What comes as a file has as many examples as it has. */
const sizesOf = (name: string): object =>
  isEmbedded({name}) ? {} : {train: 1000, validation: 1000, test: 60};

/** To compare many pixels at once. */
const bytes = ({buffer}: Float32Array): Buffer => Buffer.from(buffer);

describe.each(ofClasses)('%s', (name) => {
  test('validation labels are as wrong as those of training, and test labels are right', async () => {
    const clean = await make(name, 0);
    const noisy = await make(name, 0.3);
    const wrong = (part: 'train' | 'validation' | 'test'): readonly number[] =>
      [...noisy[part].y].flatMap((label, at) => (label === clean[part].y[at] ? [] : [at]));
    // Of n labels 0.3 · n are wrong, with a standard deviation of √(n · 0.3 · 0.7); within four of them
    for (const part of ['train', 'validation'] as const) {
      const {size} = clean[part];
      expect(Math.abs(wrong(part).length - 0.3 * size)).toBeLessThan(4 * Math.sqrt(size * 0.3 * 0.7));
    }
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
