import {droppedValue} from '@regularizers/dropout';
import {deriveKey} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {parseRecipe, type Recipe} from '../../../recipe.ts';
import type {Picture} from '../../../report/picture.ts';
import type {Measured, Measuring} from '../define-lesson.ts';
import {kernelOf, leastSquares, relativeDistance} from '../linear.ts';
import {linear} from '../linear-recipe.ts';
import {hiddenUnits, logProbabilities} from '../network.ts';
import {tolerances} from '../tolerances.ts';
import {type Training, trainedOf, type Weights} from '../training.ts';
import {mean} from '../words.ts';

/** Examples that all masks are tried on. */
const examples = 60;
/** Masks of the network with two hidden layers. */
const passes = 30;

export async function measure({value, baseline, recipe, training}: Measuring): Promise<Measured> {
  const without = await training.run(baseline, {words: 'without dropout', share: 0.2});
  let scaled: readonly number[] = [];
  const {test} = await training.data(recipe);
  const inputs = test.x.slice(0, 2 * examples);
  const dropped = await training.run(recipe, {
    words: 'with dropout',
    share: 0.2,
    onTrainer: async (trainer, at) => {
      if (at === 'end') scaled = await firstClass(trainer, inputs);
    },
  });
  const means = scaled.map((_, i) => overMasks(dropped.weights, [inputs[2 * i]!, inputs[2 * i + 1]!], value));
  const deep = await deeper(recipe, value, test.x, training);
  const straight = await linearRegression(value, recipe.seed, training);
  return {
    numbers: [
      {
        label: 'all units, and the geometric mean over 256 masks: how far apart at most',
        measured: largest(scaled.map((one, i) => one - means[i]!.geometric)),
        expected: 0,
        tolerance: tolerances.probability,
        must: 'agree',
        note: 'as probabilities',
      },
      {
        label: 'all units, and the arithmetic mean',
        measured: largest(scaled.map((one, i) => one - means[i]!.arithmetic)),
        expected: 0,
        tolerance: tolerances.otherMean,
        must: 'differ',
        note: 'what must not hold: the mean of probabilities is another one',
      },
      {
        label: `two hidden layers: all units, and the mean over ${passes} masks`,
        measured: deep.apart,
        expected: 0,
        tolerance: tolerances.approximate,
        must: 'agree',
        note: 'mean difference of probabilities: an approximation',
      },
      {
        label: 'two hidden layers: examples that both say the same of',
        measured: deep.same,
        expected: 1,
        tolerance: tolerances.approximate,
        must: 'agree',
        note: 'as a share of them',
      },
      {
        label: 'linear regression: weights, and those of ridge with (p/q)·diag(H)',
        measured: relativeDistance(straight.weights, straight.ridge),
        expected: 0,
        tolerance: tolerances.averagedNoise,
        must: 'agree',
        note: 'how far apart, as a share of their length',
      },
      {
        label: 'linear regression: weights, and those of least squares',
        measured: relativeDistance(straight.weights, straight.solution),
        expected: 0,
        tolerance: tolerances.averagedNoise,
        must: 'differ',
        note: 'what must not hold: that dropout changes nothing',
      },
    ],
    pictures: [
      {
        kind: 'plot',
        title: 'The scaled network, and the mean of all masks',
        description: 'Geometric means lie on the diagonal; arithmetic means are nearer to one half.',
        x: {label: 'probability with all units', min: 0, max: 1},
        y: {label: 'mean over 256 masks', min: 0, max: 1},
        series: [
          {label: 'the same', tone: 'without', x: [0, 1], y: [0, 1]},
          {
            label: 'arithmetic',
            tone: 'control',
            draw: 'points',
            x: scaled,
            y: means.map(({arithmetic}) => arithmetic),
          },
          {
            label: 'geometric',
            tone: 'measured',
            draw: 'points',
            x: scaled,
            y: means.map(({geometric}) => geometric),
          },
        ],
      },
      await masksPicture(value, recipe.seed),
      {
        kind: 'bars',
        title: 'Linear regression: dropout is ridge',
        description:
          'Weights with dropout on the inputs are those of ridge with (p/q)·diag(H), smaller than least squares.',
        across: 'weight',
        categories: straight.solution.map((_, i) => String(i + 1)),
        y: {label: 'weight'},
        series: [
          {label: 'with dropout', tone: 'measured', values: Array.from(straight.weights)},
          {label: 'ridge', tone: 'expected', values: straight.ridge},
          {label: 'least squares', tone: 'without', values: straight.solution},
        ],
      },
    ],
    baseline: trainedOf(without.report),
    recipe: trainedOf(dropped.report),
  };
}

