// A search as it is reported, with as many axes as a report shows.
import type {RecipeSearch} from '../../src/search/search-recipes.ts';

const names = [
  'dropout',
  'augmentation of pictures',
  'labelSmoothing',
  'earlyStopping',
  'bagging',
  'mixup',
  'l2',
];
const strength = (key: string) => ({key, search: {from: 0.001, to: 1, scale: 'log' as const}});
const settings = ['optimizer.learningRate', 'model.hidden'].map(strength);
const seconds = (at: number): number => 3 * (at + 1);

/** A point in which some are on, another one at each place. */
const pointAt = (at: number): RecipeSearch['winner'] => ({
  ...Object.fromEntries(settings.map(({key}, index) => [key, 0.001 * 2 ** ((at + index) % 10)])),
  ...Object.fromEntries(
    names.flatMap((name, index) =>
      (at >> index) % 2 === 1
        ? [
            [name, true],
            [`${name}.strength`, 0.01 * (1 + (at % 7))],
          ]
        : [[name, false]],
    ),
  ),
});
const verdict = {
  name: 'dropout',
  instances: 5,
  mean: -0.021,
  standardError: 0.002,
  degrees: 4,
  p: 0.001,
  error: 0.05,
  baseline: 0.071,
  word: 'helps' as const,
  interval: [-0.03, -0.012] as const,
  corrected: 0.002,
  better: 5,
  smallest: 0.01,
};
const row = (name: string, validation: number) => ({name, validation, test: validation + 0.01, verdict});

/** What a search came to. */
export const found: RecipeSearch = {
  format: 'regularizers-lab search 1',
  base: {data: {name: 'glyphs'}, model: {name: 'mlp'}},
  backend: 'native (TensorFlow 2.21.0)',
  measure: 'error',
  sentences: ['Regularizers take the test error from 7.10 % to 5.00 %.'],
  refused: [{name: 'hue', why: '[hue] no picture has colours'}],
  untried: ['tying'],
  untuned: ['epochs'],
  trials: 128,
  seeds: [100, 101],
  baseline: {...row('baseline', 0.07), verdict: undefined},
  rows: names.map((name, at) => row(name, 0.06 - 0.001 * at)),
  leftOut: [row('without dropout', 0.065)],
  winner: pointAt(77),
  recipe: {name: 'winner'},
  axes: [
    ...settings.map((parameter) => ({name: parameter.key, kind: 'setting', parameter})),
    ...names.map((name) => ({name, kind: 'technique', parameter: strength(`${name}.strength`)})),
  ],
  curves: names.map((name) => ({
    name,
    parameter: `${name}.strength`,
    points: [0.001, 0.01, 0.1].map((value, at) => ({value, errors: [0.07 - 0.01 * at, 0.06]})),
  })),
  history: Array.from({length: 128}, (_, at) => ({
    point: pointAt(at),
    seed: at % 3,
    seconds: seconds(at),
    validation: 0.05 + 0.05 * Math.abs(Math.sin(12.9898 * at)),
    test: 0.06,
  })),
} as unknown as RecipeSearch;
