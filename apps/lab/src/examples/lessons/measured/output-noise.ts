import type {Trainer} from '@regularizers/core';
import type * as tf from '@tensorflow/tfjs-core';
import {type ClassificationData, toTensors} from '../../../data/data-set.ts';
import type {Recipe} from '../../../recipe.ts';
import type {Measured, Measuring} from '../define-lesson.ts';
import {tolerances} from '../tolerances.ts';
import {type TrainedRecipe, type Training, type TrainingPart, trainedOf} from '../training.ts';

/** Beside the slider's, for the line. */
const others = [0.05, 0.3];
const bins = 10;

export async function measure({value, baseline, recipe, training}: Measuring): Promise<Measured> {
  const data = (await training.data(recipe)) as ClassificationData;
  const {classes} = data;
  const share = 1 / (others.length + 2);
  const at = (base: Recipe, words: string) => sureness(base, data, {words, share}, training);
  const hard = await at(baseline, 'hard labels');
  const smooth = await at(recipe, `ε = ${value}`);
  const points = [{epsilon: value, gap: smooth.gap}];
  for (const epsilon of others) {
    const {gap} = await at(
      {...recipe, regularizers: recipe.regularizers.map((one) => ({...one, epsilon}))},
      `ε = ${epsilon}`,
    );
    points.push({epsilon, gap});
  }
  points.sort((a, b) => a.epsilon - b.epsilon);
  const epsilons = Array.from({length: 41}, (_, i) => 0.05 * 10 ** (i / 40));
  return {
    numbers: [
      {
        label: `gap of logits at ε = ${value}`,
        measured: smooth.gap,
        expected: gapOf(value, classes),
        tolerance: tolerances.gap,
        must: 'agree',
        note: 'log(1 + K(1 − ε)/ε)',
      },
      {
        label: 'the same, trained on hard labels',
        measured: hard.gap,
        expected: gapOf(value, classes),
        tolerance: tolerances.gap,
        must: 'differ',
        note: 'what must not hold: nothing keeps this gap from growing',
      },
      {
        label: 'training loss',
        measured: smooth.trained.report.history.at(-1)!.train.loss,
        expected: entropyOf(value, classes),
        tolerance: tolerances.nearTheFloor,
        must: 'agree',
        note: 'expected is the entropy of the smoothed label, which a loss on hard labels is not to be compared with',
      },
      {
        label: 'mean confidence less the share that is right',
        measured: smooth.surer,
        expected: hard.surer,
        tolerance: tolerances.surer,
        must: 'be lower',
        unit: 'points',
        note: 'on test examples; expected is that of hard labels',
      },
      {
        label: 'test error',
        measured: 100 * smooth.trained.report.testError,
        expected: 100 * hard.trained.report.testError,
        tolerance: tolerances.sameError,
        must: 'agree',
        unit: '%',
        note: 'expected is that of hard labels: errors need not move',
      },
    ],
    pictures: [
      {
        kind: 'plot',
        title: 'How far the right logit is above the others',
        description: `On training examples, for ${points.length} values of ε; the line is log(1 + K(1 − ε)/ε).`,
        x: {label: 'ε', scale: 'log'},
        y: {label: 'gap of logits', min: 0},
        series: [
          {
            label: 'log(1 + K(1 − ε)/ε)',
            tone: 'expected',
            x: epsilons,
            y: epsilons.map((epsilon) => gapOf(epsilon, classes)),
          },
          {
            label: 'trained',
            tone: 'measured',
            draw: 'points',
            x: points.map(({epsilon}) => epsilon),
            y: points.map(({gap}) => gap),
          },
        ],
        marks: [{label: 'hard labels', y: hard.gap}],
      },
      {
        kind: 'plot',
        title: 'Right as often as it is sure?',
        description: `Test examples by confidence, in ${bins} parts. Expected calibration error: hard labels ${percent(hard.ece)}, smoothed ${percent(smooth.ece)}.`,
        x: {label: 'confidence', min: 0, max: 1},
        y: {label: 'share that is right', min: 0, max: 1},
        series: [
          {label: 'as sure as right', tone: 'expected', x: [0, 1], y: [0, 1]},
          {label: 'hard labels', tone: 'without', ...hard.reliability},
          {label: `ε = ${value}`, tone: 'measured', ...smooth.reliability},
        ],
      },
    ],
    baseline: trainedOf(hard.trained.report),
    recipe: trainedOf(smooth.trained.report),
  };
}

