import type {Trainer} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {DataSet} from '../data/data-set.ts';
import {answerOf} from './answer.ts';
import {histogramOf} from './histogram.ts';
import {judgedOf} from './judged.ts';
import {keptBy} from './kept.ts';
import type {CurveLook, JudgedLook, Look, Mistake, PicturesLook, SurfaceLook, WeightsLook} from './look.ts';

/** Points along a side of a decision surface. */
const side = 64;
/** How much a report shows of one, and of mistakes: it is a file, and there may be many in it. */
const reported = {side: 48, points: 200, mistakes: 6, pixels: 28};
/** Points of a fitted curve. */
const along = 160;
/** As many examples as are shown, and as are judged. */
const most = {points: 400, judged: 2000};

type Predicts = Pick<Trainer, 'predict' | 'predictions'>;
/** How many places are asked along a side, and how many examples are shown. */
interface Fineness {
  readonly side: number;
  readonly points: number;
}
type Looked = Predicts & Pick<Trainer, 'changes'>;

/**
 * What a model makes of points in the plane, of numbers on a line or of a drawing, and what its plugins leave of values;
 * empty where there is nothing to show.
 *
 * @param trainer of which the predictions are asked
 * @param drawing a picture that it is to answer to
 */
export async function lookAt(trainer: Looked, data: DataSet, drawing?: Float32Array): Promise<Look> {
  const kept = await keptBy(trainer, data);
  const pictures = picturesOf(data);
  return {
    ...(await placesOf(trainer, data)),
    ...(kept.length > 0 ? {kept} : {}),
    ...(pictures ? {pictures} : {}),
    ...(pictures && drawing ? {answer: await answerOf(trainer, drawing, [1, ...data.inputShape])} : {}),
  };
}

/** What pictures are like that are to be told apart; undefined of other data. */
export function picturesOf(data: DataSet): PicturesLook | undefined {
  const [height = 0, width = 0, channels = 0] = data.inputShape;
  if (data.kind !== 'classification' || data.inputShape.length !== 3) return undefined;
  return {height, width, channels, classNames: data.classNames};
}

/** As little of it as a report shows: what it answers where, and what the test set shows of it. */
export async function lookForReport(trainer: Predicts, data: DataSet): Promise<Look> {
  const places = await placesOf(trainer, data, reported);
  if (data.kind !== 'classification') return places;
  const {mistakes, ...judged} = await judgedBy(trainer, data);
  const few = mistakes.slice(0, reported.mistakes).map((one) => smaller(one, reported.pixels));
  return {...places, judged: {...judged, mistakes: few}};
}

/** A picture of no more pixels a side: each the mean of those that it is made of. */
function smaller(mistake: Mistake, most: number): Mistake {
  const {height, width, channels, pixels} = mistake;
  const scale = Math.max(height, width) / most;
  if (scale <= 1) return mistake;
  const [rows, columns] = [Math.max(1, Math.round(height / scale)), Math.max(1, Math.round(width / scale))];
  const meanAt = (row: number, column: number, channel: number): number => {
    const span = (at: number, of: number, all: number): readonly [number, number] => [
      Math.floor((at * all) / of),
      Math.max(Math.floor((at * all) / of) + 1, Math.floor(((at + 1) * all) / of)),
    ];
    const [top, bottom] = span(row, rows, height);
    const [left, right] = span(column, columns, width);
    let sum = 0;
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) sum += pixels[(y * width + x) * channels + channel]!;
    }
    return Math.round(sum / ((bottom - top) * (right - left)));
  };
  const made = Uint8Array.from({length: rows * columns * channels}, (_, at) => {
    const pixel = Math.floor(at / channels);
    return meanAt(Math.floor(pixel / columns), pixel % columns, at % channels);
  });
  return {...mistake, height: rows, width: columns, pixels: made};
}

async function placesOf(
  trainer: Predicts,
  data: DataSet,
  fineness: Fineness = {side, points: most.points},
): Promise<Look> {
  const [first = 0, ...rest] = data.inputShape;
  if (rest.length > 0) return {};
  if (first === 2 && data.kind === 'classification') {
    return {surface: await surfaceOf(trainer, data, fineness)};
  }
  if (first === 1 && data.kind === 'regression') return {curve: await curveOf(trainer, data)};
  return {};
}

/** The same at the end of a run, with what the test set shows of it and its weights. */
export async function lookAtEnd(trainer: Looked & Pick<Trainer, 'members'>, data: DataSet): Promise<Look> {
  const look = await lookAt(trainer, data);
  const judged = data.kind === 'classification' ? {judged: await judgedBy(trainer, data)} : {};
  const members = await trainer.members();
  try {
    return {...look, ...judged, weights: weightsOf(members[0]!, data)};
  } finally {
    for (const member of members) member.dispose();
  }
}

