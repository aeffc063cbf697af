import type {Trainer} from '@regularizers/core';
import {bootstrapIndices} from '@regularizers/ensembles';
import {deriveKey} from '@regularizers/random';
import type * as tf from '@tensorflow/tfjs-core';
import {type DataSet, toTensors} from '../../../data/data-set.ts';
import type {Recipe} from '../../../recipe.ts';
import type {Series} from '../../../report/picture.ts';
import type {Measured, Measuring} from '../define-lesson.ts';
import type {LessonNumber} from '../lesson.ts';
import {tolerances} from '../tolerances.ts';
import {type TrainedRecipe, type Training, type TrainingPart, trainedOf} from '../training.ts';

const drawnSamples = 400;

export async function measure({value, baseline, recipe, training}: Measuring): Promise<Measured> {
  const data = await training.data(recipe);
  const alone = await training.run(baseline, {words: 'one model', share: 0.05});
  const bagging = await members(recipe, data, {words: 'bagging', share: 0.4}, training);
  const starts = await members(
    {...recipe, regularizers: [{name: 'deepEnsemble', members: value}]},
    data,
    {words: 'different starts', share: 0.4},
    training,
  );
  const lines = await members(
    straight(recipe, value),
    data,
    {words: 'straight lines', share: 0.15},
    training,
  );
  const half = Math.max(2, Math.ceil(value / 2));
  const size = data.train.size;
  return {
    numbers: [
      {
        label: 'bagging: test error of the mean',
        measured: bagging.trained.report.test.loss,
        expected: bagging.mean - bagging.spread,
        tolerance: tolerances.identity,
        must: 'agree',
        note: `mean error ${short(bagging.mean)} less mean spread ${short(bagging.spread)}`,
      },
      {
        label: `bagging: error of ${half} members`,
        measured: bagging.bySize[half - 1]!,
        expected: ofMany(half, bagging),
        tolerance: tolerances.identity,
        must: 'agree',
        note: `v/k + (k − 1)c/k with v = ${short(bagging.v)}, c = ${short(bagging.c)}`,
      },
      {
        label: 'different starts: test error of the mean',
        measured: starts.trained.report.test.loss,
        expected: ofMany(value, starts),
        tolerance: tolerances.identity,
        must: 'agree',
        note: `v/k + (k − 1)c/k with v = ${short(starts.v)}, c = ${short(starts.c)}`,
      },
      {
        label: 'share of the examples that a bootstrap sample holds',
        measured: meanShare(size, recipe.seed),
        expected: 1 - (1 - 1 / size) ** size,
        tolerance: tolerances.share,
        must: 'agree',
        note: `1 − (1 − 1/n)ⁿ at n = ${size}; the mean of ${drawnSamples} samples`,
      },
      gain('bagging: gain over the mean member', bagging, 'be higher'),
      gain('straight lines from different starts: gain', lines, 'agree'),
    ],
    pictures: [
      {
        kind: 'plot',
        title: 'Members on bootstrap samples, and their mean',
        description: 'One period of a sine wave through noisy points; members part where points are few.',
        x: {label: 'x'},
        y: {label: 'y'},
        series: curves(data, bagging.predictions),
      },
      {
        kind: 'plot',
        title: 'Error against the number of members',
        description: `Bagging falls from ${short(bagging.v)} to ${short(bagging.bySize.at(-1)!)}, different starts from ${short(starts.v)} to ${short(starts.bySize.at(-1)!)}; the formula goes through every point.`,
        x: {label: 'members'},
        y: {label: 'mean squared error', scale: 'log'},
        series: [
          ...bySize('bagging', 'measured', bagging),
          ...bySize('different starts', 'other', starts),
          {label: 'straight lines', tone: 'control', ...points(lines.bySize)},
        ],
      },
    ],
    baseline: trainedOf(alone.report),
    recipe: trainedOf(bagging.trained.report),
  };
}

/** Linear regressions from starts of their own, trained until nothing is left of where they started. */
const straight = (recipe: Recipe, count: number): Recipe => ({
  ...recipe,
  model: {name: 'mlp', hidden: [], activation: 'relu'},
  optimizer: {name: 'momentum', learningRate: 0.2, schedule: 'constant', momentum: 0.8, nesterov: false},
  epochs: 60,
  batchSize: 40,
  regularizers: [{name: 'deepEnsemble', members: count}],
});

interface Members {
  readonly trained: TrainedRecipe;
  /** Of each member, one number per test example. */
  readonly predictions: readonly Float64Array[];
  /** The members' mean squared error, averaged. */
  readonly mean: number;
  /** Their mean squared distance from their mean. */
  readonly spread: number;
  /** Mean square of a member's error, and mean product of two members' errors. */
  readonly v: number;
  readonly c: number;
  /** Error of the mean of k members, averaged over every choice of k: from one to all. */
  readonly bySize: readonly number[];
}

