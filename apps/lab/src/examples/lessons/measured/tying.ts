import {Matrix, SingularValueDecomposition} from 'ml-matrix';
import type {DataSet} from '../../../data/data-set.ts';
import type {Tile} from '../../../report/picture.ts';
import type {Measured, Measuring} from '../define-lesson.ts';
import type {LessonNumber} from '../lesson.ts';
import {tolerances} from '../tolerances.ts';
import {type TrainedRecipe, trainedOf, type Weights} from '../training.ts';

/** Digits that are shown. */
const shown = 8;

export async function measure({value, recipe, training}: Measuring): Promise<Measured> {
  const data = await training.data(recipe);
  const pca = principalComponents(data, value);
  const free = await training.run({...recipe, regularizers: []}, {words: 'kernels of their own', share: 0.5});
  const tied = await training.run(recipe, {words: 'tied', share: 0.5});
  const [encoder, decoder] = [kernel(free.weights, 'enc1'), kernel(free.weights, 'dec1')];
  const both = kernel(tied.weights, 'enc1');
  const inputs = pca.mean.length;
  const ratio = (label: string, {report}: TrainedRecipe): LessonNumber => ({
    label,
    measured: report.train.loss / pca.floor,
    expected: 1,
    tolerance: tolerances.atTheFloor,
    must: 'agree',
    note: 'in multiples of Σ σᵢ²/(nd), i > k',
  });
  const fromIdentity = (label: string, product: Matrix, must: 'agree' | 'differ', note?: string) =>
    ({
      label,
      measured: Matrix.sub(product, Matrix.eye(value)).norm() / Math.sqrt(value),
      expected: 0,
      tolerance: tolerances.orthonormal,
      must,
      ...(note === undefined ? {} : {note}),
    }) satisfies LessonNumber;
  return {
    numbers: [
      {
        label: 'weights that are trained, tied',
        measured: tied.report.parameters,
        expected: inputs * value + value + inputs,
        tolerance: 0,
        must: 'agree',
        note: `exact: one kernel of ${inputs} · k and two biases; untied: ${free.report.parameters}`,
      },
      ratio('loss, tied', tied),
      ratio('loss, untied', free),
      {
        label: "share of the tied plane that lies in PCA's",
        measured: sharedPlane(both, pca.components),
        expected: 1,
        tolerance: tolerances.orthonormal,
        must: 'agree',
      },
      fromIdentity('tied: WᵀW, how far from I', both.transpose().mmul(both), 'agree'),
      fromIdentity('untied: W₂W₁, how far from I', decoder.mmul(encoder), 'agree'),
      fromIdentity(
        'untied: W₁ᵀW₁, how far from I',
        encoder.transpose().mmul(encoder),
        'differ',
        'what must not hold: nothing makes these coordinates orthonormal',
      ),
    ],
    pictures: [
      {
        kind: 'plot',
        title: 'Training loss, and the floor of PCA',
        description: `The tied autoencoder ends at ${times(tied, pca)} the floor, the untied one at ${times(free, pca)}.`,
        x: {label: 'epoch'},
        y: {label: 'mean squared error', scale: 'log'},
        series: [
          {label: 'tied', tone: 'measured', ...losses(tied)},
          {label: 'untied', tone: 'without', ...losses(free)},
        ],
        marks: [{label: 'Σ σᵢ²/(nd), i > k', y: pca.floor}],
      },
      {
        kind: 'tiles',
        title: `Digits, and what is left of them in ${value} numbers`,
        description:
          'First row: as they are. Second: given back by PCA. Third: given back by the tied autoencoder; it looks like the second.',
        perRow: shown,
        reach: 1,
        tiles: tilesOf(data, pca, tied.weights),
      },
    ],
    baseline: trainedOf(free.report),
    recipe: trainedOf(tied.report),
  };
}

interface Components {
  readonly mean: readonly number[];
  /** `[inputs, k]`, orthonormal. */
  readonly components: Matrix;
  /** Σ σᵢ²/(nd) over those that are left out. */
  readonly floor: number;
}

function principalComponents({train: {x, size}}: DataSet, k: number): Components {
  const examples = Matrix.from1DArray(size, x.length / size, Float64Array.from(x));
  const mean = examples.mean('column');
  const {diagonal, rightSingularVectors} = new SingularValueDecomposition(
    examples.subRowVector(mean), // in place: nobody reads them again
  );
  const left = diagonal.slice(k).reduce((sum, value) => sum + value ** 2, 0);
  return {
    mean,
    components: rightSingularVectors.subMatrix(0, mean.length - 1, 0, k - 1),
    floor: left / x.length,
  };
}

function kernel(weights: Weights, layer: string): Matrix {
  const {shape, values} = weights.get(`${layer}/kernel`)!;
  return Matrix.from1DArray(shape[0]!, shape[1]!, Float64Array.from(values));
}

/** ‖UᵀQ‖²/k for orthonormal bases Q of the columns of `plane` and U of PCA's plane: the mean squared cosine between them. */
function sharedPlane(plane: Matrix, components: Matrix): number {
  const basis = new SingularValueDecomposition(plane).leftSingularVectors;
  return components.transpose().mmul(basis).norm() ** 2 / plane.columns;
}

const losses = ({report}: TrainedRecipe) => ({
  x: report.history.map(({epoch}) => epoch),
  y: report.history.map(({train}) => train.loss),
});

const times = ({report}: TrainedRecipe, {floor}: Components): string =>
  `${(report.train.loss / floor).toFixed(3)} times`;

function tilesOf({test, inputShape}: DataSet, {mean, components}: Components, weights: Weights): Tile[] {
  const [rows = 1, columns = 1] = inputShape;
  const size = rows * columns;
  const digits = Matrix.from1DArray(shown, size, Float64Array.from(test.x.subarray(0, shown * size)));
  const centred = digits.clone().subRowVector([...mean]);
  const byPca = centred
    .mmul(components)
    .mmul(components.transpose())
    .addRowVector([...mean]);
  const [bias, back] = [biasOf(weights, 'enc1'), biasOf(weights, 'dec1')];
  const encoder = kernel(weights, 'enc1');
  const byTied = digits.mmul(encoder).addRowVector(bias).mmul(encoder.transpose()).addRowVector(back);
  const tiles = (from: Matrix, label: string): Tile[] =>
    from.to2DArray().map((values, at) => ({...(at === 0 ? {label} : {}), rows, columns, values}));
  return [...tiles(digits, 'digits'), ...tiles(byPca, 'by PCA'), ...tiles(byTied, 'tied')];
}

const biasOf = (weights: Weights, layer: string): number[] => [...weights.get(`${layer}/bias`)!.values];