type Predicts = {predict(x: tf.Tensor): tf.Tensor | readonly tf.Tensor[]};

/** The probability of the first of two classes, for points in the plane. */
async function firstClass(trainer: Predicts, points: Float32Array): Promise<readonly number[]> {
  const x = tf.tensor2d(points, [points.length / 2, 2]);
  const y = trainer.predict(x) as tf.Tensor;
  const values = await y.data();
  tf.dispose([x, y]);
  return Array.from(values).filter((_, i) => i % 2 === 0);
}

/** Means of the probability of the first class over every mask of the hidden units, each as likely as it is. */
function overMasks(weights: Weights, input: readonly number[], rate: number) {
  const keep = 1 - rate;
  const units = hiddenUnits(weights, input);
  const logs = [0, 0];
  let arithmetic = 0;
  for (let mask = 0; mask < 2 ** units.length; mask++) {
    const kept = units.map((_, i) => (mask >> i) & 1);
    const count = kept.reduce((total, one) => total + one, 0);
    const probability = keep ** count * rate ** (units.length - count);
    const log = logProbabilities(
      weights,
      units.map((one, i) => (one * kept[i]!) / keep),
    );
    arithmetic += probability * Math.exp(log[0]!);
    log.forEach((one, i) => {
      logs[i]! += probability * one;
    });
  }
  const [first, second] = logs.map(Math.exp) as [number, number];
  return {arithmetic, geometric: first / (first + second)};
}

/** A network with two hidden layers: its answers with all units beside their mean over masks, drawn by `monteCarlo`. */
async function deeper(recipe: Recipe, rate: number, points: Float32Array, training: Training) {
  const network: Recipe = {
    ...recipe,
    model: {name: 'mlp', hidden: [32, 32], activation: 'relu'},
    data: parseRecipe({...recipe, data: {...recipe.data, validation: 10}} as Recipe).data,
    epochs: 60,
    regularizers: [
      {name: 'dropout', rate},
      {name: 'monteCarlo', passes},
    ],
  };
  let [all, over]: (readonly number[])[] = [[], []];
  await training.run(network, {
    words: 'two hidden layers',
    share: 0.3,
    onTrainer: async (trainer, at) => {
      if (at !== 'end') return;
      over = await firstClass(trainer, points);
      const [plain] = await trainer.members();
      all = await firstClass(plain as Predicts, points);
      plain!.dispose();
    },
  });
  return {
    apart: mean(all!.map((one, i) => Math.abs(one - over![i]!))),
    same: mean(all!.map((one, i) => (one > 0.5 === over![i]! > 0.5 ? 1 : 0))),
  };
}

/** Dropout on the inputs of a linear model, and what it is on average. */
async function linearRegression(rate: number, seed: number, training: Training) {
  const recipe = parseRecipe({
    ...linear,
    seed,
    optimizer: {name: 'momentum', learningRate: 0.05, momentum: 0.85},
    epochs: 600,
    regularizers: [
      {name: 'dropout', rate, at: 'input'},
      {name: 'swa', start: 0.2},
    ],
  });
  const {weights} = await training.run(recipe, {words: 'linear regression', share: 0.3});
  const problem = leastSquares(await training.data(recipe));
  return {
    weights: kernelOf(weights),
    ridge: problem.ridge(problem.diagonal.map((one) => (rate / (1 - rate)) * one)),
    solution: problem.solution,
  };
}

/** The masks of some steps: a row for each. */
async function masksPicture(rate: number, seed: number): Promise<Picture> {
  const [rows, columns] = [12, 32];
  const kept = tf.tidy(() =>
    tf.sign(droppedValue(tf.ones([rows, columns]), deriveKey(seed, 'masks'), {rate})),
  );
  const values = Array.from(await kept.data());
  kept.dispose();
  return {
    kind: 'tiles',
    title: `Which of ${columns} units are there, in ${rows} steps`,
    description: `Each row is a step, each column a unit. ${Math.round(100 * mean(values))} % are there.`,
    perRow: 1,
    reach: 1.4,
    tiles: [{rows, columns, values}],
  };
}

const largest = (values: readonly number[]): number => Math.max(...values.map(Math.abs));
