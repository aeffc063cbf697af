// The models that are trained, as data: every peer builds its own from the same description.
import {deriveKey, hostUniform} from '@regularizers/random';

/** Activations of dense layers. */
type Activation = 'relu' | 'sigmoid' | 'softmax' | 'linear';

/** One layer. Those with weights share names with the file of initial weights. */
export type LayerSpec =
  | {readonly kind: 'dense'; readonly name: string; readonly units: number; readonly activation: Activation}
  /** A dense layer whose kernel is the transpose of another one's. */
  | {
      readonly kind: 'tied';
      readonly name: string;
      readonly to: string;
      readonly units: number;
      readonly activation: Activation;
    }
  /** `same` padding, no bias: batch normalization follows. */
  | {
      readonly kind: 'conv';
      readonly name: string;
      readonly filters: number;
      readonly size: number;
      readonly strides: number;
    }
  | {readonly kind: 'norm'; readonly name: string}
  | {readonly kind: 'relu' | 'pool' | 'flatten' | 'average'; readonly name: string}
  | {readonly kind: 'lstm'; readonly name: string; readonly units: number}
  /** relu(branch(x) + x), or + shortcut(x) where sizes differ. */
  | {
      readonly kind: 'residual';
      readonly name: string;
      readonly branch: readonly LayerSpec[];
      readonly shortcut: readonly LayerSpec[];
    };

/** A model, its loss and its optimizer. */
export interface CaseSpec {
  readonly name: string;
  readonly title: string;
  /** Shape of one example. */
  readonly input: readonly number[];
  /** Values in one target; with crossentropy, classes. */
  readonly outputs: number;
  readonly layers: readonly LayerSpec[];
  readonly loss: 'categoricalCrossentropy' | 'meanSquaredError';
  readonly optimizer: {readonly kind: 'adam' | 'momentum'; readonly learningRate: number};
}

const dense = (name: string, units: number, activation: Activation = 'relu'): LayerSpec => ({
  kind: 'dense',
  name,
  units,
  activation,
});
const conv = (name: string, filters: number, strides = 1, size = 3): LayerSpec => ({
  kind: 'conv',
  name,
  filters,
  size,
  strides,
});
const norm = (name: string): LayerSpec => ({kind: 'norm', name});
const plain = (kind: 'relu' | 'pool' | 'flatten' | 'average', name: string = kind): LayerSpec => ({
  kind,
  name,
});
const adam = {kind: 'adam', learningRate: 1e-3} as const;
const momentum = {kind: 'momentum', learningRate: 0.02} as const;
const classes = {outputs: 10, loss: 'categoricalCrossentropy'} as const;

/** 784-256-128-10, or with other hidden layers. */
export function mlp(hidden: readonly number[] = [256, 128]): CaseSpec {
  const sizes = [784, ...hidden, 10].join('-');
  return {
    name: 'mlp',
    title: `MLP ${sizes}, Adam`,
    input: [784],
    ...classes,
    layers: [
      ...hidden.map((units, i) => dense(`hidden${i + 1}`, units)),
      dense('output', classes.outputs, 'softmax'),
    ],
    optimizer: adam,
  };
}

const cnn: CaseSpec = {
  name: 'cnn',
  title: 'CNN with batch normalization, momentum',
  input: [28, 28, 1],
  ...classes,
  layers: [
    ...[16, 32].flatMap((filters, i) => [
      conv(`conv${i + 1}`, filters),
      norm(`norm${i + 1}`),
      plain('relu', `relu${i + 1}`),
      plain('pool', `pool${i + 1}`),
    ]),
    plain('flatten'),
    dense('hidden', 64),
    dense('output', classes.outputs, 'softmax'),
  ],
  optimizer: momentum,
};

function block(name: string, filters: number, strides: number): LayerSpec {
  return {
    kind: 'residual',
    name,
    branch: [
      conv(`${name}_conv1`, filters, strides),
      norm(`${name}_norm1`),
      plain('relu', `${name}_relu1`),
      conv(`${name}_conv2`, filters),
      norm(`${name}_residual`),
    ],
    shortcut: strides === 1 ? [] : [conv(`${name}_shortcut`, filters, strides, 1)],
  };
}

const residual: CaseSpec = {
  name: 'residual',
  title: 'Residual CNN, momentum',
  input: [28, 28, 1],
  ...classes,
  layers: [
    conv('stem_conv', 16),
    norm('stem_norm'),
    plain('relu', 'stem_relu'),
    block('block1', 16, 1),
    block('block2', 32, 2),
    block('block3', 32, 1),
    plain('average'),
    dense('output', classes.outputs, 'softmax'),
  ],
  optimizer: momentum,
};

