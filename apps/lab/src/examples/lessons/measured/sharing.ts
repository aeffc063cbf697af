import {createTrainer, type Regularizer, sgd, type Trainer} from '@regularizers/core';
import {deriveKey, hostNormal} from '@regularizers/random';
import {convolutionGeometry, convolve, share, toeplitz} from '@regularizers/sharing';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {type ClassificationData, toTensors} from '../../../data/data-set.ts';
import {buildModel} from '../../../models/catalog.ts';
import {portsOf} from '../../../models/ports.ts';
import type {Recipe} from '../../../recipe.ts';
import type {Picture, Series} from '../../../report/picture.ts';
import {type BySize, bySize} from '../by-size.ts';
import {convolution, picture} from '../convolution.ts';
import type {Measured, Measuring} from '../define-lesson.ts';
import type {LessonNumber} from '../lesson.ts';
import {relativeDistance} from '../linear.ts';
import {locallyConnected, plugins, windows} from '../locally-connected.ts';
import {tolerances} from '../tolerances.ts';
import {type Training, type TrainingPart, trainedOf} from '../training.ts';
import {asGoodAs, expectedExcess, type Freedom, meanExcess} from './one-filter.ts';

/** Digits to learn from. */
const sizes: readonly number[] = [50, 100, 200];
/** Pictures that the filter is learned from, and data sets of them: a kernel of one number differs much from set to set. */
const few = 16;
const sets = {shared: 1250, own: 40, shown: 160} as const;

const {side, filters} = picture;
/** By how many pixels pictures are moved aside. */
const shifts = [0, 1, 2, 3] as const;
const farthestShift = 3;

