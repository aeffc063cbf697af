import type {Trainer} from '@regularizers/core';
import {advance, deriveKey, hostNormal} from '@regularizers/random';
import type * as tf from '@tensorflow/tfjs-core';
import {Matrix, solve} from 'ml-matrix';
import {type ClassificationData, toTensors, type ValuesData} from '../../../data/data-set.ts';
import {parseRecipe, type Recipe} from '../../../recipe.ts';
import {bySize, steps} from '../by-size.ts';
import type {Measured, Measuring} from '../define-lesson.ts';
import {kernelOf} from '../linear.ts';
import {tolerances} from '../tolerances.ts';
import {type Training, trainedOf} from '../training.ts';

/** Real examples, each twice as many as the one before: what augmented ones are worth is to be found among the plain. */
const sizes = {plain: [100, 200, 400, 800], augmented: [50, 100]} as const;
/** Sides of the pictures that the linear model sees. */
const side = 4;
const inputs = side * side;
/** Pictures with mirror images, and how many do as well without. */
const few = 40;
const many = 2 * few - 1;
const noise = 1;
const drawnSets = 400;

export async function measure({value, baseline, recipe, training}: Measuring): Promise<Measured> {
  const {
    train: {size: real},
  } = await training.data(recipe);
  const plain = await bySize(baseline, sizes.plain, {words: 'without augmentation', share: 0.58}, training);
  const turned = await bySize(recipe, sizes.augmented, {words: 'augmented', share: 0.24}, training);
  const upright = await onSixAndNine([], recipe.seed, training);
  const upsideDown = await onSixAndNine(
    [{name: 'randomAffine', rotation: 180, translation: 0, scale: [1, 1], shear: 0}],
    recipe.seed,
    training,
  );
  const at = plain.sizes.indexOf(real);
  const also = turned.sizes.indexOf(real);
  const worth = examplesFor(turned.errors[also]!, plain) / real;
  const linear = await mirrored(recipe.seed, training);
  const [with_, without] = [meanExcess(few, true, recipe.seed), meanExcess(many, false, recipe.seed)];
  return {
    numbers: [
      {
        label: `what ${real} augmented examples are worth, in plain ones for each`,
        measured: worth,
        expected: 1,
        tolerance: tolerances.worth,
        must: 'be higher',
        note: `test error ${percent(turned.errors[also]!)} augmented, ${percent(plain.errors[at]!)} plain`,
      },
      {
        label: `linear: excess error of ${few} pictures with mirror images`,
        measured: with_,
        expected: (noise ** 2 * inputs) / 2 / (few - inputs / 2 - 1),
        tolerance: tolerances.meanOfMany * with_,
        must: 'agree',
        note: `σ²(d/2)/(n − d/2 − 1), d = ${inputs}; the mean of ${drawnSets} data sets`,
      },
      {
        label: `linear: excess error of ${many} pictures without, in multiples of that`,
        measured: without / with_,
        expected: 1,
        tolerance: 2 * tolerances.meanOfMany,
        must: 'agree',
        note: 'n pictures with mirror images do as 2n − 1 without',
      },
      {
        label: 'linear, trained with random flips: share of the weights that sees which side is left',
        measured: linear.flipped,
        expected: 0,
        tolerance: tolerances.nearlyInvariant,
        must: 'agree',
      },
      {
        label: 'the same without',
        measured: linear.plain,
        expected: 0,
        tolerance: tolerances.nearlyInvariant,
        must: 'differ',
        note: 'what must not hold: least squares keeps what is noise',
      },
      {
        label: 'error on 6 and 9, trained on digits that are turned by up to 180°',
        measured: 100 * upsideDown,
        expected: 100 * upright,
        tolerance: tolerances.oneOfMany,
        must: 'be higher',
        unit: '%',
        note: 'what must hurt: one class becomes another. Expected is the error without',
      },
    ],
    pictures: [
      {
        kind: 'plot',
        title: 'Error against real examples',
        description: `At ${real} examples ${percent(plain.errors[at]!)} without and ${percent(turned.errors[also]!)} with augmentation, which is worth ${worth.toFixed(1)} times the examples.`,
        x: {label: 'real examples', scale: 'log'},
        y: {label: 'test error, %', min: 0},
        series: [
          {label: 'without', tone: 'without', x: plain.sizes, y: plain.errors.map(inPercent)},
          {
            label: `turned by up to ${value}°`,
            tone: 'measured',
            x: turned.sizes,
            y: turned.errors.map(inPercent),
          },
        ],
        marks: [{label: `as good as ${real} augmented`, y: inPercent(turned.errors[also]!)}],
      },
      {
        kind: 'bars',
        title: 'Error on 6 and 9',
        description: `Without rotation ${percent(upright)} of them, turned by up to 180° ${percent(upsideDown)}.`,
        across: 'trained on pictures',
        categories: ['as they are', 'turned by up to 180°'],
        y: {label: 'test error, %', min: 0},
        series: [{label: '6 and 9', tone: 'control', values: [100 * upright, 100 * upsideDown]}],
      },
    ],
    baseline: trainedOf(plain.reports[at]!),
    recipe: trainedOf(turned.reports[also]!),
  };
}

/** How many plain examples have an error: between two sizes as a line of logarithms; no more than were tried. */
function examplesFor(
  error: number,
  {sizes, errors}: {sizes: readonly number[]; errors: readonly number[]},
): number {
  const next = errors.findIndex((one) => one <= error);
  if (next === 0) return sizes[0]!;
  if (next < 0) return sizes.at(-1)!;
  const [high, low] = [errors[next - 1]!, errors[next]!];
  const along = (high - error) / (high - low);
  return sizes[next - 1]! * (sizes[next]! / sizes[next - 1]!) ** along;
}

