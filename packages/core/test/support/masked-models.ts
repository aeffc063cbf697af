import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  type LayersModel,
  layers,
  model,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers';
import {classNumbers, waves} from './data.ts';

// The models of keras/masks.py, with the same numbers.

type Layer = layers.Layer;

const [batch, steps, features, classes] = [4, 5, 2, 3];

/** 1 for what counts: the end, the front and the middle are padded, one example is whole. */
export const pattern = (): tf.Tensor2D =>
  tf.tensor2d([
    [1, 1, 1, 0, 0],
    [0, 1, 1, 1, 1],
    [1, 0, 1, 1, 0],
    [1, 1, 1, 1, 1],
  ]);

/** Weights of steps; some are zero where nothing is padded. */
export const stepWeights = (): tf.Tensor2D =>
  tf.tensor2d([
    [1, 2, 0.5, 0, 0],
    [0, 1, 1, 0.25, 1],
    [3, 0, 1, 1, 0],
    [1, 1, 0, 1, 1],
  ]);

/** Sequences whose padded steps are filled with a value. */
export function padded(value = 0): tf.Tensor {
  const mask = tf.expandDims(pattern(), -1);
  return tf.add(tf.mul(waves([batch, steps, features]), mask), tf.mul(tf.sub(1, mask), value));
}

/** Sequences of words, padded with 0. */
export const tokens = (): tf.Tensor2D =>
  tf.tensor2d(
    [
      [1, 2, 3, 0, 0],
      [0, 4, 5, 1, 2],
      [3, 0, 4, 5, 0],
      [2, 1, 4, 3, 5],
    ],
    [batch, steps],
    'int32',
  );

const values = (width = 2): tf.Tensor => waves([batch, steps, width], 0.9);
const classOf = (...shape: number[]): tf.Tensor =>
  tf.reshape(classNumbers(tf.util.sizeFromShape(shape), classes), shape);

// Not tfjs's hard sigmoid, and no orthogonal matrices, which take long to draw.
const recurrent = {recurrentActivation: 'sigmoid', recurrentInitializer: 'glorotNormal'} as const;

export const lstm = (units: number, returnSequences = true, name = 'lstm'): layers.RNN =>
  layers.lstm({units, returnSequences, name, ...recurrent});
export const gru = (units: number, returnSequences = true, name = 'gru'): layers.RNN =>
  layers.gru({units, returnSequences, name, ...recurrent});
export const masking = (maskValue = 0): Layer =>
  layers.masking({maskValue, inputShape: [steps, features], name: 'masking'});
export const dense = (units = 2, name = 'output'): Layer => layers.dense({units, name});
const softmax = (): Layer => layers.dense({units: classes, activation: 'softmax', name: 'output'});
export const embedding = (): Layer =>
  layers.embedding({inputDim: 6, outputDim: 3, maskZero: true, inputLength: steps, name: 'embedding'});

/** A model and its data. */
export interface MaskedCase {
  readonly model: () => LayersModel;
  readonly x: () => tf.Tensor;
  readonly y: () => tf.Tensor | tf.Tensor[];
  readonly loss: 'meanSquaredError' | 'sparseCategoricalCrossentropy';
  readonly sampleWeight?: () => tf.Tensor;
  /** An embedding looks the input up. */
  readonly isLookedUp?: boolean;
}

const of =
  (...parts: (() => Layer)[]): (() => LayersModel) =>
  () =>
    sequential({layers: parts.map((make) => make())});

const real = (made: () => LayersModel, x = padded, y: MaskedCase['y'] = values): MaskedCase => ({
  model: made,
  x: () => x(),
  y: () => y(),
  loss: 'meanSquaredError',
});

const words = (made: () => LayersModel, y: () => tf.Tensor, x: () => tf.Tensor = tokens): MaskedCase => ({
  model: made,
  x,
  y,
  loss: 'sparseCategoricalCrossentropy',
  isLookedUp: x === tokens,
});

function twoHeaded(): LayersModel {
  const x = input({shape: [steps, features], name: 'x'});
  const h = lstm(3).apply(layers.masking({name: 'masking'}).apply(x)) as SymbolicTensor;
  const each = dense(2, 'each').apply(h);
  const whole = dense(1, 'whole').apply(gru(2, false).apply(h) as SymbolicTensor);
  return model({inputs: x, outputs: [each, whole] as SymbolicTensor[]});
}

function twoBranches(): LayersModel {
  const x = input({shape: [steps, features], name: 'x'});
  const m = layers.masking({name: 'masking'}).apply(x) as SymbolicTensor;
  const both = [lstm(3).apply(m), gru(2).apply(m)] as SymbolicTensor[];
  return model({inputs: x, outputs: dense().apply(layers.concatenate().apply(both)) as SymbolicTensor});
}

/** An LSTM without a mask, of sequences that are padded. */
const unmasked = (): Layer =>
  layers.lstm({
    units: 3,
    returnSequences: true,
    inputShape: [steps, features],
    name: 'lstm',
    ...recurrent,
  });

export const maskedCases = {
  lstm: real(of(masking, () => lstm(3), dense)),
  gru: real(
    of(
      () => masking(-1),
      () => gru(3),
      dense,
    ),
    () => padded(-1),
  ),
  simpleRnn: real(
    of(
      masking,
      () =>
        layers.simpleRNN({
          units: 3,
          returnSequences: true,
          recurrentInitializer: 'glorotNormal',
          name: 'rnn',
        }),
      dense,
    ),
  ),
  stacked: real(
    of(
      masking,
      () => lstm(3),
      () => gru(2),
      () => layers.timeDistributed({layer: dense(2, 'inner'), name: 'output'}),
    ),
  ),
  bidirectional: real(
    of(masking, () => layers.bidirectional({layer: lstm(2), mergeMode: 'concat', name: 'both'}), dense),
  ),
  lastState: real(
    of(masking, () => lstm(3, false), dense),
    padded,
    () => tf.squeeze(tf.slice(values(), [0, 0, 0], [batch, 1, 2]), [1]),
  ),
  tokens: words(
    of(embedding, () => lstm(3), softmax),
    () => classOf(batch, steps),
  ),
  tokensOfExamples: words(
    of(embedding, () => gru(3, false), softmax),
    () => classOf(batch),
  ),
  noRecurrence: real(of(masking, dense)),
  stepWeights: {...real(of(unmasked, dense)), sampleWeight: stepWeights},
  maskAndStepWeights: {...real(of(masking, () => lstm(3), dense)), sampleWeight: stepWeights},
  maskAndExampleWeights: {
    ...words(
      of(embedding, () => lstm(3), softmax),
      () => classOf(batch, steps),
    ),
    sampleWeight: () => tf.tensor1d([1, 0.5, 2, 0]),
  },
  stepWeightsOfClasses: {
    ...words(
      of(unmasked, softmax),
      () => classOf(batch, steps),
      () => padded(),
    ),
    sampleWeight: stepWeights,
  },
  twoHeaded: real(twoHeaded, padded, () => [values(), waves([batch, 1], 0.4)]),
  twoBranches: real(twoBranches),
} satisfies Record<string, MaskedCase>;