export async function measure({value, baseline, recipe, training}: Measuring): Promise<Measured> {
  const data = (await training.data(recipe)) as ClassificationData;
  const local: Recipe = {...recipe, regularizers: [locallyConnected(value)]};
  const dense = await judged(baseline, data, {words: 'a full matrix', share: 0.33}, training);
  const own = await judged(local, data, {words: 'a kernel for each place', share: 0.33, plugins}, training);
  const shared = await judged(recipe, data, {words: 'a shared kernel', share: 0.34}, training);
  const sums = await sumsOfGradients(value, data, recipe.seed);
  const at = shared.bySize.sizes.indexOf(data.train.size);
  const inputs = side * side;
  const units = inputs * filters;
  const hidden = (parameters: number): number => parameters - (units * data.classes + data.classes);
  const [with_, without] = [shared.bySize.reports[at]!, dense.bySize.reports[at]!];
  const {seed} = recipe;
  const many = asGoodAs(value, few);
  const excess = {
    shared: meanExcess('shared', value, {size: few, sets: sets.shared, seed}),
    own: meanExcess('own', value, {size: many, sets: sets.own, seed}),
  };
  return {
    numbers: [
      {
        label: 'weights of the hidden layer, shared',
        measured: hidden(with_.parameters),
        expected: value ** 2 * filters + filters,
        tolerance: 0,
        must: 'agree',
        note: `exact: k = ${value}² · ${filters}, and a bias for each filter; a full matrix has n·m + m = ${inputs * units + units}`,
      },
      zero("the shared kernel's step, beside the sum over places of the full matrix's", sums.kernel),
      zero("one matrix in two layers: its step, beside the sum of the two layers'", sums.matrix),
      zero(
        `a picture moved by ${farthestShift} pixels: how far the shared layer's answer is from its own, moved`,
        shared.moved,
      ),
      {
        ...zero('the same, with a kernel for each place', own.moved),
        must: 'differ',
        note: 'what must not hold: without sharing a thing looks otherwise elsewhere',
      },
      {
        label: `linear: excess error of a shared kernel from ${few} pictures`,
        measured: excess.shared,
        expected: expectedExcess('shared', value, few),
        tolerance: tolerances.meanOfMany * expectedExcess('shared', value, few),
        must: 'agree',
        note: `σ²k²/(64n), k = ${value}; the mean of ${sets.shared} data sets`,
      },
      {
        label: `linear: excess error of a kernel for each place from ${many} pictures, in multiples of that`,
        measured: excess.own / excess.shared,
        expected: 1,
        tolerance: 2 * tolerances.meanOfMany,
        must: 'agree',
        note: `σ²d/(n − d − 1) where d pixels are seen: it takes ${Math.round(many / few)} times the pictures`,
      },
      {
        label: 'digits: mean test error, shared, less that of a kernel for each place',
        measured: meanOf(shared) - meanOf(own),
        expected: 0,
        tolerance: tolerances.noWorse,
        must: 'stay below',
        unit: 'points',
        note: `${meanOf(shared).toFixed(1)} % and ${meanOf(own).toFixed(1)} %; a full matrix: ${meanOf(dense).toFixed(1)} %`,
      },
    ],
    pictures: [
      oneFilter(value, many, seed),
      {
        kind: 'plot',
        title: 'Digits: error against examples',
        description: `From ${data.train.size} examples: a shared kernel ${percent(shared.bySize.errors[at]!)}, a kernel for each place ${percent(own.bySize.errors[at]!)}, a full matrix ${percent(dense.bySize.errors[at]!)}.`,
        x: {label: 'examples', scale: 'log'},
        y: {label: 'test error, %', min: 0},
        series: [
          {label: `shared, ${hidden(with_.parameters)} weights`, tone: 'measured', ...line(shared.bySize)},
          {label: `one for each place, ${countOf(value)} weights`, tone: 'control', ...line(own.bySize)},
          {
            label: `full matrix, ${hidden(without.parameters)} weights`,
            tone: 'without',
            ...line(dense.bySize),
          },
        ],
      },
      {
        kind: 'plot',
        title: 'Digits: error on pictures moved aside',
        description: `From ${sizes.at(-1)} examples, none of which was moved: after three pixels all three are lost.`,
        x: {label: 'pixels'},
        y: {label: 'test error, %', min: 0},
        series: [
          {label: 'shared', tone: 'measured', x: shifts, y: shared.byShift},
          {label: 'one for each place', tone: 'control', x: shifts, y: own.byShift},
          {label: 'full matrix', tone: 'without', x: shifts, y: dense.byShift},
        ],
      },
      {
        kind: 'tiles',
        title: 'What two places look for',
        description:
          'The weights of the first filter at two places: shared, they are one kernel; with a kernel for each place they are two.',
        perRow: 4,
        reach: Math.max(...shared.seen.concat(own.seen).flatMap(({values}) => values.map(Math.abs))),
        tiles: [
          ...shared.seen.map((tile, i) => ({...tile, label: `shared ${i + 1}`})),
          ...own.seen.map((tile, i) => ({...tile, label: `own ${i + 1}`})),
        ],
      },
    ],
    baseline: trainedOf(without),
    recipe: trainedOf(with_),
  };
}

/** What one filter costs to learn, from few pictures to many. */
function oneFilter(kernelSide: number, many: number, seed: number): Picture {
  const all = [4, 8, 16, 32, 64, 128, 256, 512, 1024];
  const series = (
    label: string,
    freedom: Freedom,
    tone: Series['tone'],
    [from, to]: readonly [number, number],
  ): Series[] => {
    const sizes = all.filter((size) => size >= from && size <= to);
    // Where there are many pictures one data set is like another.
    const setsOf = (size: number): number => Math.max(4, Math.round((sets.shown * few) / size));
    return [
      {
        label,
        tone,
        draw: 'points',
        x: sizes,
        y: sizes.map((size) => meanExcess(freedom, kernelSide, {size, sets: setsOf(size), seed})),
      },
      {
        label: 'formula',
        tone: 'expected',
        x: sizes,
        y: sizes.map((size) => expectedExcess(freedom, kernelSide, size)),
      },
    ];
  };
  const [least, most] = [all[0]!, all.at(-1)!];
  return {
    kind: 'plot',
    title: 'One filter, learned from noisy pictures',
    description: `What ${few} pictures teach a shared kernel takes ${many} with a kernel for each place; a full matrix needs more.`,
    x: {label: 'pictures', scale: 'log'},
    y: {label: 'excess error', scale: 'log'},
    series: [
      ...series('shared', 'shared', 'measured', [least, 8 * few]),
      ...series('one for each place', 'own', 'control', [1.2 * kernelSide ** 2 + 2, most]),
      ...series('full matrix', 'full', 'without', [1.2 * side ** 2 + 2, most]),
    ],
    marks: [{label: `${few} pictures, shared`, y: expectedExcess('shared', kernelSide, few)}],
  };
}