/** Digits: what they are called depends on which way is up. */
const digits = parseRecipe({
  data: {name: 'digits', train: 400, validation: 20, test: 700},
  model: {name: 'mlp', hidden: [64]},
  optimizer: {name: 'adam', learningRate: 0.01, schedule: 'cosine'},
  batchSize: 25,
});

/** The error on test examples that are a 6 or a 9. */
async function onSixAndNine(
  regularizers: Recipe['regularizers'],
  seed: number,
  training: Training,
): Promise<number> {
  const data = (await training.data(digits)) as ClassificationData;
  const pair = ['6', '9'].map((digit) => data.classNames.indexOf(digit));
  let error = Number.NaN;
  await training.run(steps({...digits, seed, regularizers}), {
    words: '6 and 9',
    share: 0.04,
    onTrainer: async (trainer, at) => {
      if (at === 'epoch') return;
      const guesses = await guessesOf(trainer, data);
      const asked = [...data.test.y.keys()].filter((i) => pair.includes(data.test.y[i]!));
      error = asked.filter((i) => guesses[i] !== data.test.y[i]).length / asked.length;
    },
  });
  return error;
}

async function guessesOf(
  trainer: Pick<Trainer, 'predict'>,
  data: ClassificationData,
): Promise<readonly number[]> {
  const {x, y} = toTensors(data, 'test');
  const output = trainer.predict(x) as tf.Tensor;
  const values = await output.data();
  for (const tensor of [x, y, output]) tensor.dispose();
  return Array.from({length: data.test.size}, (_, i) => {
    const row = values.subarray(i * data.classes, (i + 1) * data.classes);
    return row.indexOf(Math.max(...row));
  });
}

/** The true weights see what a picture and its mirror image have in common: no less, no more. */
const truth = Array.from({length: inputs}, (_, i) => {
  const [row, column] = [Math.floor(i / side), i % side];
  return (row + 1) * (Math.min(column, side - 1 - column) === 0 ? 0.2 : -0.1);
});

interface Drawn {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** Pictures of independent normal numbers, and noisy targets. */
function draw(size: number, seed: number, set: number): Drawn {
  const key = deriveKey(seed, 'lesson', 'pictures', set);
  const x = hostNormal(size * inputs, key);
  const errors = hostNormal(size, advance(key, size * inputs), {sigma: noise});
  return {x, y: errors.map((error, i) => error + dot(x.subarray(i * inputs, (i + 1) * inputs)))};
}

const dot = (picture: Float32Array): number => picture.reduce((sum, value, i) => sum + value * truth[i]!, 0);

const mirrorOf = (at: number): number => at - (at % side) + (side - 1 - (at % side));

/** ‖w − w*‖², by which the error of a new picture exceeds σ², in the mean over data sets: in closed form. */
function meanExcess(size: number, withMirrors: boolean, seed: number): number {
  const all = Array.from({length: drawnSets}, (_, set) => {
    const {x, y} = draw(size, seed, set);
    const pictures = Matrix.from1DArray(size, inputs, Float64Array.from(x));
    const targets = Matrix.columnVector(Float64Array.from(y));
    const design = withMirrors ? stacked(pictures, mirroredRows(pictures)) : pictures;
    const values = withMirrors ? stacked(targets, targets) : targets;
    const across = design.transpose();
    const weights = solve(across.mmul(design), across.mmul(values)).to1DArray();
    return weights.reduce((sum, value, i) => sum + (value - truth[i]!) ** 2, 0);
  });
  return all.reduce((sum, one) => sum + one, 0) / drawnSets;
}

const stacked = (above: Matrix, below: Matrix): Matrix =>
  new Matrix([...above.to2DArray(), ...below.to2DArray()]);

const mirroredRows = (pictures: Matrix): Matrix =>
  new Matrix(pictures.to2DArray().map((row) => row.map((_, at) => row[mirrorOf(at)]!)));

/** How much of a trained linear model's weights is no mirror image of itself, without flips and with. */
async function mirrored(seed: number, training: Training): Promise<{plain: number; flipped: number}> {
  const split = (set: number) => ({size: few, ...draw(few, seed, drawnSets + set)});
  const data: ValuesData = {
    name: 'pictures',
    description: `Pictures of ${side} × ${side} independent numbers.`,
    kind: 'regression',
    inputShape: [side, side, 1],
    targetShape: [1],
    train: split(0),
    validation: split(1),
    test: split(2),
  };
  const shareOf = async (words: string, regularizers: Recipe['regularizers']): Promise<number> => {
    const linear = parseRecipe({
      seed,
      data: {name: 'diabetes'}, // not what it is trained on, which no recipe names
      model: {name: 'mlp', hidden: []},
      optimizer: {name: 'sgd', learningRate: 0.2, schedule: 'cosine'},
      epochs: 200,
      batchSize: few,
      regularizers,
    });
    const {weights} = await training.run(linear, {words, share: 0.05, data});
    const kernel = kernelOf(weights);
    const odd = kernel.map((value, at) => (value - kernel[mirrorOf(at)]!) / 2);
    return Math.hypot(...odd) / Math.hypot(...kernel);
  };
  return {
    plain: await shareOf('linear, without flips', []),
    flipped: await shareOf('linear, random flips', [
      // What is asked of a picture is the same of its mirror image.
      {name: 'randomFlip', horizontal: 0.5, targets: 'keep'},
    ]),
  };
}

const inPercent = (share: number): number => 100 * share;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
