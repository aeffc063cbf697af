import {mixup, randomBrightness, randomFlip, randomShift} from '@regularizers/augmentation';
import type {Regularizer} from '@regularizers/core';
import {adversarial, inputNoise} from '@regularizers/noise';
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  type LayersModel,
  layers,
  model,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers';
import {type Row, trained} from './row.ts';
import {classes, examples, waves} from './small.ts';

const shape = [examples, 6, 6, 3];
const bytes = Uint8Array.from({length: examples * 6 * 6 * 3}, (_, i) => (i * 61 + (i >> 3) * 17) % 256);

/** Pictures whose pixels are in a range. */
const pixels = (from: number, to: number): tf.Tensor =>
  tf.tensor(
    Array.from(bytes, (byte) => from + ((to - from) * byte) / 255),
    shape,
  );
const truths = (): tf.Tensor => tf.greater(pixels(0, 1), 0.5);
const words = (): tf.Tensor =>
  tf.tensor2d(
    classes.map((n) => [n, 2 - n]),
    [examples, 2],
    'int32',
  );

/** A layer on flattened pictures. */
const onPictures = (units: number, activation: 'softmax' | 'linear') => (): LayersModel =>
  sequential({
    layers: [
      layers.flatten({inputShape: [6, 6, 3], name: 'pictures'}),
      layers.dense({units, activation, name: 'output'}),
    ],
  });
const classifier = onPictures(3, 'softmax');

const embedded = (name: string) => layers.embedding({inputDim: 3, outputDim: 2, inputLength: 2, name});

const ofWords = (): LayersModel =>
  sequential({
    layers: [
      embedded('embedding'),
      layers.flatten(),
      layers.dense({units: 3, activation: 'softmax', name: 'output'}),
    ],
  });

/** A classifier of a picture and two words. */
function ofBoth(): LayersModel {
  const inputs = [
    input({shape: [6, 6, 3], name: 'picture'}),
    input({shape: [2], name: 'words', dtype: 'int32'}),
  ];
  const flat = [
    layers.flatten().apply(inputs[0]!),
    layers.flatten().apply(embedded('embedding').apply(inputs[1]!) as SymbolicTensor),
  ];
  const joined = layers.concatenate().apply(flat as SymbolicTensor[]) as SymbolicTensor;
  const output = layers.dense({units: 3, activation: 'softmax', name: 'output'}).apply(joined);
  return model({inputs, outputs: output as SymbolicTensor});
}

const channelsFirst = (): LayersModel =>
  sequential({
    layers: [
      layers.conv2d({
        filters: 2,
        kernelSize: 3,
        dataFormat: 'channelsFirst',
        inputShape: [3, 6, 6],
        name: 'conv',
      }),
      layers.flatten(),
      layers.dense({units: 3, activation: 'softmax'}),
    ],
  });

/** A value of each pixel. */
const segmenter = (): LayersModel =>
  sequential({
    layers: [layers.dense({units: 1, activation: 'sigmoid', inputShape: [6, 6, 3], name: 'mask'})],
  });

/** Trains the classifier of pictures. */
const run =
  (x: () => tf.Tensor | object, ...regularizers: readonly Regularizer[]) =>
  () =>
    trained({model: classifier(), regularizers}, {x: x() as tf.Tensor, y: classes});

/** Trains a model of real numbers, scaled like pixels' places. */
const places = (count: number, regularizer: Regularizer) => () =>
  trained(
    {model: onPictures(count, 'linear')(), loss: 'meanSquaredError', regularizers: [regularizer]},
    {x: pixels(0, 1), y: tf.add(tf.mul(waves(examples, count), 2), 3)},
  );

const masks = (regularizer: Regularizer) => () =>
  trained(
    {model: segmenter(), loss: 'binaryCrossentropy', regularizers: [regularizer]},
    {x: pixels(0, 1), y: tf.slice(truths(), [0, 0, 0, 0], [examples, 6, 6, 1])},
  );

const lookup = {kernels: ['UnsortedSegmentSum']};
const sayRange =
  'Say what pixels can be: range: [0, 255], or of standardized ones the smallest and the largest value.';
const floats = {form: 'floats', run: run(() => pixels(0, 255))};