const autoencoder: CaseSpec = {
  name: 'autoencoder',
  title: 'Tied autoencoder 784-128-32, Adam',
  input: [784],
  outputs: 784,
  layers: [
    dense('enc1', 128),
    dense('enc2', 32),
    {kind: 'tied', name: 'dec2', to: 'enc2', units: 128, activation: 'relu'},
    {kind: 'tied', name: 'dec1', to: 'enc1', units: 784, activation: 'sigmoid'},
  ],
  loss: 'meanSquaredError',
  optimizer: adam,
};

const lstm: CaseSpec = {
  name: 'lstm',
  title: 'LSTM of 64 units, 28 steps of 28 values, Adam',
  input: [28, 28],
  ...classes,
  layers: [{kind: 'lstm', name: 'lstm', units: 64}, dense('output', classes.outputs, 'softmax')],
  optimizer: adam,
};

/** All cases. */
export const cases: readonly CaseSpec[] = [mlp(), cnn, residual, autoencoder, lstm];

/** A case by name. */
export function caseNamed(name: string): CaseSpec {
  const found = cases.find((one) => one.name === name);
  if (!found)
    throw new Error(`There is no case ${name}. There are: ${cases.map((one) => one.name).join(', ')}.`);
  return found;
}

/** One weight of a layer, in the order in which Keras lists a layer's weights. */
export interface InitialWeight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Where training starts, by layer: Glorot's uniform kernels, zero biases, identity normalizations. */
export function initialWeights(spec: CaseSpec): Readonly<Record<string, readonly InitialWeight[]>> {
  const weights: Record<string, readonly InitialWeight[]> = {};
  walk(spec.layers, spec.input, (layer, shape) => {
    const last = shape.at(-1)!;
    const kernel = (...kernelShape: number[]): InitialWeight => {
      const field = kernelShape.slice(0, -2).reduce((a, b) => a * b, 1);
      const [fanIn, fanOut] = kernelShape.slice(-2) as [number, number];
      const limit = Math.sqrt(6 / (field * (fanIn + fanOut)));
      const n = field * fanIn * fanOut;
      const key = deriveKey(1, layer.name, kernelShape.join());
      return {shape: kernelShape, values: hostUniform(n, key, {min: -limit, max: limit})};
    };
    const filled = (size: number, value: number): InitialWeight => ({
      shape: [size],
      values: new Float32Array(size).fill(value),
    });
    if (layer.kind === 'dense') weights[layer.name] = [kernel(last, layer.units), filled(layer.units, 0)];
    if (layer.kind === 'tied') weights[layer.name] = [filled(layer.units, 0)];
    if (layer.kind === 'conv') weights[layer.name] = [kernel(layer.size, layer.size, last, layer.filters)];
    if (layer.kind === 'norm') weights[layer.name] = [1, 0, 0, 1].map((value) => filled(last, value));
    if (layer.kind === 'lstm') {
      const gates = 4 * layer.units;
      weights[layer.name] = [kernel(last, gates), {...kernel(layer.units, gates)}, filled(gates, 0)];
    }
  });
  return weights;
}

/** Calls `visit` for every layer with the shape that it is fed; gives the shape that comes out. */
function walk(
  layers: readonly LayerSpec[],
  input: readonly number[],
  visit: (layer: LayerSpec, shape: readonly number[]) => void,
): readonly number[] {
  let shape = input;
  for (const layer of layers) {
    visit(layer, shape);
    shape = shapeAfter(layer, shape, visit);
  }
  return shape;
}

function shapeAfter(
  layer: LayerSpec,
  shape: readonly number[],
  visit: (layer: LayerSpec, shape: readonly number[]) => void,
): readonly number[] {
  const [height = 1, width = 1, channels = 1] = shape;
  switch (layer.kind) {
    case 'dense':
    case 'tied':
    case 'lstm':
      return [layer.units];
    case 'conv':
      return [Math.ceil(height / layer.strides), Math.ceil(width / layer.strides), layer.filters];
    case 'pool':
      return [Math.floor(height / 2), Math.floor(width / 2), channels];
    case 'flatten':
      return [shape.reduce((a, b) => a * b, 1)];
    case 'average':
      return [channels];
    case 'residual':
      walk(layer.shortcut, shape, visit);
      return walk(layer.branch, shape, visit);
    default:
      return shape;
  }
}

/** Examples and targets for a case: uniform values, random classes. */
export function makeData(
  spec: CaseSpec,
  examples: number,
): {readonly x: Float32Array; readonly y: Float32Array} {
  const x = hostUniform(examples * spec.input.reduce((a, b) => a * b, 1), deriveKey(1, 'x'));
  if (spec.loss === 'meanSquaredError') return {x, y: x};
  const y = new Float32Array(examples * spec.outputs);
  for (const [i, value] of hostUniform(examples, deriveKey(1, 'y')).entries()) {
    y[i * spec.outputs + Math.floor(value * spec.outputs)] = 1;
  }
  return {x, y};
}