/** Where the loss is lowest. */
const gapOf = (epsilon: number, classes: number): number => Math.log(1 + (classes * (1 - epsilon)) / epsilon);

/** Of the smoothed label. */
function entropyOf(epsilon: number, classes: number): number {
  const other = epsilon / classes;
  const right = 1 - epsilon + other;
  return -right * Math.log(right) - (classes - 1) * other * Math.log(other);
}

interface Sureness {
  readonly trained: TrainedRecipe;
  /** Mean over training examples: the logit of the label less the mean of the others. */
  readonly gap: number;
  /** Mean confidence less accuracy on test examples, in points: above 0 where it is surer than right. */
  readonly surer: number;
  /** Expected calibration error. */
  readonly ece: number;
  /** Of each part of confidences that has examples: their mean confidence, and the share that is right. */
  readonly reliability: {readonly x: readonly number[]; readonly y: readonly number[]};
}

async function sureness(
  recipe: Recipe,
  data: ClassificationData,
  part: TrainingPart,
  training: Training,
): Promise<Sureness> {
  let seen: Omit<Sureness, 'trained'> | undefined;
  const trained = await training.run(recipe, {
    ...part,
    onTrainer: async (trainer, at) => {
      if (at === 'epoch') return;
      const train = await probabilitiesOf(trainer, data, 'train');
      const test = await probabilitiesOf(trainer, data, 'test');
      seen = {gap: meanGap(train, data), ...calibration(test, data)};
    },
  });
  return {trained, ...seen!};
}

async function probabilitiesOf(
  trainer: Pick<Trainer, 'predict'>,
  data: ClassificationData,
  part: 'train' | 'test',
): Promise<readonly Float32Array[]> {
  const {x, y} = toTensors(data, part);
  const output = trainer.predict(x) as tf.Tensor;
  const values = (await output.data()) as Float32Array;
  for (const tensor of [x, y, output]) tensor.dispose();
  return Array.from({length: data[part].size}, (_, i) =>
    values.subarray(i * data.classes, (i + 1) * data.classes),
  );
}

/** Logarithms of probabilities differ as logits do. Those of probabilities that have no float32 are cut off. */
function meanGap(probabilities: readonly Float32Array[], {train, classes}: ClassificationData): number {
  const logits = probabilities.map((row) => Array.from(row, (one) => Math.log(Math.max(one, 1e-38))));
  const gaps = logits.map((row, i) => {
    const right = row[train.y[i]!]!;
    return right - (sum(row) - right) / (classes - 1);
  });
  return sum(gaps) / gaps.length;
}

function calibration(
  probabilities: readonly Float32Array[],
  {test}: ClassificationData,
): Pick<Sureness, 'surer' | 'ece' | 'reliability'> {
  const answers = probabilities.map((row, i) => {
    const confidence = Math.max(...row);
    return {confidence, isRight: row.indexOf(confidence) === test.y[i]};
  });
  const parts = Array.from({length: bins}, (_, bin) =>
    answers.filter(({confidence}) => Math.min(bins - 1, Math.floor(bins * confidence)) === bin),
  ).filter((part) => part.length > 0);
  const x = parts.map((part) => sum(part.map(({confidence}) => confidence)) / part.length);
  const y = parts.map((part) => part.filter(({isRight}) => isRight).length / part.length);
  const ece = sum(parts.map((part, i) => part.length * Math.abs(x[i]! - y[i]!))) / answers.length;
  const right = answers.filter(({isRight}) => isRight).length;
  const surer = (100 * (sum(answers.map(({confidence}) => confidence)) - right)) / answers.length;
  return {surer, ece, reliability: {x, y}};
}

const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