export const pictures: readonly Row[] = [
  {what: 'pictures of `int32`', run: run(() => tf.tensor(bytes, shape, 'int32')), sameAs: floats},
  {
    what: 'pictures of `bool`',
    run: run(truths),
    sameAs: {form: 'floats', run: run(() => tf.cast(truths(), 'float32'))},
  },
  {what: 'a `Uint8Array`', run: run(() => bytes), sameAs: floats},
  {what: 'a `Uint8ClampedArray`', run: run(() => Uint8ClampedArray.from(bytes)), sameAs: floats},
  {what: '`{values, shape}` of bytes', run: run(() => ({values: bytes, shape})), sameAs: floats},
  ...(
    [
      [0, 255],
      [0, 1],
      [-1, 1],
    ] as const
  ).map(([from, to]) => ({
    what: `pixels in [${from}, ${to}], and \`randomBrightness()\``,
    run: run(() => pixels(from, to), randomBrightness()),
    explained: `are in [${from}, ${to}], as the training data shows`,
  })),
  {
    what: 'standardized pictures, and `randomBrightness()`',
    run: run(() => pixels(-2, 2.5), randomBrightness()),
    code: 'pixel-range',
    advice: sayRange,
  },
  {
    what: 'pixels in [0, 16], and `randomBrightness()`',
    run: run(() => pixels(0, 16), randomBrightness()),
    code: 'pixel-range',
    advice: sayRange,
  },
  {
    what: 'pixels in [0, 255], and `randomBrightness({range: [0, 1]})`',
    run: run(() => pixels(0, 255), randomBrightness({range: [0, 1]})),
    code: 'pixel-range',
    advice: 'Leave range out to take it from the data, or bring the pixels to it.',
  },
  {
    what: 'pixels in [0, 255], and `inputNoise()`',
    run: run(() => pixels(0, 255), inputNoise()),
    code: 'another-scale',
    advice: 'Say sigma in the unit of the inputs',
  },
  {
    what: 'pixels in [0, 255], and `adversarial()`',
    run: run(() => pixels(0, 255), adversarial()),
    code: 'another-scale',
    advice: 'Say epsilon in the unit of the inputs',
  },
  {
    what: "a model of `dataFormat: 'channelsFirst'`, and `randomFlip()`",
    run: () =>
      trained(
        {model: channelsFirst(), regularizers: [randomFlip()]},
        {x: waves(examples, 3, 6, 6), y: classes},
      ),
    code: 'channels-first',
    advice: "build the model with dataFormat: 'channelsLast'",
  },
  {
    what: 'targets of real numbers, and `randomFlip()`',
    run: places(2, randomFlip()),
    code: 'values-target',
    advice: "say what they are: targets: {kind: 'keypoints'} or {kind: 'boxes'}, which move along.",
  },
  {
    what: "a keypoint, and `randomFlip({targets: {kind: 'keypoints'}})`",
    run: places(2, randomFlip({targets: {kind: 'keypoints'}})),
  },
  {
    what: "boxes, and `randomShift({targets: {kind: 'boxes'}})`",
    run: places(4, randomShift({targets: {kind: 'boxes'}})),
  },
  {
    what: "several keypoints, and `randomFlip({targets: {kind: 'keypoints'}})`",
    run: places(4, randomFlip({targets: {kind: 'keypoints'}})),
    code: 'bad-places',
    advice: 'Say which become which: mirror: [0, 1] if none does.',
  },
  {
    what: 'several keypoints, and `mirror: [1, 0]` beside `kind`',
    run: places(4, randomFlip({targets: {kind: 'keypoints', mirror: [1, 0]}})),
  },
  {
    what: "a keypoint, and `randomShift({fillMode: 'wrap', targets: {kind: 'keypoints'}})`",
    run: places(2, randomShift({fillMode: 'wrap', targets: {kind: 'keypoints'}})),
    code: 'bad-places',
    advice: "Take another fillMode, such as 'constant'.",
  },
  {
    what: 'segmentation masks, and `randomFlip()`',
    run: masks(randomFlip()),
    code: 'image-target',
    advice: "Pass targets: 'transform' to change the target in the same way",
  },
  {
    what: "segmentation masks, and `randomFlip({targets: 'transform'})`",
    run: masks(randomFlip({targets: 'transform'})),
  },
  {
    what: 'words alone, and `inputNoise()`',
    run: () => trained({model: ofWords(), regularizers: [inputNoise()]}, {x: words(), y: classes}),
    code: 'nothing-selected',
    advice: "For noise on the vectors that are looked up: activationNoise({at: 'embedding'}).",
  },
  {
    what: 'words, and `mixup()`',
    run: () => trained({model: ofWords(), regularizers: [mixup()]}, {x: words(), y: classes}),
    code: 'not-mixable',
    advice: 'Name the inputs that can be mixed with the option inputs.',
  },
  {
    what: 'a picture and words, and `inputNoise()`',
    ...lookup,
    run: () =>
      trained({model: ofBoth(), regularizers: [inputNoise()]}, {x: [pixels(0, 1), words()], y: classes}),
    sameAs: {
      form: "`inputNoise({inputs: 'picture'})`",
      run: () =>
        trained(
          {model: ofBoth(), regularizers: [inputNoise({inputs: 'picture'})]},
          {x: [pixels(0, 1), words()], y: classes},
        ),
    },
  },
];
