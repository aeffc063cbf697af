import {describe, expect, it} from 'vitest';
import {makeData} from '../src/data/catalog.ts';
import {defaultRecipe} from '../src/defaults.ts';
import {histogramOf} from '../src/looks/histogram.ts';
import {calibrationOf, judgedOf} from '../src/looks/judged.ts';
import type {Look} from '../src/looks/look.ts';
import {lookAt, lookAtEnd} from '../src/looks/look-at.ts';
import type {RecipeInput} from '../src/recipe.ts';
import {runRecipe} from '../src/run.ts';
import {addedIn} from '../src/web/looks/seen.ts';
import {fedTo} from '../src/web/worker/fed.ts';

describe('calibration', () => {
  it('is off by how much confidence and accuracy differ, weighted by how many there are', () => {
    // Four answers of 80 %, two right: 0.3 off. One of 100 %, right: 0 off. (4 · 0.3 + 0)/5 = 0.24.
    const {error, bins} = calibrationOf({
      labels: Int32Array.of(0, 0, 1, 1, 2),
      guesses: Uint8Array.of(0, 0, 0, 0, 2),
      confidence: Float32Array.of(0.8, 0.8, 0.8, 0.8, 1),
    });
    expect(error).toBeCloseTo(0.24, 6);
    expect(bins[8]).toEqual({count: 4, confidence: expect.closeTo(0.8), accuracy: 0.5});
    expect(bins[9]).toEqual({count: 1, confidence: 1, accuracy: 1});
  });
});

describe('what the test set shows', () => {
  const look = judgedOf({
    x: Float32Array.of(0, 1, 0.5, 0.25),
    labels: Int32Array.of(0, 0, 1, 1),
    guesses: Uint8Array.of(0, 1, 0, 0),
    confidence: Float32Array.of(0.9, 0.6, 0.7, 0.8),
    classNames: ['A', 'B'],
    picture: {height: 1, width: 1, channels: 1},
  });

  it('is what was taken for what', () => {
    expect(look.confusion).toEqual([
      [1, 1],
      [2, 0],
    ]);
  });

  it('is the mistakes, the surest first', () => {
    expect(look.mistakes.map(({label, guess, pixels}) => [label, guess, ...pixels])).toEqual([
      ['B', 'A', 64],
      ['B', 'A', 128],
      ['A', 'B', 255],
    ]);
  });
});

it('a histogram holds every value, symmetric around 0', () => {
  const {reach, counts, size, nearZero} = histogramOf([Float32Array.of(-2, 0, 0), Float32Array.of(2)]);
  expect([reach, size, nearZero]).toEqual([2, Math.sqrt(2), 0.5]);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(4);
  expect([counts[0], counts[20], counts[40]]).toEqual([1, 2, 1]);
  expect(histogramOf([new Float32Array(3)]).counts[20]).toBe(3);
});

describe('pictures as the network gets them', () => {
  const fed = async (regularizers: RecipeInput['regularizers']) => {
    const recipe = defaultRecipe({data: {name: 'glyphs', train: 40, validation: 10, test: 10}, regularizers});
    const data = await makeData(recipe.data, {mnist: () => Promise.reject(new Error('not asked for'))});
    return {data, ...(await fedTo(recipe, data, 8))};
  };

  it('are those of the data where nothing changes them', async () => {
    const {data, count, before, after} = await fed([{name: 'dropout', rate: 0.5}]);
    expect(count).toBe(8);
    expect(after).toEqual(before);
    const pictures = Array.from({length: 40}, (_, at) => data.train.x.slice(784 * at, 784 * (at + 1)).join());
    for (let at = 0; at < count; at++)
      expect(pictures).toContain(before.slice(784 * at, 784 * (at + 1)).join());
  });

  it('are there beside what watches validation data, and in an ensemble', async () => {
    const {count, before, after} = await fed([
      {name: 'randomFlip', horizontal: 1, vertical: 0},
      {name: 'earlyStopping', monitor: 'validation.accuracy'},
      {name: 'bagging', members: 2},
    ]);
    expect(count).toBe(8);
    expect(after).not.toEqual(before);
  });

  it('are mirrored by a flip, one by one, and moved by noise', async () => {
    const flipped = await fed([{name: 'randomFlip', horizontal: 0.5, vertical: 0}]);
    const mirrored = (at: number): boolean => {
      const row = (values: Float32Array, y: number): readonly number[] => [
        ...values.slice(784 * at + 28 * y, 784 * at + 28 * (y + 1)),
      ];
      return Array.from({length: 28}, (_, y) => y).every(
        (y) => row(flipped.after, y).join() === row(flipped.before, y).toReversed().join(),
      );
    };
    const are = Array.from({length: 8}, (_, at) => mirrored(at));
    expect(are).toContain(true);
    expect(are).toContain(false);
    const {before, after} = await fed([{name: 'inputNoise', sigma: 0.3}]);
    const squares = after.reduce((sum, value, at) => sum + (value - before[at]!) ** 2, 0);
    expect(Math.sqrt(squares / after.length)).toBeCloseTo(0.3, 1);
  });
});

