import type {Measured, Measuring} from '../define-lesson.ts';
import {along, kernelOf, leastSquares, relativeDistance, ridgeShare} from '../linear.ts';
import {byChance, tolerances} from '../tolerances.ts';
import {trainedOf} from '../training.ts';
import {length, percent, short, sum} from '../words.ts';

export async function measure({value, baseline, recipe, training}: Measuring): Promise<Measured> {
  const strength = value ** 2;
  const problem = leastSquares(await training.data(baseline));
  const {curvatures, directions, solution} = problem;
  const clean = await training.run(baseline, {words: 'without noise', share: 0.3});
  const noisy = await training.run(recipe, {words: 'with noise on the inputs', share: 0.4});
  const [, average] = recipe.regularizers;
  // SWA takes the weights after each of the epochs that are left, an epoch being one step.
  const averaged = Math.round((1 - Number(average!['start'])) * recipe.epochs);
  const shaken = await training.run(
    {...baseline, regularizers: [{name: 'weightNoise', sigma: value}, average!]},
    {words: 'with noise on the weights', share: 0.3},
  );
  const weights = kernelOf(noisy.weights);
  const left = directions.map((one) => along(one, weights) / along(one, solution));
  const shares = (a: number): readonly number[] => curvatures.map((curvature) => ridgeShare(curvature, a));
  const last = curvatures.length - 1;
  return {
    numbers: [
      {
        label: 'weights, and those of ridge with a = σ²: how far apart',
        measured: relativeDistance(weights, problem.ridge(strength)),
        expected: 0,
        tolerance: tolerances.averagedNoise,
        must: 'agree',
        note: 'as a share of their length',
      },
      {
        label: `effective parameters, of ${curvatures.length}`,
        measured: sum(left),
        expected: sum(shares(strength)),
        tolerance: tolerances.averagedShare * curvatures.length,
        must: 'agree',
      },
      {
        label: `share left along the flattest direction, λ = ${short(curvatures[last]!)}`,
        measured: left[last]!,
        expected: ridgeShare(curvatures[last]!, strength),
        tolerance: tolerances.averagedNoise,
        must: 'agree',
      },
      {
        label: 'the same weights, and those of ridge with a = σ²/2',
        measured: relativeDistance(weights, problem.ridge(strength / 2)),
        expected: 0,
        tolerance: tolerances.averagedNoise,
        must: 'differ',
        note: 'what must not hold',
      },
      {
        label: 'weights with noise on the weights, and without: how far apart',
        measured: relativeDistance(kernelOf(shaken.weights), kernelOf(clean.weights)),
        expected: 0,
        tolerance:
          (byChance(curvatures.length) * value * Math.sqrt(curvatures.length / averaged)) / length(solution),
        must: 'agree',
        note: `it moves nothing but by what the mean of ${averaged} draws is from 0 by chance, σ√(d/${averaged})`,
      },
    ],
    pictures: [
      {
        kind: 'bars',
        title: 'How much of each direction is left',
        description: `Of the steepest direction ${percent(left[0]!)} is left, of the flattest ${percent(left[last]!)}: with ridge of strength σ² as with noise. Ridge of half the strength leaves more.`,
        across: 'curvature λ of the direction',
        categories: curvatures.map(short),
        y: {label: 'share of least squares', min: 0},
        series: [
          {label: 'trained with noise', tone: 'measured', values: left},
          {label: 'λ/(λ + σ²)', tone: 'expected', values: shares(strength)},
          {label: 'λ/(λ + σ²/2)', tone: 'control', values: shares(strength / 2)},
        ],
      },
      {
        kind: 'bars',
        title: 'The weights themselves',
        description: 'Weights that were trained with noise, beside those of ridge and of least squares.',
        across: 'weight',
        categories: solution.map((_, i) => String(i + 1)),
        y: {label: 'weight'},
        series: [
          {label: 'with noise', tone: 'measured', values: Array.from(weights)},
          {label: 'ridge, a = σ²', tone: 'expected', values: problem.ridge(strength)},
          {label: 'least squares', tone: 'without', values: solution},
        ],
      },
    ],
    baseline: trainedOf(clean.report),
    recipe: trainedOf(noisy.report),
  };
}
