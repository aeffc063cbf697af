import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, test} from 'vitest';
import {dataNames, makeData} from '../../src/data/catalog.ts';
import {sizeOf, toAutoencoding, toTensors} from '../../src/data/data-set.ts';
import {glyphs} from '../../src/data/glyphs.ts';
import {mnist} from '../../src/data/mnist.ts';
import {adding, wave} from '../../src/data/regressions.ts';
import {smallMnist} from './idx-files.ts';

const loaders = {mnist: (options: object) => mnist(smallMnist(80, 40), {...options, validation: 20})};
const embedded = dataNames.filter((name) => name !== 'mnist');

describe.each(embedded)('%s', (name) => {
  test('has the sizes asked for, and is the same for a seed', async () => {
    const options = {name, train: 24, validation: 12, test: 36, seed: 3} as const;
    const data = await makeData(options, loaders);
    const again = await makeData(options, loaders);
    const other = await makeData({...options, seed: 4}, loaders);
    const sizes = {train: 24, validation: 12, test: 36};
    for (const part of ['train', 'validation', 'test'] as const) {
      expect(data[part].size).toBe(sizes[part]);
      expect(data[part].x.length).toBe(sizes[part] * sizeOf(data.inputShape));
      expect(again[part]).toEqual(data[part]);
      expect(other[part].x).not.toEqual(data[part].x);
    }
    expect(data.train.x.subarray(0, 12)).not.toEqual(data.validation.x.subarray(0, 12));
  });
});

// What tables are standardized by is of the training rows.
const tables: readonly string[] = ['breast-cancer', 'wine', 'diabetes'];
test.each(embedded.filter((name) => !tables.includes(name)))(
  '%s stays as it was when more examples are added',
  async (name) => {
    const judged = {validation: 5, test: 5, seed: 3};
    const few = await makeData({name, train: 10, ...judged}, loaders);
    const more = await makeData({name, train: 30, ...judged}, loaders);
    expect(more.train.x.subarray(0, few.train.x.length)).toEqual(few.train.x);
    expect(more.train.y.subarray(0, few.train.y.length)).toEqual(few.train.y);
    expect(more.test).toEqual(few.test);
  },
);

describe('glyphs', () => {
  const {train, test: judged, classNames} = glyphs({train: 60, validation: 12, test: 24, classes: 12});

  test('are pictures of ink on empty, with every class as often', () => {
    expect(classNames.join('')).toBe('ABCDEFGHIJKL');
    expect(train.x.every((value) => value >= 0 && value <= 1)).toBe(true);
    for (let label = 0; label < 12; label++) expect(train.y.filter((y) => y === label).length).toBe(5);
    for (let example = 0; example < train.size; example++) {
      const pixels = train.x.subarray(example * 784, (example + 1) * 784);
      const ink = pixels.reduce((sum, value) => sum + value, 0) / 784;
      expect(ink).toBeGreaterThan(0.05);
      expect(ink).toBeLessThan(0.45);
    }
  });

  test('of one class are drawn anew each time', () => {
    const first = train.x.subarray(0, 784);
    for (const other of [train.x.subarray(12 * 784, 13 * 784), judged.x.subarray(0, 784)]) {
      const difference = first.reduce((sum, value, at) => sum + Math.abs(value - other[at]!), 0) / 784;
      expect(difference).toBeGreaterThan(0.05);
    }
  });

  test('without difficulty are clean print, the same for all', () => {
    const clean = glyphs({train: 4, validation: 1, test: 1, classes: 2, difficulty: 0});
    expect(clean.train.x.subarray(0, 784)).toEqual(clean.train.x.subarray(2 * 784, 3 * 784));
    expect(clean.train.x.subarray(0, 784)).not.toEqual(clean.train.x.subarray(784, 2 * 784));
  });

  test('refuse options that make no sense', () => {
    expect(() => glyphs({classes: 40})).toThrow(/\[glyphs\] classes: /);
    expect(() => glyphs({train: 0, difficulty: 3})).toThrow(/train: .*; difficulty: /);
    expect(() => glyphs({sides: 3} as object)).toThrow(/sides/);
  });
});

test('the adding problem marks one number in each half and adds them', () => {
  const {train, inputShape} = adding({train: 50, steps: 9});
  expect(inputShape).toEqual([9, 2]);
  for (let example = 0; example < 50; example++) {
    const steps = Array.from({length: 9}, (_, step) =>
      train.x.subarray((example * 9 + step) * 2, (example * 9 + step) * 2 + 2),
    );
    const marked = steps.flatMap(([, mark], step) => (mark === 1 ? [step] : []));
    expect(marked.length).toBe(2);
    expect(marked[0]).toBeLessThan(4);
    expect(marked[1]).toBeGreaterThanOrEqual(4);
    expect(train.y[example]).toBeCloseTo(steps[marked[0]!]![0]! + steps[marked[1]!]![0]!, 6);
  }
});

test('the wave is judged without noise', () => {
  const {test: judged, train} = wave();
  judged.x.forEach((x, at) => {
    expect(judged.y[at]).toBeCloseTo(Math.sin(Math.PI * x), 6);
  });
  expect(train.x.some((x, at) => Math.abs(train.y[at]! - Math.sin(Math.PI * x)) > 0.1)).toBe(true);
});

test('a recipe with an unknown name is refused', async () => {
  await expect(makeData({name: 'cifar'} as never, loaders)).rejects.toThrow(/\[data\] name: /);
  await expect(makeData({} as never, loaders)).rejects.toThrow(/\[data\] name: /);
});

test('tensors have the shapes of the data', () => {
  const data = glyphs({train: 5, validation: 1, test: 1});
  const before = tf.memory().numTensors;
  const {x, y} = toTensors(data, 'train');
  expect([x.shape, x.dtype, y.shape, y.dtype]).toEqual([[5, 28, 28, 1], 'float32', [5], 'int32']);
  const mirrored = toTensors(toAutoencoding(data), 'train');
  expect(mirrored.y.shape).toEqual([5, 28, 28, 1]);
  expect(mirrored.y.dataSync()).toEqual(x.dataSync());
  tf.dispose([x, y, mirrored.x, mirrored.y]);
  expect(tf.memory().numTensors).toBe(before);
});
