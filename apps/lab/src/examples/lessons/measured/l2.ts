import type {ClassificationData} from '../../../data/data-set.ts';
import {parseRecipe, type Recipe} from '../../../recipe.ts';
import type {Picture, Tile} from '../../../report/picture.ts';
import type {Measured, Measuring} from '../define-lesson.ts';
import {along, kernelOf, leastSquares, relativeDistance, ridgeShare} from '../linear.ts';
import {tolerances} from '../tolerances.ts';
import {type Training, trainedOf} from '../training.ts';
import {percent, short, sum} from '../words.ts';
import {surfaceOf, surfacesPicture} from './surface.ts';

/** Few enough that neither has come to rest, where the penalty's strength is all that counts. */
const decaySteps = 60;
/** A network under cross-entropy takes far less of it than a linear model does: so that one slider shows both. */
const networkShare = 0.05;
const rates = {sgd: 0.1, adam: 0.02} as const;

export async function measure({value, baseline, recipe, training}: Measuring): Promise<Measured> {
  const problem = leastSquares(await training.data(baseline));
  const without = await training.run(baseline, {words: 'without a penalty', share: 0.3});
  const with_ = await training.run(recipe, {words: 'with l2', share: 0.3});
  const [free, shrunk] = [kernelOf(without.weights), kernelOf(with_.weights)];
  const {curvatures, directions} = problem;
  const measured = directions.map((one) => along(one, shrunk) / along(one, free));
  const expected = curvatures.map((curvature) => ridgeShare(curvature, value));
  const sgd = await decayedBoth('sgd', value, recipe, training);
  const adam = await decayedBoth('adam', value, recipe, training);
  const last = curvatures.length - 1;
  const share = (label: string, at: number) =>
    ({
      label: `share kept ${label}, λ = ${short(curvatures[at]!)}`,
      measured: measured[at]!,
      expected: expected[at]!,
      tolerance: tolerances.converged,
      must: 'agree',
    }) as const;
  return {
    numbers: [
      share('along the steepest direction', 0),
      share('along the flattest direction', last),
      {
        label: `effective parameters, of ${curvatures.length}`,
        measured: sum(measured),
        expected: sum(expected),
        tolerance: tolerances.converged * curvatures.length,
        must: 'agree',
      },
      {
        label: 'weights by l2 and by weight decay, under SGD: how far apart',
        measured: relativeDistance(sgd.penalty, sgd.decay),
        expected: 0,
        tolerance: tolerances.sameSteps,
        must: 'agree',
        note: `after ${decaySteps} steps, as a share of the weights`,
      },
      {
        label: 'the same under Adam',
        measured: relativeDistance(adam.penalty, adam.decay),
        expected: 0,
        tolerance: tolerances.sameSteps,
        must: 'differ',
        note: 'what must not hold: l2 is no weight decay there',
      },
    ],
    pictures: [
      {
        kind: 'bars',
        title: 'How much of each direction is kept',
        description: `Shares of the weights without a penalty, from the steepest direction (${percent(measured[0]!)}) to the flattest (${percent(measured[last]!)}).`,
        across: 'curvature λ of the direction',
        categories: curvatures.map(short),
        y: {label: 'share kept', min: 0, max: 1},
        series: [
          {label: 'trained', tone: 'measured', values: measured},
          {label: 'λ/(λ + a)', tone: 'expected', values: expected},
        ],
      },
      {
        kind: 'bars',
        title: 'l2 less weight decay, weight by weight',
        description:
          'Under SGD there is no difference between them; under Adam there is one in most weights.',
        across: 'weight',
        categories: Array.from(sgd.decay, (_, i) => String(i + 1)),
        y: {label: 'difference'},
        series: [
          {label: 'under SGD', tone: 'measured', values: differences(sgd)},
          {label: 'under Adam', tone: 'control', values: differences(adam)},
        ],
      },
      await network(value, recipe.seed, training),
    ],
    baseline: trainedOf(without.report),
    recipe: trainedOf(with_.report),
  };
}

/** What becomes of a network that can learn wrong labels by heart: what has little curvature is its winding between them. */
async function network(value: number, seed: number, training: Training): Promise<Picture> {
  const base = parseRecipe({
    seed,
    data: {name: 'moons', train: 60, validation: 20, test: 500, labelNoise: 0.15},
    model: {name: 'mlp', hidden: [32, 32]},
    optimizer: {name: 'adam', learningRate: 0.02},
    epochs: 150,
    batchSize: 60,
  });
  const data = (await training.data(base)) as ClassificationData;
  const surface = async (name: string, regularizers: Recipe['regularizers']) => {
    let tile: Tile | undefined;
    const {report} = await training.run(
      {...base, regularizers},
      {
        words: `two moons, ${name}`,
        share: 0.1,
        onTrainer: async (trainer, at) => {
          if (at === 'end') tile = await surfaceOf(trainer, data, name);
        },
      },
    );
    const error = percent(report.testError);
    return {error, tile: {...tile!, label: `${name}: test error ${error}`}};
  };
  const without = await surface('without', []);
  const with_ = await surface('with l2', [{name: 'l2', strength: networkShare * value}]);
  return surfacesPicture(
    'A network on two moons, some labels wrong',
    `Without a penalty it winds around wrong labels, and ${without.error} of other points are wrong; with l2, of a strength of a/${1 / networkShare}, ${with_.error}.`,
    [without.tile, with_.tile],
  );
}

interface Both {
  readonly penalty: Float32Array;
  readonly decay: Float32Array;
}

/** The same strength as a penalty and as decay beside the gradient, from the same start. */
async function decayedBoth(
  name: 'sgd' | 'adam',
  value: number,
  base: Recipe,
  training: Training,
): Promise<Both> {
  const common: Recipe = {
    ...base,
    optimizer: {name, learningRate: rates[name], schedule: 'constant'},
    epochs: decaySteps,
  };
  const trained = async (word: string, regularizer: Recipe['regularizers'][number]) => {
    const {weights} = await training.run(
      {...common, regularizers: [regularizer]},
      {words: `${word} under ${name === 'sgd' ? 'SGD' : 'Adam'}`, share: 0.05},
    );
    return kernelOf(weights);
  };
  return {
    penalty: await trained('l2', {name: 'l2', strength: 2 * value}),
    decay: await trained('weight decay', {name: 'weightDecay', rate: 2 * value}),
  };
}

const differences = ({penalty, decay}: Both): readonly number[] =>
  Array.from(penalty, (value, i) => value - decay[i]!);