const zero = (label: string, measured: number): LessonNumber => ({
  label,
  measured,
  expected: 0,
  tolerance: tolerances.rounding,
  must: 'agree',
  note: 'as a share of it',
});

/** Weights and biases of the layer without sharing. */
const countOf = (kernelSize: number): number =>
  tf.tidy(() => tf.sum(windows(kernelSize)).dataSync()[0]!) + side * side * filters;

/** In percent. */
const meanOf = ({bySize: {errors}}: Judged): number =>
  (100 * errors.reduce((sum, error) => sum + error, 0)) / errors.length;

const line = ({sizes, errors}: BySize) => ({x: sizes, y: errors.map((error) => 100 * error)});

interface Judged {
  readonly bySize: BySize;
  /** From the most examples: test errors in %, by shift. */
  readonly byShift: readonly number[];
  /** How far the hidden layer's answer to a picture that is moved is from its answer, moved. */
  readonly moved: number;
  /** What the first filter looks for at two places. */
  readonly seen: readonly {
    readonly rows: number;
    readonly columns: number;
    readonly values: readonly number[];
  }[];
}

async function judged(
  recipe: Recipe,
  data: ClassificationData,
  part: TrainingPart,
  training: Training,
): Promise<Judged> {
  let last: Omit<Judged, 'bySize'> | undefined;
  const all = await bySize(
    recipe,
    sizes,
    {
      ...part,
      onTrainer: async (trainer, at) => {
        if (at === 'epoch') return;
        const byShift: number[] = [];
        for (const shift of shifts) byShift.push(100 * (await errorOn(trainer, data, shift)));
        const [model] = await trainer.members();
        last = {byShift, ...ofHidden(model!)};
        model!.dispose();
      },
    },
    training,
  );
  return {bySize: all, ...last!};
}

async function errorOn(
  trainer: Pick<Trainer, 'predict'>,
  data: ClassificationData,
  shift: number,
): Promise<number> {
  const moved = {...data, test: {...data.test, x: movedAside(data.test.x, shift)}};
  const {x, y} = toTensors(moved, 'test');
  const output = trainer.predict(x) as tf.Tensor;
  const values = await output.data();
  for (const tensor of [x, y, output]) tensor.dispose();
  const wrong = data.test.y.filter((label, i) => {
    const row = values.subarray(i * data.classes, (i + 1) * data.classes);
    return row.indexOf(Math.max(...row)) !== label;
  });
  return wrong.length / data.test.size;
}

/** Pictures moved to the right, over empty paper. */
const movedAside = (x: Float32Array, shift: number): Float32Array =>
  x.map((_, at) => (at % side < shift ? 0 : x[at - shift]!));

function ofHidden(model: LayersModel): Omit<Judged, 'bySize' | 'byShift'> {
  const layer = model.getLayer('hidden1');
  const matrix = layer.getWeights()[0]!.dataSync() as Float32Array;
  const units = side * side * filters;
  const answers = (ink: number, place: readonly [number, number]): readonly number[] => {
    const column = ((place[0] * side + place[1]) * filters) | 0;
    return Array.from({length: filters}, (_, f) => matrix[ink * units + column + f]!);
  };
  // Ink at one pixel, seen from a place beside it; and both of them moved.
  const pairs = [-1, 0, 1].flatMap((down) =>
    [-1, 0, 1].map((right) => {
      const from = [2 + down, 2 + right] as const;
      const to = [from[0] + farthestShift, from[1] + farthestShift] as const;
      const ink = 2 * side + 2;
      return [answers(ink + farthestShift * (side + 1), to), answers(ink, from)] as const;
    }),
  );
  const seenFrom = (row: number, column: number) => ({
    rows: side,
    columns: side,
    values: Array.from({length: side * side}, (_, ink) => answers(ink, [row, column])[0]!),
  });
  return {
    moved: relativeDistance(
      pairs.flatMap(([there]) => there),
      pairs.flatMap(([, here]) => here),
    ),
    seen: [seenFrom(2, 2), seenFrom(5, 5)],
  };
}