describe('what a model makes of its data', () => {
  const seen = async (given: Partial<RecipeInput>): Promise<{looks: readonly Look[]; testError: number}> => {
    const recipe = defaultRecipe({epochs: 2, ...given});
    const data = await makeData(recipe.data, {mnist: () => Promise.reject(new Error('not asked for'))});
    const looks: Look[] = [];
    const {testError} = await runRecipe(recipe, {
      data,
      onTrainer: async (trainer, at) => {
        looks.push(await (at === 'end' ? lookAtEnd(trainer, data) : lookAt(trainer, data)));
      },
    });
    return {looks, testError};
  };

  it('is a class at each place of the plane, after each epoch and at the end', async () => {
    const {looks, testError} = await seen({
      data: {name: 'blobs', train: 200, test: 300, labelNoise: 0},
      epochs: 30,
    });
    expect(looks).toHaveLength(31);
    const {surface, judged, weights} = looks.at(-1)!;
    const {side, classes, reach, points, labels, guesses} = surface!;
    // Blob 0 is up to the right, as it is drawn.
    expect(classes[Math.floor(side * 0.25) * side + Math.floor(side * 0.75)]).toBe(0);
    expect(classes[Math.floor(side * 0.75) * side + Math.floor(side * 0.25)]).toBe(2);
    // A point's class is that of its place.
    const at = (value: number): number => Math.round(((value / reach + 1) / 2) * (side - 1));
    const agree = [...labels.keys()].filter(
      (index) =>
        classes[(side - 1 - at(points[2 * index + 1]!)) * side + at(points[2 * index]!)] === guesses[index],
    );
    expect(agree.length / labels.length).toBeGreaterThan(0.95);
    const right = judged!.confusion.reduce((sum, row, label) => sum + row[label]!, 0);
    expect(1 - right / 300).toBeCloseTo(testError, 6);
    expect(weights!.histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(
      2 * 64 + 2 * 64 * 64 + 64 * 4,
    );
  });

  it('is a curve, with the band of an ensemble’s members', async () => {
    const {looks} = await seen({data: {name: 'wave'}, regularizers: [{name: 'bagging', members: 3}]});
    const {curve} = looks.at(-1)!;
    expect(curve!.members).toBe(3);
    curve!.mean.forEach((value, index) => {
      expect(value).toBeGreaterThanOrEqual(curve!.low[index]! - 1e-5);
      expect(value).toBeLessThanOrEqual(curve!.high[index]! + 1e-5);
    });
    expect(curve!.high.some((value, index) => value > curve!.low[index]!)).toBe(true);
  });

  it('is what plugins leave of units and weights: as many as they say, drawn anew in each epoch', async () => {
    const {looks} = await seen({
      data: {name: 'moons', train: 200},
      model: {name: 'mlp', hidden: [64]},
      regularizers: [
        {name: 'dropout', rate: 0.3},
        {name: 'dropConnect', rate: 0.5},
        {name: 'inputNoise', sigma: 0.1},
      ],
    });
    const of = (look: Look, name: string) => look.kept!.filter(({plugin}) => plugin === name);
    for (const {kept} of looks) {
      expect([...new Set(kept!.map(({plugin}) => plugin))].sort()).toEqual(['dropConnect', 'dropout']);
    }
    const [connections] = of(looks[0]!, 'dropConnect');
    const [units] = of(looks[0]!, 'dropout');
    expect(units).toMatchObject({rows: 12, columns: 64, tiles: 1});
    // Four standard deviations of a share of some hundreds.
    expect(Math.abs(units!.portion - 0.7)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / 300));
    expect(Math.abs(connections!.portion - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 128));
    const counts = [0, 1, 2].map((which) => units!.cells.filter((cell) => cell === which).length);
    expect(units!.portion).toBeCloseTo(counts[1]! / (counts[0]! + counts[1]!), 6);
    expect(of(looks[1]!, 'dropout')[0]!.cells).not.toEqual(units!.cells);
  });

  it('is of pictures the channels that are kept of the first one', async () => {
    const {looks} = await seen({
      data: {name: 'digits', train: 40, validation: 10, test: 10},
      model: {name: 'cnn', channels: [6], units: 4},
      epochs: 1,
      regularizers: [{name: 'spatialDropout', rate: 0.5}],
    });
    const {tiles, rows, columns, cells} = looks[0]!.kept![0]!;
    expect(tiles).toBe(6);
    // A channel is kept or dropped as a whole.
    for (let tile = 0; tile < tiles; tile++) {
      const its = cells.slice(tile * rows * columns, (tile + 1) * rows * columns);
      expect(its.includes(0) && its.includes(1)).toBe(false);
    }
  });

  it('is what each penalty adds to the loss, by epoch', async () => {
    const histories = await Promise.all(
      [['l2'], ['l2', 'l1'], []].map(async (names) => {
        const recipe = defaultRecipe({
          data: {name: 'moons', train: 40, validation: 10, test: 10},
          epochs: 3,
          regularizers: names.map((name) => ({name, strength: 0.01})),
        });
        const data = await makeData(recipe.data, {mnist: () => Promise.reject(new Error('not asked for'))});
        return (await runRecipe(recipe, {data})).history;
      }),
    );
    const [one, two, none] = histories.map((history) => addedIn(history));
    expect(none).toBeUndefined();
    expect(one!.penalties.map(({name}) => name)).toEqual(['penalty']);
    expect(two!.penalties.map(({name}) => name)).toEqual(['l1', 'l2']);
    expect(two!.epochs).toEqual([1, 2, 3]);
    histories[1]!.forEach(({train}, at) => {
      const sum = two!.penalties.reduce((so, {values}) => so + values[at]!, 0);
      expect(sum).toBeCloseTo(train.penalty, 6);
    });
  });

  it('is mistakes and the units of the first layer, of pictures', async () => {
    const {looks, testError} = await seen({
      data: {name: 'glyphs', train: 60, validation: 20, test: 100},
      model: {name: 'mlp', hidden: [128]},
    });
    const {judged, weights, surface} = looks.at(-1)!;
    expect(surface).toBeUndefined();
    expect(judged!.mistakes).toHaveLength(Math.min(12, Math.round(100 * testError)));
    expect(judged!.mistakes[0]!.pixels).toHaveLength(784);
    expect(weights!.tiles).toMatchObject({height: 28, width: 28, count: 24, of: 128});
  });
});