async function surfaceOf(
  trainer: Predicts,
  data: DataSet & {kind: 'classification'},
  {side, points: most}: Fineness,
): Promise<SurfaceLook> {
  const {train} = data;
  const count = Math.min(train.size, most);
  const points = train.x.slice(0, 2 * count);
  const reach = 1.15 * points.reduce((far, value) => Math.max(far, Math.abs(value)), 1);
  const at = (index: number): number => reach * ((2 * index) / (side - 1) - 1);
  // Row by row from the top, as a picture is.
  const grid = Float32Array.from({length: 2 * side * side}, (_, position) => {
    const cell = position >> 1;
    return position % 2 === 0 ? at(cell % side) : -at(Math.floor(cell / side));
  });
  const cells = await answers(trainer, grid, [side * side, 2], data.classes);
  const those = await answers(trainer, points, [count, 2], data.classes);
  return {
    side,
    reach,
    classes: cells.guesses,
    confidence: Uint8Array.from(cells.confidence, (value) => Math.round(255 * value)),
    points,
    labels: Int32Array.from(train.y.slice(0, count)),
    guesses: those.guesses,
  };
}

async function curveOf(trainer: Predicts, data: DataSet): Promise<CurveLook> {
  const {train} = data;
  const count = Math.min(train.size, most.points);
  const [low, high] = [Math.min(-1, ...train.x.slice(0, count)), Math.max(1, ...train.x.slice(0, count))];
  const x = Float32Array.from({length: along}, (_, index) => low + ((high - low) * index) / (along - 1));
  const input = tf.tensor2d(x, [along, 1]);
  const each = trainer.predictions(input) as tf.Tensor;
  const values = (await each.data()) as Float32Array;
  tf.dispose([input, each]);
  const members = values.length / along;
  const over = (index: number): readonly number[] =>
    Array.from({length: members}, (_, member) => values[member * along + index]!);
  const line = (of: (all: readonly number[]) => number): Float32Array => x.map((_, index) => of(over(index)));
  return {
    x,
    mean: line((all) => all.reduce((sum, value) => sum + value, 0) / members),
    low: line((all) => Math.min(...all)),
    high: line((all) => Math.max(...all)),
    members,
    pointsX: train.x.slice(0, count),
    pointsY: Float32Array.from(train.y.slice(0, count)),
  };
}

async function judgedBy(trainer: Predicts, data: DataSet & {kind: 'classification'}): Promise<JudgedLook> {
  const {test, inputShape, classes, classNames} = data;
  const count = Math.min(test.size, most.judged);
  const width = test.x.length / test.size;
  const x = test.x.subarray(0, count * width);
  const labels = Int32Array.from(test.y.subarray(0, count));
  const given = await answers(trainer, x, [count, ...inputShape], classes);
  const picture =
    inputShape.length === 3
      ? {height: inputShape[0]!, width: inputShape[1]!, channels: inputShape[2]!}
      : undefined;
  return judgedOf({x, labels, ...given, classNames, picture});
}

interface Answers {
  readonly guesses: Uint8Array;
  /** The probability of the guess. */
  readonly confidence: Float32Array;
}

async function answers(
  trainer: Predicts,
  values: Float32Array,
  shape: readonly number[],
  classes: number,
): Promise<Answers> {
  const probabilities = await answerOf(trainer, values, shape);
  const [count = 0] = shape;
  const guesses = new Uint8Array(count);
  const confidence = new Float32Array(count);
  for (let example = 0; example < count; example++) {
    for (let label = 0; label < classes; label++) {
      const probability = probabilities[example * classes + label]!;
      if (probability <= confidence[example]!) continue;
      confidence[example] = probability;
      guesses[example] = label;
    }
  }
  return {guesses, confidence};
}

/** Tiles that are shown of a first layer. */
const mostTiles = 24;

function weightsOf(model: LayersModel, {inputShape}: DataSet): WeightsLook {
  const kernels = model.trainableWeights
    .filter(({name}) => name.includes('kernel'))
    .map((weight) => weight.read());
  const values = kernels.map((kernel) => kernel.dataSync() as Float32Array);
  const histogram = histogramOf(values);
  const [first] = kernels;
  const tiles = first && inputShape.length === 3 ? tilesOf(first, values[0]!, inputShape) : undefined;
  return {histogram, ...(tiles ? {tiles} : {})};
}

/** Each unit's weights as a picture: of a dense layer on pixels, or of a convolution. */
function tilesOf(
  {shape}: tf.Tensor,
  values: Float32Array,
  [pictureHeight = 1, pictureWidth = 1, channels = 1]: readonly number[],
): WeightsLook['tiles'] {
  const isDense = shape.length === 2 && shape[0] === pictureHeight * pictureWidth * channels;
  if (!isDense && shape.length !== 4) return undefined;
  const [height, width] = isDense ? [pictureHeight, pictureWidth] : [shape[0]!, shape[1]!];
  const depth = isDense ? channels : shape[2]!;
  const units = shape.at(-1)!;
  const count = Math.min(units, mostTiles);
  const tiles = new Float32Array(count * height * width);
  for (let unit = 0; unit < count; unit++) {
    for (let pixel = 0; pixel < height * width; pixel++) {
      let sum = 0;
      for (let channel = 0; channel < depth; channel++)
        sum += values[(pixel * depth + channel) * units + unit]!;
      tiles[unit * height * width + pixel] = sum / depth;
    }
  }
  return {height, width, count, of: units, values: tiles};
}