interface Sums {
  readonly kernel: number;
  readonly matrix: number;
}

/** One step of gradient descent, shared and not, from the same weights: how far it is from the sum. */
async function sumsOfGradients(kernelSize: number, data: ClassificationData, seed: number): Promise<Sums> {
  const geometry = convolutionGeometry({...convolution, kernelSize});
  const places = side * side;
  const drawn = (shape: readonly number[], purpose: string): tf.Tensor => {
    const size = shape.reduce((product, length) => product * length, 1);
    return tf.tensor(hostNormal(size, deriveKey(seed, 'lesson', purpose), {sigma: 0.2}), [...shape]);
  };
  const start = tf.tidy(() => toeplitz(drawn(geometry.kernelShape, 'kernel'), geometry));
  const square = drawn([places, places], 'matrix');
  const ports = portsOf(data);
  const onPlaces: Start = {
    model: buildModel({name: 'mlp', hidden: [places * filters], activation: 'tanh'}, ports),
    kernels: {hidden1: start},
  };
  const onLayers: Start = {
    model: buildModel({name: 'mlp', hidden: [places, places], activation: 'tanh'}, ports),
    kernels: {hidden1: square, hidden2: square},
  };
  try {
    const [full] = await stepOf(onPlaces, data, []);
    const [shared] = await stepOf(onPlaces, data, [
      convolve({layer: 'hidden1', kernelSize, ...convolution, initial: 'nearest', sharedBias: false}),
    ]);
    const [first, second] = await stepOf(onLayers, data, []);
    const [both] = await stepOf(onLayers, data, [share({include: ['hidden1/kernel', 'hidden2/kernel']})]);
    return {
      // A sum over places, as it stands in the matrix at each of them.
      kernel: relativeDistance(shared!, summedOverPlaces(full!, kernelSize)),
      matrix: relativeDistance(
        both!,
        first!.map((value, i) => value + second![i]!),
      ),
    };
  } finally {
    for (const {model} of [onPlaces, onLayers]) model.dispose();
    tf.dispose([start, square]);
  }
}

/** A model to take steps with, from the same weights each time. */
interface Start {
  readonly model: LayersModel;
  /** Kernels to start from, by layer; the rest is as the model has drawn it. */
  readonly kernels: Readonly<Record<string, tf.Tensor>>;
}

/** By how much a step of gradient descent on all examples moves each of those kernels. */
async function stepOf(
  {model, kernels}: Start,
  data: ClassificationData,
  regularizers: readonly Regularizer[],
): Promise<readonly Float32Array[]> {
  const others = model.getWeights().map((weight) => weight.clone());
  const layers = Object.entries(kernels).map(([name, value]) => ({layer: model.getLayer(name), value}));
  const inputs = toTensors(data, 'train');
  try {
    for (const {layer, value} of layers) layer.setWeights([value, layer.getWeights()[1]!]);
    const trainer = createTrainer({
      model,
      loss: 'sparseCategoricalCrossentropy',
      optimizer: sgd({learningRate: 1}),
      regularizers,
      initialWeights: 'first',
    });
    await trainer.fit(inputs, {epochs: 1, batchSize: data.train.size});
    trainer.dispose();
    return layers.map(({layer, value}) =>
      tf.tidy(() => tf.sub(layer.getWeights()[0]!, value).dataSync() as Float32Array),
    );
  } finally {
    model.setWeights(others);
    tf.dispose([others, inputs]);
  }
}

/** The dense matrix of the kernel whose every number is the sum of a matrix's over the positions that use it. */
function summedOverPlaces(matrix: Float32Array, kernelSize: number): Float32Array {
  return tf.tidy(() => {
    const geometry = convolutionGeometry({...convolution, kernelSize});
    const zeros = tf.zeros([...geometry.kernelShape]);
    const given = tf.tensor2d(matrix, [geometry.rows, geometry.columns]);
    // The transpose of the linear map from kernels to matrices.
    const [sums] = tf.grads((kernel: tf.Tensor) => tf.sum(tf.mul(toeplitz(kernel, geometry), given)))([
      zeros,
    ]);
    return toeplitz(sums!, geometry).dataSync() as Float32Array;
  });
}

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
