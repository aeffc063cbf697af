// Weights drawn from a seed follow tfjs's own initializers: the same distribution, other numbers.
import {type PureModel, sgd} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {initializers, type LayersModel, layers, sequential} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {errorOf, trainerOf} from './support/trainers.ts';

type DenseOptions = Parameters<typeof layers.dense>[0];

/** A kernel of 60 × 40 drawn from a seed by an initializer. */
function drawn(kernelInitializer: NonNullable<DenseOptions['kernelInitializer']>): number[] {
  const model = sequential({
    layers: [layers.dense({units: 40, inputShape: [60], kernelInitializer, name: 'd'})],
  });
  return weightsOf(model)['d/kernel']!;
}

/** The first weights that a trainer draws for a model. */
function weightsOf(model: LayersModel): Record<string, number[]> {
  const found: Record<string, number[]> = {};
  const look = {
    name: 'look',
    setup: ({initial}: {initial: Readonly<Record<string, tf.Tensor>>}) => {
      for (const [name, tensor] of Object.entries(initial)) found[name] = Array.from(tensor.dataSync());
      return {};
    },
  };
  trainerOf([look], {model, loss: 'meanSquaredError', initialWeights: 'seed', seed: 11}).dispose();
  return found;
}

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
const deviation = (values: readonly number[]): number =>
  Math.sqrt(mean(values.map((v) => (v - mean(values)) ** 2)));
const largest = (values: readonly number[]): number =>
  values.reduce((max, v) => Math.max(max, Math.abs(v)), 0);

// tfjs draws by the same formulas; a normal that is cut off at 2σ has 0.8796 of its deviation left.
const cut = 0.87962566;
const [fanIn, fanOut] = [60, 40];
const glorot = 2 / (fanIn + fanOut);
const cases: Readonly<Record<string, [() => Parameters<typeof drawn>[0], number, number]>> = {
  zeros: [() => initializers.zeros(), 0, 0],
  glorotUniform: [() => initializers.glorotUniform({}), Math.sqrt(glorot), Math.sqrt(3 * glorot)],
  glorotNormal: [() => initializers.glorotNormal({}), cut * Math.sqrt(glorot), 2 * Math.sqrt(glorot)],
  heUniform: [() => initializers.heUniform({}), Math.sqrt(2 / fanIn), Math.sqrt(6 / fanIn)],
  heNormal: [() => initializers.heNormal({}), cut * Math.sqrt(2 / fanIn), 2 * Math.sqrt(2 / fanIn)],
  leCunNormal: [() => initializers.leCunNormal({}), cut * Math.sqrt(1 / fanIn), 2 * Math.sqrt(1 / fanIn)],
  leCunUniform: [() => initializers.leCunUniform({}), Math.sqrt(1 / fanIn), Math.sqrt(3 / fanIn)],
  randomUniform: [() => initializers.randomUniform({minval: -0.2, maxval: 0.2}), 0.4 / Math.sqrt(12), 0.2],
  randomNormal: [() => initializers.randomNormal({stddev: 0.1}), 0.1, 0.6],
  truncatedNormal: [() => initializers.truncatedNormal({stddev: 0.1}), 0.1 * cut, 0.2],
  varianceScaling: [
    () => initializers.varianceScaling({mode: 'fanOut', distribution: 'uniform', scale: 3}),
    Math.sqrt(3 / fanOut),
    Math.sqrt(9 / fanOut),
  ],
};

for (const [name, [make, expected, bound]] of Object.entries(cases)) {
  test(`${name}: mean 0, deviation ${expected.toFixed(3)}, none beyond ${bound.toFixed(3)}`, () => {
    const values = drawn(make());
    // 2400 values: the mean is off by σ/49, the deviation by about σ/69; four times that is allowed.
    expect(Math.abs(mean(values))).toBeLessThanOrEqual((4 * expected) / 49);
    expect(Math.abs(deviation(values) - expected)).toBeLessThanOrEqual((4 * expected) / 60);
    expect(largest(values)).toBeLessThanOrEqual(bound + 1e-6);
    if (expected > 0 && name !== 'randomNormal') expect(largest(values)).toBeGreaterThan(0.95 * bound);
  });
}

test('tfjs draws from the same distributions', () => {
  for (const [name, [make, expected]] of Object.entries(cases)) {
    const initializer = make() as {apply(shape: number[]): tf.Tensor};
    const values = Array.from(tf.tidy(() => initializer.apply([fanIn, fanOut]).dataSync()));
    expect(Math.abs(deviation(values) - expected), name).toBeLessThanOrEqual((6 * expected) / 60);
  }
});

