// Every lesson's claim, and what must not hold, by the numbers that `lab lesson` prints.
import {RegularizerError} from '@regularizers/core';
import {registerNative} from '@regularizers/native';
import {convolutionGeometry, toeplitz} from '@regularizers/sharing';
import {isThorough} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {useBackend} from '../../src/cli/backends.ts';
import {convolution} from '../../src/examples/lessons/convolution.ts';
import {lessonNamed, lessons} from '../../src/examples/lessons/index.ts';
import {holds, type Lesson, type LessonNumber, type LessonResult} from '../../src/examples/lessons/lesson.ts';
import {tapsOf} from '../../src/examples/lessons/measured/one-filter.ts';
import {wantedText} from '../../src/examples/lessons/text.ts';
import {byChance} from '../../src/examples/lessons/tolerances.ts';
import {parseRecipe} from '../../src/recipe.ts';
import {picturesSvg} from '../../src/report/picture-svg.ts';

const failed = ({numbers}: LessonResult): readonly LessonNumber[] => numbers.filter((one) => !holds(one));

describe.each(lessons.map((entry) => [entry.name, entry] as const))('%s', (name, entry) => {
  let lesson: Lesson;
  let trained: LessonResult;
  beforeAll(async () => {
    lesson = await entry.load();
    trained = await entry.trained();
  });

  test('trained on native, its numbers are as they must be, and as they are shown first', async () => {
    const told: number[] = [];
    const result = await lesson.run(lesson.slider.value, {onProgress: (done) => told.push(done)});
    expect(failed(result)).toEqual([]);
    expect(told.at(-1)).toBeCloseTo(1, 6);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    // What is shown was trained by `npm run lessons`, on the backend that its file names.
    expect(failed(trained)).toEqual([]);
    const {lesson: of, value, seed} = trained;
    expect([of, value, seed]).toEqual([name, lesson.slider.value, 0]);
    expect(trained.numbers.map(({label}) => label)).toEqual(result.numbers.map(({label}) => label));
    trained.numbers.forEach(({label, measured, expected, tolerance, must}, i) => {
      if (must !== 'agree') return;
      const now = result.numbers[i]!;
      // Two backends round otherwise, which some hundred steps of a network make more of.
      const apart = 2 * tolerance + 0.02 * Math.abs(expected);
      expect(Math.abs(measured - now.measured), label).toBeLessThanOrEqual(apart);
      expect(Math.abs(expected - now.expected), label).toBeLessThanOrEqual(apart);
    });
    expect(picturesSvg(lesson.title, result.pictures)).not.toMatch(/NaN|Infinity|undefined/);
    // What may not be off at all is what nothing is measured of: it says that it is exact, and is counted.
    for (const {tolerance, must, expected, note} of result.numbers.filter((one) => one.tolerance <= 0)) {
      expect({tolerance, must, note}).toEqual({
        tolerance: 0,
        must: 'agree',
        note: expect.stringMatching(/^exact: /),
      });
      expect(Number.isInteger(expected)).toBe(true);
    }
  });

  test('says what it claims, what there is to see, what is exact and who says so', () => {
    expect(lesson.name).toBe(name);
    expect(lesson.claim).toMatch(/^[A-Z].*\.$/);
    for (const text of [lesson.see, lesson.exact]) expect(text.join(' ').length).toBeGreaterThan(80);
    expect(lesson.sources.length).toBeGreaterThan(0);
    for (const {url = 'https://'} of lesson.sources) expect(url).toMatch(/^https:\/\//);
  });

  test('has recipes from one end of its slider to the other: the same but for what it is about', () => {
    const {min, max, value} = lesson.slider;
    for (const at of [min, value, max]) {
      lesson.check(at);
      const {data, seed} = parseRecipe(lesson.recipe(at));
      expect({data, seed}).toEqual({data: lesson.baseline.data, seed: lesson.baseline.seed});
    }
    expect(lesson.recipe(value)).not.toEqual(lesson.baseline);
  });

  test('refuses values and seeds that there are not, and does not begin once it is aborted', async () => {
    const {min, max, value} = lesson.slider;
    for (const at of [min - 1, max + 1, Number.NaN, Infinity]) {
      await expect(lesson.run(at)).rejects.toThrow(/must be in \[/);
    }
    for (const seed of [-1, 0.5, 2 ** 31]) {
      await expect(lesson.run(value, {seed})).rejects.toThrow(/seed must be an integer in \[0, 2147483647\]/);
    }
    await expect(lesson.run(value, {signal: AbortSignal.abort('enough')})).rejects.toBe('enough');
  });
});

describe('from one end of the slider to the other, and from other seeds', () => {
  // Those that take seconds; all of them, from three seeds, where suites are to be thorough.
  const quick = {min: ['l2', 'early-stopping'], max: ['l2', 'tying', 'input-noise', 'early-stopping']};
  const seeds = isThorough ? [0, 1, 2] : [2];
  const ends = lessons.flatMap((entry) =>
    (['min', 'max'] as const)
      .filter((end) => isThorough || quick[end].includes(entry.name))
      .flatMap((end) => seeds.map((seed) => ({entry, name: entry.name, end, seed}))),
  );

  test.each(ends)('$name at its $end, seed $seed', async ({entry, end, seed}) => {
    const lesson = await entry.load();
    expect(failed(await lesson.run(lesson.slider[end], {seed}))).toEqual([]);
  });
});

describe('on plain JavaScript', () => {
  beforeAll(() => useBackend('cpu'));
  afterAll(() => registerNative());

  test('the first lesson comes to the same, elsewhere on its slider and from another seed', async () => {
    const lesson = await lessons[0]!.load();
    expect(failed(await lesson.run(lesson.slider.max, {seed: 7}))).toEqual([]);
  });

  test('an aborted lesson ends by the reason', async () => {
    const lesson = await lessons[0]!.load();
    const enough = new AbortController();
    const run = lesson.run(lesson.slider.value, {
      signal: enough.signal,
      onProgress: (done) => {
        if (done > 0.01) enough.abort('enough');
      },
    });
    await expect(run).rejects.toBe('enough');
  });
});

test.each<[LessonNumber['must'], number, boolean]>([
  ['agree', 1.2, true],
  ['agree', 1.3, false],
  ['agree', 0.7, false],
  ['differ', 1.2, false],
  ['differ', 1.3, true],
  ['stay below', 0, true],
  ['stay below', 1.2, true],
  ['stay below', 1.3, false],
  ['be lower', 0.7, true],
  ['be lower', 0.8, false],
  ['be higher', 1.3, true],
  ['be higher', 1.2, false],
  ['be higher', Number.NaN, false],
  ['agree', Number.NaN, false],
  ['differ', Number.NaN, false],
])('a number that must %s with 1 ± 0.25, and is %d: %s', (must, measured, expected) => {
  expect(holds({label: '', must, measured, expected: 1, tolerance: 0.25})).toBe(expected);
});

test.each<[LessonNumber['must'], number, string]>([
  ['agree', 0.25, '1 points ± 0.25'],
  ['agree', 0, 'exactly 1 points'],
  ['differ', 0.25, 'not 1 points ± 0.25'],
  ['stay below', 0.25, 'at most 1.25 points'],
  ['be lower', 0.25, 'below 0.75 points'],
  ['be higher', 0.25, 'above 1.25 points'],
])('that a number must %s is said', (must, tolerance, words) => {
  expect(wantedText({label: '', measured: 1, expected: 1, tolerance, must, unit: 'points'})).toBe(words);
});

test.each([
  [1, 10.828],
  [5, 20.515],
  [10, 29.588],
  [100, 149.449],
])('what is left to chance of %d normal numbers is in tables of χ²', (degrees, quantile) => {
  expect(byChance(degrees)).toBeCloseTo(Math.sqrt(quantile / degrees), 1);
});

test.each([1, 2, 3, 7])('a filter of side %d sees what a convolution does', (kernelSize) => {
  const geometry = convolutionGeometry({...convolution, kernelSize, filters: 1});
  const numbered = tf.tidy(() =>
    toeplitz(tf.reshape(tf.range(1, kernelSize ** 2 + 1), [...geometry.kernelShape]), geometry).dataSync(),
  );
  const seen = new Float32Array(numbered.length);
  tapsOf(kernelSize).forEach((taps, place) => {
    for (const {tap, ink} of taps) seen[ink * geometry.columns + place] = tap + 1;
  });
  expect(seen).toEqual(numbered);
});

test('an unknown lesson is refused, with those that there are', () => {
  expect(() => lessonNamed('dropin')).toThrow(RegularizerError);
  expect(() => lessonNamed('dropin')).toThrow(/no lesson "dropin"\n.*There are: l2/);
});