async function members(
  recipe: Recipe,
  data: DataSet,
  part: TrainingPart,
  training: Training,
): Promise<Members> {
  let predictions: readonly Float64Array[] = [];
  const trained = await training.run(recipe, {
    ...part,
    onTrainer: async (trainer, at) => {
      if (at === 'end') predictions = await predictionsOf(trainer, data);
    },
  });
  const truth = Float64Array.from(data.test.y);
  const errors = predictions.map((one) => one.map((value, i) => value - truth[i]!));
  const middle = meanOf(predictions);
  const products = errors.map((one) => errors.map((other) => meanProduct(one, other)));
  const count = errors.length;
  const own = products.map((row, i) => row[i]!);
  const v = sum(own) / count;
  return {
    trained,
    predictions,
    mean: sum(errors.map((error) => meanProduct(error, error))) / count,
    spread:
      sum(
        predictions.map((one) => {
          const away = one.map((value, i) => value - middle[i]!);
          return meanProduct(away, away);
        }),
      ) / count,
    v,
    c: (sum(products.flat()) - sum(own)) / (count * (count - 1)),
    bySize: Array.from({length: count}, (_, k) => {
      const chosen = choices(count, k + 1).map((some) => meanOf(some.map((i) => errors[i]!)));
      return sum(chosen.map((error) => meanProduct(error, error))) / chosen.length;
    }),
  };
}

async function predictionsOf(
  trainer: Pick<Trainer, 'predictions'>,
  data: DataSet,
): Promise<readonly Float64Array[]> {
  const {x, y} = toTensors(data, 'test');
  const all = trainer.predictions(x) as tf.Tensor;
  const values = await all.data();
  const {size} = data.test;
  const count = all.shape[0]!;
  for (const tensor of [x, y, all]) tensor.dispose();
  return Array.from({length: count}, (_, member) =>
    Float64Array.from(values.subarray(member * size, (member + 1) * size)),
  );
}

/** Every choice of `size` of the first `count` numbers. */
function choices(count: number, size: number, from = 0): readonly (readonly number[])[] {
  if (size === 0) return [[]];
  return Array.from({length: Math.max(0, count - from)}, (_, i) => from + i).flatMap((first) =>
    choices(count, size - 1, first + 1).map((rest) => [first, ...rest]),
  );
}

const ofMany = (k: number, {v, c}: Pick<Members, 'v' | 'c'>): number => v / k + ((k - 1) * c) / k;

const gain = (label: string, {mean, spread}: Members, must: 'agree' | 'be higher'): LessonNumber => ({
  label,
  measured: (100 * spread) / mean,
  expected: 0,
  tolerance: tolerances.noGain,
  must,
  unit: '%',
  ...(must === 'agree' ? {note: 'what must not help: members that are the same'} : {}),
});

/** The mean share of n examples that a sample of n, as members are trained on, holds at least once. */
function meanShare(size: number, seed: number): number {
  const all = Int32Array.from({length: size}, (_, i) => i);
  const shares = Array.from({length: drawnSamples}, (_, sample) => {
    const drawn = bootstrapIndices(all, deriveKey(seed, 'lesson', 'bootstrap', sample));
    return new Set(drawn).size / size;
  });
  return sum(shares) / drawnSamples;
}

function curves({train, test}: DataSet, predictions: readonly Float64Array[]): readonly Series[] {
  const order = [...test.x.keys()].sort((a, b) => test.x[a]! - test.x[b]!);
  const line = (label: string, tone: Series['tone'], values: ArrayLike<number>): Series => {
    const some = order.filter((_, i) => i % 8 === 0);
    return {label, tone, x: some.map((i) => test.x[i]!), y: some.map((i) => values[i]!)};
  };
  return [
    {label: 'points to train on', tone: 'without', draw: 'points', x: [...train.x], y: [...train.y]},
    ...predictions.slice(0, 4).map((one) => line('a member', 'other', one)),
    line('the truth', 'expected', test.y),
    line('their mean', 'measured', meanOf(predictions)),
  ];
}

const bySize = (label: string, tone: Series['tone'], all: Members): readonly Series[] => [
  {label, tone, draw: 'points', ...points(all.bySize)},
  {
    label: 'v/k + (k − 1)c/k',
    tone: 'expected',
    ...points(all.bySize.map((_, i) => ofMany(i + 1, all))),
  },
];

const points = (values: readonly number[]) => ({x: values.map((_, i) => i + 1), y: values});

const meanOf = (all: readonly Float64Array[]): Float64Array =>
  all[0]!.map((_, i) => sum(all.map((one) => one[i]!)) / all.length);

const meanProduct = (one: Float64Array, other: Float64Array): number =>
  one.reduce((total, value, i) => total + value * other[i]!, 0) / one.length;

const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);

const short = (value: number): string => String(Number(value.toPrecision(3)));