test("a convolution's receptive field counts in both fans", () => {
  const conv = layers.conv2d({
    filters: 20,
    kernelSize: 3,
    inputShape: [8, 8, 10],
    kernelInitializer: 'glorotUniform',
    name: 'c',
  });
  const values = weightsOf(sequential({layers: [conv]}))['c/kernel']!;
  // √(6/(9·10 + 9·20)) = 0.149.
  expect(largest(values)).toBeLessThanOrEqual(Math.sqrt(6 / 270));
  expect(largest(values)).toBeGreaterThan(0.97 * Math.sqrt(6 / 270));
});

for (const [rows, columns] of [
  [12, 5],
  [5, 12],
  [6, 6],
] as const) {
  test(`orthogonal, ${rows} × ${columns}: the shorter side is orthonormal, times the gain`, () => {
    const kernelInitializer = initializers.orthogonal({gain: 2});
    // Wrapped, since tfjs's own drawing needs chained operations that nothing here registers.
    Object.assign(kernelInitializer, {apply: (shape: number[]) => tf.zeros(shape)});
    const layer = layers.dense({units: columns, inputShape: [rows], kernelInitializer, name: 'd'});
    const values = weightsOf(sequential({layers: [layer]}))['d/kernel']!;
    const product = tf.tidy(() => {
      const w = tf.tensor2d(values, [rows, columns]);
      return Array.from(
        (rows >= columns ? tf.matMul(w, w, true, false) : tf.matMul(w, w, false, true)).dataSync(),
      );
    });
    const side = Math.min(rows, columns);
    for (const [i, value] of product.entries()) {
      expect(value).toBeCloseTo(Math.floor(i / side) === i % side ? 4 : 0, 3);
    }
  });
}

test('identity and constants', () => {
  const kernelInitializer = initializers.identity({gain: 3});
  const layer = layers.dense({
    units: 2,
    inputShape: [2],
    kernelInitializer,
    biasInitializer: initializers.constant({value: 0.5}),
    name: 'd',
  });
  expect(weightsOf(sequential({layers: [layer]}))).toEqual({'d/kernel': [3, 0, 0, 3], 'd/bias': [0.5, 0.5]});
});

test("an LSTM's forget gate starts at one where the layer says so; tfjs's default is that it does not", () => {
  const start = (options: {unitForgetBias?: boolean}): number[] => {
    const lstm = layers.lstm({
      units: 2,
      inputShape: [3, 2],
      recurrentInitializer: 'zeros',
      name: 'l',
      ...options,
    });
    return weightsOf(sequential({layers: [lstm]}))['l/bias']!;
  };
  expect(start({unitForgetBias: true})).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
  expect(start({})).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
});

test('batch normalization starts as the identity', () => {
  const layer = layers.batchNormalization({inputShape: [2], name: 'bn'});
  expect(weightsOf(sequential({layers: [layer, layers.dense({units: 1, name: 'd'})]}))).toMatchObject({
    'bn/gamma': [1, 1],
    'bn/beta': [0, 0],
    'bn/moving_mean': [0, 0],
    'bn/moving_variance': [1, 1],
  });
});

test('embeddings and depthwise kernels have initializers of their own', () => {
  const model = sequential({
    layers: [
      layers.separableConv2d({filters: 4, kernelSize: 3, inputShape: [6, 6, 2], name: 's'}),
      layers.globalAveragePooling2d({}),
    ],
  });
  const found = weightsOf(model);
  expect(Object.keys(found)).toEqual(['s/depthwise_kernel', 's/pointwise_kernel', 's/bias']);
  expect(deviation(found['s/depthwise_kernel']!)).toBeGreaterThan(0);
  const embedding = layers.embedding({inputDim: 50, outputDim: 20, inputLength: 3, name: 'e'});
  const values = weightsOf(sequential({layers: [embedding, layers.flatten(), layers.dense({units: 1})]}))[
    'e/embeddings'
  ]!;
  // RandomUniform in ±0.05.
  expect(largest(values)).toBeLessThanOrEqual(0.05);
  expect(largest(values)).toBeGreaterThan(0.049);
});

test('what cannot be drawn is refused by name', async () => {
  const odd = initializers.zeros();
  Object.assign(odd, {getClassName: () => 'Odd'});
  const model = sequential({
    layers: [layers.dense({units: 1, inputShape: [2], kernelInitializer: odd, name: 'd'})],
  });
  expect(await errorOf(() => weightsOf(model))).toMatchObject({
    code: 'unknown-initializer',
    message: expect.stringContaining('weight d/kernel has the initializer Odd'),
  });
  const pure: PureModel = {
    weights: {w: tf.zeros([1])},
    inputShapes: [[1]],
    apply: ({w}, [x]) => tf.mul(x!, w!),
  };
  const options = {model: pure, loss: 'meanSquaredError', optimizer: sgd(), initialWeights: 'seed'} as const;
  expect(await errorOf(() => trainerOf([], options))).toMatchObject({code: 'unknown-initializer'});
});
