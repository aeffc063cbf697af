// What examples are trained on: lines of code that build it from nothing, and what stands for it in the lab.
import type {ExampleName} from './pages.ts';

/** A model with data, as code to copy and as a part of a recipe. */
export interface ExampleModel {
  /** Lines that make `model`, `x` and `y`. */
  readonly code: string;
  readonly loss: string;
  readonly epochs: number;
  /** Of the lab, with layers of the same names; undefined where the lab has no such data. */
  readonly recipe?: Readonly<Record<string, unknown>>;
}

const softmax = "tf.layers.dense({name: 'output', units: 2, activation: 'softmax'}),";

/** @param layers the two hidden ones */
const points = (layers: string): string => `
// Points of two classes, the inner and the outer ones.
const x = tf.randomNormal([200, 2], 0, 1, 'float32', 1);
const isOuter = tf.greater(tf.sum(tf.square(x), 1), 1.4);
const y = tf.oneHot(tf.cast(isOuter, 'int32'), 2, 1, 0, 'float32');
${layers}
    ${softmax}
  ],
});`;

const relu = points(`const model = tf.sequential({
  layers: [
    tf.layers.inputLayer({inputShape: [2]}),
    tf.layers.dense({name: 'hidden1', units: 32, activation: 'relu'}),
    tf.layers.dense({name: 'hidden2', units: 32, activation: 'relu'}),`);

const selu = points(`const kernelInitializer = 'leCunNormal';
const selu = {units: 32, activation: 'selu', kernelInitializer} as const;
const model = tf.sequential({
  layers: [
    tf.layers.inputLayer({inputShape: [2]}),
    tf.layers.dense({name: 'hidden1', ...selu}),
    tf.layers.dense({name: 'hidden2', ...selu}),`);

const pictureData = (channels: number): string => `
// Pictures of two classes: brighter in the middle, or at the border.
const noise = tf.randomUniform([120, 12, 12, ${channels}], 0, 0.6, 'float32', 1);
const square = tf.fill([1, 6, 6, ${channels}], 0.4);
const middle = tf.pad(square, [[0, 0], [3, 3], [3, 3], [0, 0]]);
const x = tf.concat([
  tf.add(noise.slice(0, 60), middle),
  tf.add(noise.slice(60), tf.sub(0.4, middle)),
]);
const isSecond = tf.greaterEqual(tf.range(0, 120), 60);
const y = tf.oneHot(tf.cast(isSecond, 'int32'), 2, 1, 0, 'float32');`;

const pictures = (channels: number): string => `${pictureData(channels)}
const model = tf.sequential({
  layers: [
    tf.layers.flatten({inputShape: [12, 12, ${channels}]}),
    tf.layers.dense({name: 'hidden1', units: 100, activation: 'relu'}),
    ${softmax}
  ],
});`;

const convolutions = `${pictureData(1)}
const model = tf.sequential({
  layers: [
    tf.layers.conv2d({
      name: 'conv1',
      filters: 4,
      kernelSize: 3,
      activation: 'relu',
      inputShape: [12, 12, 1],
    }),
    tf.layers.maxPooling2d({name: 'pool1', poolSize: 2}),
    tf.layers.flatten(),
    tf.layers.dense({name: 'hidden', units: 16, activation: 'relu'}),
    ${softmax}
  ],
});`;

const residual = `${pictureData(1)}
type Value = tf.SymbolicTensor;
const convolution = (name: string) =>
  tf.layers.conv2d({name, filters: 4, kernelSize: 3, padding: 'same'});
const input = tf.input({shape: [12, 12, 1]});
let value = convolution('stem_conv').apply(input) as Value;
for (const block of ['block1', 'block2']) {
  const first = convolution(\`\${block}_conv1\`).apply(value) as Value;
  const inner = tf.layers.reLU().apply(first) as Value;
  const branch = convolution(\`\${block}_conv2\`).apply(inner) as Value;
  const name = \`\${block}_residual\`;
  const normal = tf.layers.batchNormalization({momentum: 0.8, name});
  const added = [value, normal.apply(branch) as Value];
  value = tf.layers.add().apply(added) as Value;
}
const average = tf.layers.globalAveragePooling2d({}).apply(value) as Value;
const output = tf.layers
  .dense({name: 'output', units: 2, activation: 'softmax'})
  .apply(average) as Value;
const model = tf.model({inputs: input, outputs: output});`;

const autoencoder = `
// 16 numbers that follow from three, and noise.
const code = tf.randomNormal([200, 3], 0, 1, 'float32', 1);
const mixing = tf.randomNormal([3, 16], 0, 1, 'float32', 2);
const noise = tf.randomNormal([200, 16], 0, 0.1);
const x = tf.add(tf.matMul(code, mixing), noise);
const y = x;
const model = tf.sequential({
  layers: [
    tf.layers.inputLayer({inputShape: [16]}),
    tf.layers.dense({name: 'enc1', units: 8, activation: 'relu'}),
    tf.layers.dense({name: 'enc2', units: 3}),
    tf.layers.dense({name: 'dec2', units: 8, activation: 'relu'}),
    tf.layers.dense({name: 'dec1', units: 16}),
  ],
});`;

const sequence = `
// Sequences of two classes: which of two lines is the higher one.
const x = tf.randomNormal([120, 8, 2], 0, 1, 'float32', 1);
const [first, second] = tf.unstack(tf.mean(x, 1), 1);
const isHigher = tf.greater(first!, second!);
const y = tf.oneHot(tf.cast(isHigher, 'int32'), 2, 1, 0, 'float32');
const model = tf.sequential({
  layers: [
    tf.layers.lstm({
      name: 'recurrent1',
      units: 8,
      recurrentInitializer: 'glorotUniform',
      inputShape: [8, 2],
    }),
    ${softmax}
  ],
});`;

const crossentropy = 'categoricalCrossentropy';
const moons = {data: {name: 'moons'}, model: {name: 'mlp', hidden: [64, 64]}, epochs: 40};
const glyphs = {name: 'glyphs', train: 600};

/** By name. */
export const exampleModels: Readonly<Record<ExampleName, ExampleModel>> = {
  points: {code: relu, loss: crossentropy, epochs: 10, recipe: moons},
  selu: {
    code: selu,
    loss: crossentropy,
    epochs: 10,
    recipe: {...moons, model: {...moons.model, activation: 'selu'}},
  },
  pictures: {
    code: pictures(1),
    loss: crossentropy,
    epochs: 5,
    recipe: {data: glyphs, model: {name: 'mlp'}, epochs: 30, batchSize: 50},
  },
  // The lab's pictures are grey.
  colours: {code: pictures(3), loss: crossentropy, epochs: 5},
  convolutions: {
    code: convolutions,
    loss: crossentropy,
    epochs: 4,
    recipe: {data: glyphs, model: {name: 'cnn'}, epochs: 10, batchSize: 50},
  },
  residual: {
    code: residual,
    loss: crossentropy,
    epochs: 3,
    recipe: {data: glyphs, model: {name: 'residual', blocks: [8, 8]}, epochs: 8, batchSize: 50},
  },
  autoencoder: {
    code: autoencoder,
    loss: 'meanSquaredError',
    epochs: 10,
    recipe: {data: glyphs, model: {name: 'autoencoder'}, epochs: 20, batchSize: 50},
  },
  sequence: {
    code: sequence,
    loss: crossentropy,
    epochs: 5,
    recipe: {data: {name: 'gestures'}, model: {name: 'recurrent'}, epochs: 20},
  },
};
