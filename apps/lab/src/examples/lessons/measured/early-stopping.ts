import type {ClassificationData} from '../../../data/data-set.ts';
import {parseRecipe} from '../../../recipe.ts';
import type {Tile} from '../../../report/picture.ts';
import type {Measured, Measuring} from '../define-lesson.ts';
import {along, leastSquares, ridgeShare} from '../linear.ts';
import {linear} from '../linear-recipe.ts';
import {tolerances} from '../tolerances.ts';
import {type TrainingPart, trainedOf} from '../training.ts';
import {short} from '../words.ts';
import {surfaceOf, surfacesPicture} from './surface.ts';

/** η for J: small enough beside the steepest curvature, 3.3, that steps are almost a flow. */
const rate = 0.01;
/** Evaluations without improvement. */
const patience = 60;

export async function measure({value, baseline, recipe, training}: Measuring): Promise<Measured> {
  const {epochs} = baseline;
  const descent = parseRecipe({
    ...linear,
    optimizer: {name: 'sgd', learningRate: rate / 2},
    epochs,
    seed: baseline.seed,
  });
  const problem = leastSquares(await training.data(descent));
  const {curvatures, directions, solution} = problem;
  const times = timesTo(epochs, value);
  const path = await training.fromZero(descent, times, {words: 'gradient descent', share: 0.25});
  const shares = path.map((weights) => directions.map((one) => along(one, weights) / along(one, solution)));
  const ridge = times.map((t) => curvatures.map((curvature) => ridgeShare(curvature, 1 / (rate * t))));
  const fromRidge = (rows: readonly (readonly number[])[]): number =>
    Math.max(...rows.flatMap((row, i) => row.map((share, at) => Math.abs(share - ridge[i]![at]!))));
  const apart = fromRidge(shares);
  const now = shares[times.indexOf(value)]!;
  const way = (curvature: number, steps: number): number => 1 - (1 - rate * curvature) ** steps;
  const formula = (curvature: number): number => way(curvature, value);
  const points = (await training.data(baseline)) as ClassificationData;
  const surfaces: Tile[] = [];
  const seenAs = (label: string): Pick<TrainingPart, 'onTrainer'> => ({
    onTrainer: async (trainer, at) => {
      if (at === 'end') surfaces.push(await surfaceOf(trainer, points, label));
    },
  });
  const stopped = await training.run(recipe, {
    words: `a network for ${value} steps`,
    share: 0.1,
    ...seenAs(`after ${value} ${value === 1 ? 'step' : 'steps'}`),
  });
  const full = await training.run(baseline, {
    words: 'the same, to the end',
    share: 0.35,
    ...seenAs(`after ${epochs} steps`),
  });
  const kept = await training.run(
    {...baseline, regularizers: [{name: 'earlyStopping', patience}]},
    {words: 'the same with early stopping', share: 0.3},
  );
  const losses = full.report.history.map(({validation}) => validation!.loss);
  const seen = losses.slice(0, kept.report.stopped?.epoch);
  const last = curvatures.length - 1;
  const shareOf = (label: string, at: number) =>
    ({
      label: `share of the way along the ${label} direction, λ = ${short(curvatures[at]!)}`,
      measured: now[at]!,
      expected: formula(curvatures[at]!),
      tolerance: tolerances.converged,
      must: 'agree',
    }) as const;
  const grid = Array.from(
    {length: 40},
    (_, i) => curvatures[last]! * (curvatures[0]! / curvatures[last]!) ** (i / 39),
  );
  const middle = 5;
  return {
    numbers: [
      shareOf('steepest', 0),
      shareOf('flattest', last),
      {
        label: 'largest difference to ridge with a = 1/(ηt), on the whole way',
        measured: apart,
        expected: fromRidge(times.map((t) => curvatures.map((curvature) => way(curvature, t)))),
        tolerance: tolerances.converged,
        must: 'agree',
        note: 'expected is that of the formula, 1 − (1 − ηλ)ᵗ',
      },
      {
        label: 'the same',
        measured: apart,
        expected: 0,
        tolerance: tolerances.almostRidge,
        must: 'differ',
        note: 'what must not hold: that both are the same',
      },
      {
        label: 'validation loss of the network with the technique',
        measured: kept.report.validation.loss!,
        expected: Math.min(...seen),
        tolerance: tolerances.evaluatedAgain,
        must: 'agree',
        note: 'the lowest on the way',
      },
      {
        label: 'validation loss at the end, less the lowest',
        measured: losses.at(-1)! - Math.min(...losses),
        expected: 0,
        tolerance: tolerances.turn,
        must: 'be higher',
        note: 'it turns',
      },
    ],
    pictures: [
      {
        kind: 'plot',
        title: `How far it has come after ${value} steps`,
        description:
          'Steep directions are learned first. Trained shares lie on the formula; ridge is below it where directions are steep.',
        x: {label: 'curvature λ of the direction', scale: 'log'},
        y: {label: 'share of the way', min: 0, max: 1},
        series: [
          {label: 'trained', tone: 'measured', draw: 'points', x: curvatures, y: now},
          {label: '1 − (1 − ηλ)ᵗ', tone: 'expected', x: grid, y: grid.map(formula)},
          {
            label: 'ridge, a = 1/(ηt)',
            tone: 'control',
            x: grid,
            y: grid.map((curvature) => ridgeShare(curvature, 1 / (rate * value))),
          },
        ],
      },
      {
        kind: 'plot',
        title: 'The two paths, in two of the directions',
        description: 'From 0 both go the same way at first; then descent is ahead in the steep direction.',
        x: {label: `share along λ = ${short(curvatures[0]!)}`, min: 0, max: 1},
        y: {label: `share along λ = ${short(curvatures[middle]!)}`},
        series: [
          {
            label: 'stopped after t steps',
            tone: 'measured',
            x: [0, ...shares.map((row) => row[0]!)],
            y: [0, ...shares.map((row) => row[middle]!)],
          },
          {
            label: 'ridge',
            tone: 'control',
            x: [0, ...ridge.map((row) => row[0]!)],
            y: [0, ...ridge.map((row) => row[middle]!)],
          },
          {label: 'now', tone: 'measured', draw: 'points', x: [now[0]!], y: [now[middle]!]},
        ],
      },
      {
        kind: 'plot',
        title: 'A network where a fifth of the labels is wrong',
        description: `Its training loss falls to the end; its validation loss is lowest after ${losses.indexOf(Math.min(...losses)) + 1} of ${epochs} steps, and rises then.`,
        x: {label: 'steps'},
        y: {label: 'loss', min: 0},
        series: [
          {
            label: 'training',
            tone: 'without',
            x: every(full.report.history.map(({epoch}) => epoch)),
            y: every(full.report.history.map(({train}) => train.loss)),
          },
          {
            label: 'validation',
            tone: 'measured',
            x: every(full.report.history.map(({epoch}) => epoch)),
            y: every(losses),
          },
        ],
        marks: [{label: `t = ${value}`, x: value}],
      },
      surfacesPicture(
        'What it makes of the plane',
        `After ${value} steps, and after ${epochs}, when it has learned wrong labels by heart.`,
        surfaces,
      ),
    ],
    baseline: trainedOf(full.report),
    recipe: trainedOf(stopped.report),
  };
}

/** Steps at which the path is read: close together at first, with the one that is shown. */
function timesTo(last: number, shown: number): readonly number[] {
  const some = Array.from({length: 25}, (_, i) => Math.round(last ** (i / 24)));
  return [...new Set([...some, shown])].sort((a, b) => a - b);
}

/** Every third value: a curve needs no more. */
const every = (values: readonly number[]): readonly number[] => values.filter((_, i) => i % 3 === 0);
