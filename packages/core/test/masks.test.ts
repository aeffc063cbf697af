// Sequences of different length: what Keras makes of them, value for value, and that padding has no say in anything.
import {
  defineRegularizer,
  type Regularizer,
  sgd,
  type Trainer,
  type TrainerOptions,
} from '@regularizers/core';
import {orRefused} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  type LayersModel,
  layers,
  model,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers';
import {describe, expect, test} from 'vitest';
import {sampled} from '../../../vitest/share.ts';
import {waves} from './support/data.ts';
import {
  dense,
  embedding,
  gru,
  lstm,
  type MaskedCase,
  maskedCases,
  masking,
  padded,
  pattern,
  stepWeights,
  tokens,
} from './support/masked-models.ts';
import {kerasMasks} from './support/masks.keras.ts';
import {mlp, numbersOf, withKnownWeights} from './support/models.ts';
import {errorOf, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

const cases: readonly (readonly [keyof typeof maskedCases, MaskedCase])[] = Object.entries(
  maskedCases,
) as never;

const metricOf = ({loss}: MaskedCase) =>
  loss === 'meanSquaredError' ? ('meanSquaredError' as const) : ('accuracy' as const);

function dataOf({x, y, sampleWeight}: MaskedCase) {
  return {x: x(), y: y(), ...(sampleWeight ? {sampleWeight: sampleWeight()} : {})};
}

function trainerFor(
  made: MaskedCase,
  trained: LayersModel,
  options: Partial<TrainerOptions> = {},
  plugins: readonly Regularizer[] = [],
): Trainer {
  return trainerOf(plugins, {model: trained, loss: made.loss, metrics: [metricOf(made)], ...options});
}

/** Where the gradient of an embedding has no kernel, as on wasm. */
const lookups = ({isLookedUp}: MaskedCase): readonly string[] => (isLookedUp ? ['UnsortedSegmentSum'] : []);

/** The weights that a step of gradient descent with a rate of 1 takes off. */
async function gradientsOf(
  made: MaskedCase,
  options: Partial<TrainerOptions> = {},
  plugins: readonly Regularizer[] = [],
): Promise<number[]> {
  const trained = withKnownWeights(made.model());
  const before = numbersOf(trained);
  const trainer = trainerFor(made, trained, {optimizer: sgd({learningRate: 1}), ...options}, plugins);
  await trainer.fit(dataOf(made), {batchSize: 4, shuffle: false});
  trainer.dispose();
  return numbersOf(trained).map((value, i) => before[i]! - value);
}

/** Without the losses of several outputs. */
const ofMetrics = (report: Readonly<Record<string, number>>): number[] =>
  Object.entries(report).flatMap(([name, value]) => (name.endsWith('/loss') ? [] : [value]));

describe.each(sampled(cases))('%s', (name, made) => {
  const keras = kerasMasks[name];

  test('predicts, and evaluates to, what Keras does', async () => {
    const trainer = trainerFor(made, withKnownWeights(made.model()));
    const outputs = [trainer.predict(made.x())].flat() as tf.Tensor[];
    const theirs = keras.outputs.map((value) => value);
    for (const output of outputs) {
      const expected = tf.tensor(theirs.splice(0, output.size), output.shape);
      // What a model gives for padding means nothing: a bidirectional layer of Keras's gives zeros there.
      const counts = output.rank === 3 ? tf.expandDims(pattern(), -1) : tf.scalar(1);
      expectClose(tf.mul(output, counts).dataSync(), tf.mul(expected, counts).dataSync(), 'step');
    }
    for (const batchSize of [4, 3, 1]) {
      const {loss, ...metrics} = await trainer.evaluate(dataOf(made), {batchSize});
      expectClose([loss, ...ofMetrics(metrics)], [keras.loss, ...keras.metric], 'step');
    }
  });

  test(
    'trains as Keras does, op by op and captured',
    orRefused(lookups(made), async () => {
      const executions =
        tf.getBackend() === 'tensorflow' ? (['captured', 'eager'] as const) : (['eager'] as const);
      for (const execution of executions) {
        expectClose(await gradientsOf(made, {execution}), keras.gradients, 'trajectory');
        const trainer = trainerFor(made, withKnownWeights(made.model()), {
          execution,
          optimizer: sgd({learningRate: 0.2}),
        });
        const {history} = await trainer.fit(dataOf(made), {epochs: 4, batchSize: 4, shuffle: false});
        expectClose(
          history.map(({train}) => train.loss),
          keras.losses,
          'trajectory',
        );
        const {loss: _, penalty: __, objective: ___, ...metrics} = history[0]!.train;
        expectClose(ofMetrics(metrics), keras.metric, 'step');
      }
    }),
  );
});

test('the model alone predicts what the trainer does, masks included', async () => {
  for (const [, made] of cases) {
    const model = withKnownWeights(made.model());
    const trainer = trainerFor(made, model);
    const [ours, theirs] = [trainer.predict(made.x()), model.predict(made.x())].map(
      (outputs) => [outputs].flat() as tf.Tensor[],
    );
    for (const [i, output] of ours!.entries()) {
      expectClose(output.dataSync(), theirs![i]!.dataSync(), 'same');
    }
  }
});

/** Data with other numbers wherever the model or the weights say that nothing counts. */
function withOtherPadding(made: MaskedCase): MaskedCase {
  const off = () => {
    const weight = made.sampleWeight?.();
    const isPadding = tf.equal(pattern(), 0);
    return weight?.rank === 2 ? tf.equal(weight, 0) : isPadding;
  };
  return {
    ...made,
    y: () => {
      const y = made.y();
      if (Array.isArray(y) || y.rank < 2 || y.shape[1] !== 5) return y;
      const there = y.rank === 3 ? tf.expandDims(off(), -1) : off();
      return tf.where(there, made.loss === 'meanSquaredError' ? tf.fill(y.shape, 1e3) : tf.zerosLike(y), y);
    },
  };
}

test('targets of padding are never looked at', async () => {
  for (const [name, made] of cases) {
    if (lookups(made).some((kernel) => !tf.getKernel(kernel, tf.getBackend()))) continue;
    expectClose(await gradientsOf(withOtherPadding(made)), kerasMasks[name].gradients, 'trajectory');
  }
});

test('a batch of nothing but padding has a loss of zero, and trains nothing', async () => {
  const trained = withKnownWeights(maskedCases.lstm.model());
  const before = numbersOf(trained);
  const trainer = trainerFor(maskedCases.lstm, trained);
  const data = {x: tf.zeros([2, 5, 2]), y: waves([2, 5, 2])};
  const {history} = await trainer.fit(data);
  expect(history[0]!.train).toMatchObject({loss: 0, meanSquaredError: 0});
  expect(numbersOf(trained)).toEqual(before);
  expect(await trainer.evaluate(data)).toMatchObject({loss: 0});
});

test('a penalty sees which steps of what it observes are padding, and of the outputs', async () => {
  let seen: unknown;
  const looks = defineRegularizer({
    name: 'looks',
    setup: ({sites}) => {
      seen = sites.filter(({isMasked}) => isMasked).map(({name}) => name);
      return {observe: ['lstm', 'each', 'whole']};
    },
    penalty: ({masks, outputMasks}) =>
      tf.add<tf.Scalar>(
        tf.sum(tf.abs(tf.sub(masks['lstm']!, pattern()))),
        tf.add(
          tf.sum(tf.abs(tf.sub(outputMasks[0]!, masks['each']!))),
          masks['whole'] || outputMasks[1] ? 1 : 0,
        ),
      ),
  });
  const made = maskedCases.twoHeaded;
  const trainer = trainerFor(made, withKnownWeights(made.model()), {}, [looks]);
  expect(seen).toEqual(['masking', 'lstm', 'each']);
  const {history} = await trainer.fit(dataOf(made), {batchSize: 4, shuffle: false});
  expect(history[0]!.train.penalty).toBe(0);
});

test('what plugins do to a value that a Masking layer reads makes nothing padding, and padding nothing else', async () => {
  // Noise on padding, and zeros for everything else.
  const spoils = defineRegularizer({
    name: 'spoils',
    setup: () => ({at: ['x']}),
    activation: (value) => tf.cast(tf.equal(value, 0), 'float32'),
  });
  const x = input({shape: [5, 2], name: 'x'});
  const masked = layers.masking({name: 'masking'}).apply(x) as SymbolicTensor;
  const made = model({inputs: x, outputs: dense().apply(masked) as SymbolicTensor});
  const bias = () => (made.getLayer('output').getWeights()[1] as tf.Tensor).dataSync();
  made.setWeights([tf.ones([2, 2]), tf.zeros([2])]);
  const trainer = trainerOf([spoils], {
    model: made,
    loss: 'meanSquaredError',
    optimizer: sgd({learningRate: 1}),
  });
  const y = tf.ones([4, 5, 2]);
  await trainer.fit({x: padded(), y}, {batchSize: 4, shuffle: false});
  // Every step that counts has outputs of 0, and those alone: the mean of (0 − 1)² moves each bias by 1.
  expectClose(bias(), [1, 1], 'step');
});

test('padding leaves no tensor behind', async () => {
  const made = maskedCases.twoHeaded;
  const trainer = trainerFor(made, withKnownWeights(made.model()));
  const data = {...dataOf(made), sampleWeight: tf.ones([4])};
  await trainer.fit(data, {epochs: 1, batchSize: 3});
  const before = tf.memory().numTensors;
  await trainer.fit(data, {epochs: 3, batchSize: 3, validation: data});
  await trainer.evaluate(data);
  expect(tf.memory().numTensors).toBe(before);
});

test('a run that is stopped goes on to the bit, padding and prefetch included', async () => {
  const made = maskedCases.maskAndStepWeights;
  const stream = function* () {
    const {x, y, sampleWeight} = dataOf(made) as {x: tf.Tensor; y: tf.Tensor; sampleWeight: tf.Tensor};
    for (const [start, size] of [
      [0, 1],
      [1, 2],
      [3, 1],
    ] as const) {
      const rows = (tensor: tf.Tensor) => tf.slice(tensor, [start], [size]);
      yield [rows(x), rows(y), rows(sampleWeight)] as const;
    }
  };
  for (const options of [{epochs: 2}, {epochs: 2, accumulate: 2}]) {
    const [whole, broken] = [made, made].map((one) => withKnownWeights(one.model()));
    await trainerFor(made, whole!).fit(stream, options);
    const controller = new AbortController();
    const first = trainerFor(made, broken!);
    await first.fit(stream, {...options, signal: controller.signal, onStep: () => controller.abort()});
    const second = trainerFor(made, broken!);
    await second.restore(await first.save());
    await second.fit(stream, options);
    expect(numbersOf(broken!)).toEqual(numbersOf(whole!));
  }
});

test('a stream trains and evaluates masked sequences as arrays of them, weights of steps too', async () => {
  for (const made of [maskedCases.twoBranches, maskedCases.maskAndStepWeights]) {
    const [streamed, arrays] = [made, made].map((one) => withKnownWeights(one.model()));
    const element = () => Object.values(dataOf(made)) as [tf.Tensor, tf.Tensor, tf.Tensor?];
    const stream = function* () {
      yield element();
    };
    const options = {epochs: 3, validation: stream};
    const one = await trainerFor(made, streamed!).fit(stream, options);
    const other = await trainerFor(made, arrays!).fit(dataOf(made), {
      epochs: 3,
      batchSize: 4,
      shuffle: false,
      validation: dataOf(made),
    });
    expectClose(numbersOf(streamed!), numbersOf(arrays!), 'same');
    for (const [i, {validation}] of one.history.entries()) {
      expectClose(Object.values(validation!), Object.values(other.history[i]!.validation!), 'step');
    }
  }
});

test('batches may have sequences of another length each', async () => {
  const made = () =>
    withKnownWeights(
      sequential({layers: [layers.masking({inputShape: [null, 2], name: 'masking'}), lstm(3), dense()]}),
    );
  // Cut to their lengths, sequences are what they are with padding behind them.
  const cut = function* (): Generator<[tf.Tensor, tf.Tensor]> {
    for (const [start, steps] of [
      [0, 3],
      [3, 5],
    ] as const) {
      const [x, y] = [padded(), waves([4, 5, 2], 0.9)];
      yield [tf.slice(x, [start, 0, 0], [1, steps, 2]), tf.slice(y, [start, 0, 0], [1, steps, 2])];
    }
  };
  const whole = function* (): Generator<[tf.Tensor, tf.Tensor]> {
    for (const start of [0, 3]) {
      const [x, y] = [padded(), waves([4, 5, 2], 0.9)];
      yield [tf.slice(x, [start, 0, 0], [1, 5, 2]), tf.slice(y, [start, 0, 0], [1, 5, 2])];
    }
  };
  const [short, long] = [made(), made()];
  const one = trainerOf([], {model: short, loss: 'meanSquaredError'});
  const other = trainerOf([], {model: long, loss: 'meanSquaredError'});
  await one.fit(cut, {epochs: 3});
  await other.fit(whole, {epochs: 3});
  expectClose(numbersOf(short), numbersOf(long), 'trajectory');
  expectClose([(await one.evaluate(cut)).loss], [(await other.evaluate(whole)).loss], 'trajectory');
});

const branches = (merge: layers.Layer): LayersModel => {
  const x = input({shape: [5, 2], name: 'x'});
  const m = layers.masking({name: 'masking'}).apply(x) as SymbolicTensor;
  const both = [dense(2, 'a').apply(m), dense(2, 'b').apply(m)] as SymbolicTensor[];
  return model({inputs: x, outputs: merge.apply(both) as SymbolicTensor});
};

const within = (inner: layers.Layer, first?: layers.Layer): LayersModel => {
  const x = input({shape: [5, 2], name: 'x'});
  const from = (first ? first.apply(x) : x) as SymbolicTensor;
  return model({inputs: x, outputs: dense().apply(inner.apply(from)) as SymbolicTensor});
};

const refused: Readonly<Record<string, readonly [() => LayersModel, RegExp, RegExp]>> = {
  'flattened padding': [
    () => sequential({layers: [embedding(), layers.flatten({name: 'flat'}), dense()]}),
    /the layer flat gets a mask, which TensorFlow\.js drops/,
    /Let a recurrent layer end the sequence/,
  ],
  'a convolution of padding': [
    () =>
      sequential({layers: [masking(), layers.conv1d({filters: 2, kernelSize: 2, name: 'conv'}), lstm(2)]}),
    /the layer conv gets a mask/,
    /sampleWeight of shape \[examples, steps\]/,
  ],
  'the mean over padding': [
    () => sequential({layers: [embedding(), layers.globalAveragePooling1d({name: 'mean'}), dense()]}),
    /the layer mean gets a mask/,
    /leave the mask out/,
  ],
  'a sum of masked values': [
    () => branches(layers.add({name: 'sum'})),
    /the layer sum gets a mask, of which/,
    /leave/,
  ],
  'batch statistics of each step, padding included': [
    () =>
      sequential({
        layers: [masking(), layers.timeDistributed({layer: layers.batchNormalization(), name: 'each'})],
      }),
    /the layer each would count padding in the statistics/,
    /Use its layers/,
  ],
  "a decoder that would get the encoder's mask": [
    () =>
      sequential({
        layers: [masking(), lstm(2, false), layers.repeatVector({n: 5, name: 'repeat'}), gru(2)],
      }),
    /the layer gru gets no mask, but would be given the one of masking/,
    /masking\(\{maskValue: 1e9\}\)/,
  ],
  'a masked value for a model within the model': [
    () =>
      within(
        sequential({name: 'inner', layers: [layers.dense({units: 2, inputShape: [5, 2]})]}),
        layers.masking(),
      ),
    /the layer inner is a model within the model, into which/,
    /Use its layers/,
  ],
  'masks of pictures': [
    () => sequential({layers: [layers.masking({inputShape: [4, 3, 2], name: 'masking'}), dense()]}),
    /the layer masking would mask places within a step/,
    /timeDistributed/,
  ],
  'a masked value out of a model within the model': [
    () => within(sequential({name: 'inner', layers: [masking()]})),
    /the layer inner is a model within the model, out of which/,
    /Use its layers/,
  ],
};

test.each(Object.entries(refused))('%s is refused with what to do', async (_, [make, message, hint]) => {
  expect(await errorOf(() => trainerOf([], {model: make(), loss: 'meanSquaredError'}))).toMatchObject({
    code: 'mask-unsupported',
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  });
});

test('a decoder with a Masking layer that masks nothing is taken, as the error says', async () => {
  const made = sequential({
    layers: [
      masking(),
      lstm(2, false),
      layers.repeatVector({n: 5}),
      layers.masking({maskValue: 1e9}),
      gru(2),
      dense(),
    ],
  });
  const trainer = trainerOf([], {model: made, loss: 'meanSquaredError'});
  // It counts every step.
  const ours = await trainer.evaluate({x: padded(), y: waves([4, 5, 2])});
  const theirs = tf.losses.meanSquaredError(waves([4, 5, 2]), made.predict(padded()) as tf.Tensor);
  expectClose([ours.loss], theirs.dataSync(), 'step');
});

test('a mask of whole examples leaves them out', async () => {
  const made = withKnownWeights(
    sequential({layers: [layers.masking({inputShape: [2], name: 'masking'}), dense(1)]}),
  );
  const trainer = trainerOf([], {model: made, loss: 'meanSquaredError', metrics: ['meanAbsoluteError']});
  const x = tf.tensor2d([
    [1, 2],
    [0, 0],
    [0, 3],
  ]);
  const all = await trainer.evaluate({x, y: tf.tensor2d([[1], [1e3], [2]])}, {batchSize: 2});
  const counted = {x: tf.gather(x, [0, 2]), y: tf.tensor2d([[1], [2]])};
  expectClose(Object.values(all), Object.values(await trainer.evaluate(counted)), 'step');
});

test('weights of steps are held to the steps of every output', async () => {
  const wrong: readonly (readonly [MaskedCase, tf.Tensor, RegExp])[] = [
    [maskedCases.lstm, tf.ones([4, 4]), /shape \[4, 4\], but the steps of output are \[4, 5\]/],
    [maskedCases.lastState, tf.ones([4, 2]), /the output output has no steps/],
    [maskedCases.twoHeaded, tf.ones([4, 5]), /the output whole has no steps/],
    [maskedCases.lstm, tf.ones([4, 5, 2]), /sampleWeight has shape \[4, 5, 2\]/],
  ];
  for (const [made, sampleWeight, message] of wrong) {
    const trainer = trainerFor(made, made.model());
    const data = {x: made.x(), y: made.y(), sampleWeight};
    const error = {code: 'data-shape', message: expect.stringMatching(message)};
    expect(await errorOf(() => trainer.fit(data))).toMatchObject(error);
    expect(await errorOf(() => trainer.evaluate(data))).toMatchObject(error);
  }
  const negative = {x: padded(), y: waves([4, 5, 2]), sampleWeight: tf.sub(stepWeights(), 1)};
  expect(
    await errorOf(() => trainerFor(maskedCases.lstm, maskedCases.lstm.model()).fit(negative)),
  ).toMatchObject({
    code: 'data-range',
  });
  expect(await errorOf(() => trainerOf([], {model: mlp()}).predict(tokens()))).toMatchObject({
    code: 'data-shape',
  });
});

test('inputs and outputs say what the model knows of padding', () => {
  let said: unknown;
  const looks = defineRegularizer({
    name: 'looks',
    setup: ({inputs, outputs}) => {
      said = [inputs.map(({padding}) => padding), outputs.map(({isMasked = false}) => isMasked)];
      return {};
    },
  });
  for (const [name, expected] of [
    ['gru', [[-1], [true]]],
    ['lastState', [[0], [false]]],
    ['tokens', [[undefined], [true]]],
    ['twoHeaded', [[0], [true, false]]],
    ['stepWeights', [[undefined], [false]]],
  ] as const) {
    trainerFor(maskedCases[name], maskedCases[name].model(), {}, [looks]).dispose();
    expect(said).toEqual(expected);
  }
});
