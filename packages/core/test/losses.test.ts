// Losses and metrics against their formulas in float64, and against tfjs's own.
import {
  binaryCrossentropy,
  categoricalCrossentropy,
  type Loss,
  meanAbsoluteError,
  meanSquaredError,
  sgd,
  sparseCategoricalCrossentropy,
  type TrainerOptions,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {metrics as theirs} from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {classNumbers, oneHot, wave, waves} from './support/data.ts';
import {linear, mlp, numbersOf, twoHeaded, withKnownWeights} from './support/models.ts';
import {classData, timeless, total, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

const [examples, classes] = [5, 3];
const logits = (): number[] => wave(examples * classes).map((value) => 3 * value);

/** The softmax of each row, in float64. */
function softmax(values: readonly number[]): number[] {
  return values.map((value, i) => {
    const row = values.slice(i - (i % classes), i - (i % classes) + classes);
    return Math.exp(value) / row.reduce((sum, z) => sum + Math.exp(z), 0);
  });
}

const sigmoid = (values: readonly number[]): number[] => values.map((z) => 1 / (1 + Math.exp(-z)));
const softTargets = (): number[] => softmax(wave(examples * classes, 0.6));

/** Means over rows of what a function makes of target and output. */
function rows(
  targets: readonly number[],
  outputs: readonly number[],
  f: (t: number, y: number) => number,
): number[] {
  return Array.from({length: examples}, (_, row) => {
    const cells = Array.from({length: classes}, (_, c) => row * classes + c);
    return cells.reduce((sum, i) => sum + f(targets[i]!, outputs[i]!), 0) / classes;
  });
}

/** One loss's values. */
function valuesOf(
  {perExample}: Pick<Loss, 'perExample'>,
  targets: readonly number[],
  outputs: readonly number[],
): number[] {
  return tf.tidy(() => {
    const shape: [number, number] = [examples, classes];
    return Array.from(
      perExample(tf.tensor2d([...targets], shape), tf.tensor2d([...outputs], shape)).dataSync(),
    );
  });
}

const crossentropy = (t: number, y: number): number => -classes * t * Math.log(y);
const binary = (t: number, y: number): number => -(t * Math.log(y) + (1 - t) * Math.log(1 - y));

test('categorical crossentropy: −Σ t·log p, of hard and soft targets', () => {
  const p = softmax(logits());
  const hard = Array.from(oneHot(examples, classes).dataSync());
  for (const targets of [hard, softTargets()]) {
    const expected = rows(targets, p, crossentropy);
    expectClose(valuesOf(categoricalCrossentropy(), targets, p), expected, 'step');
    expectClose(valuesOf(categoricalCrossentropy({fromLogits: true}), targets, logits()), expected, 'step');
  }
});

test('outputs that do not sum to one are normalized, as in Keras', () => {
  const p = softmax(logits());
  const halved = p.map((value) => value / 2);
  const expected = rows(softTargets(), p, crossentropy);
  expectClose(valuesOf(categoricalCrossentropy(), softTargets(), halved), expected, 'step');
});

test('binary crossentropy: the mean over outputs', () => {
  const p = sigmoid(logits());
  const expected = rows(softTargets(), p, binary);
  expectClose(valuesOf(binaryCrossentropy(), softTargets(), p), expected, 'step');
  expectClose(valuesOf(binaryCrossentropy({fromLogits: true}), softTargets(), logits()), expected, 'step');
});

test('squared and absolute errors: means over outputs', () => {
  const [t, y] = [wave(15, 0.6), wave(15, 1.1)];
  expectClose(
    valuesOf(meanSquaredError(), t, y),
    rows(t, y, (a, b) => (a - b) ** 2),
    'step',
  );
  expectClose(
    valuesOf(meanAbsoluteError(), t, y),
    rows(t, y, (a, b) => Math.abs(a - b)),
    'step',
  );
});

test("they are tfjs's own", () => {
  tf.tidy(() => {
    const t = tf.tensor2d(softTargets(), [examples, classes]);
    const y = tf.tensor2d(softmax(logits()), [examples, classes]);
    const same = (ours: Loss, own: (t: tf.Tensor, y: tf.Tensor) => tf.Tensor): void =>
      expectClose(ours.perExample(t, y).dataSync(), own(t, y).dataSync(), 'step');
    same(categoricalCrossentropy(), theirs.categoricalCrossentropy);
    same(binaryCrossentropy(), theirs.binaryCrossentropy);
    same(meanSquaredError(), theirs.meanSquaredError);
    same(meanAbsoluteError(), theirs.meanAbsoluteError);
  });
});

test("categorical crossentropy's gradients are those of the chain rule", () => {
  tf.tidy(() => {
    // One output is clipped, and none of the rows sums to one.
    const y = tf.tensor2d([...softmax(logits()).slice(0, -3), 2, 0, 3], [examples, classes]);
    const t = tf.tensor2d(softTargets(), [examples, classes]);
    const upstream = tf.tensor1d(wave(examples));
    const composed = (target: tf.Tensor, output: tf.Tensor): tf.Tensor => {
      const q = tf.div(output, tf.sum(output, -1, true));
      return tf.neg(tf.sum(tf.mul(target, tf.log(tf.clipByValue(q, 1e-7, 1 - 1e-7))), -1));
    };
    const ours = categoricalCrossentropy().perExample;
    const first = (loss: typeof composed) =>
      tf.grads((a, b) => tf.sum(tf.mul(loss(a!, b!), upstream)))([t, y]);
    for (const [i, gradient] of first(ours).entries()) {
      expectClose(gradient.dataSync(), first(composed)[i]!.dataSync(), 'trajectory');
    }
  });
});

test('extreme outputs give finite losses and gradients', () => {
  tf.tidy(() => {
    const t = tf.tensor2d([
      [1, 0],
      [0, 1],
    ]);
    for (const [loss, y] of [
      [
        categoricalCrossentropy(),
        [
          [0, 1],
          [1, 0],
        ],
      ],
      [
        categoricalCrossentropy({fromLogits: true}),
        [
          [-80, 80],
          [80, -80],
        ],
      ],
      [
        binaryCrossentropy(),
        [
          [0, 1],
          [1, 0],
        ],
      ],
      [
        binaryCrossentropy({fromLogits: true}),
        [
          [-80, 80],
          [80, -80],
        ],
      ],
    ] as const) {
      const sum = (outputs: tf.Tensor): tf.Scalar => tf.sum(loss.perExample(t, outputs));
      const output = tf.tensor2d(y.map((row) => [...row]));
      expect(Number.isFinite(total(sum(output)))).toBe(true);
      expect(Array.from(tf.grad(sum)(output).dataSync()).every(Number.isFinite)).toBe(true);
    }
  });
});

test('a linear loss of a mixture of targets is the mixture of its losses', () => {
  fc.assert(
    fc.property(fc.float({min: 0, max: 1, noNaN: true}), (share) => {
      const other = softmax(wave(15, 2.2));
      const mixed = softTargets().map((t, i) => share * t + (1 - share) * other[i]!);
      for (const loss of [categoricalCrossentropy(), binaryCrossentropy()]) {
        expect(loss.linear).toBe(true);
        const p = softmax(logits());
        const [first, second] = [valuesOf(loss, softTargets(), p), valuesOf(loss, other, p)];
        const expected = first.map((value, i) => share * value + (1 - share) * second[i]!);
        expectClose(valuesOf(loss, mixed, p), expected, 'step');
      }
    }),
    {numRuns: 10, seed: 3},
  );
});

async function fitted(options: Partial<TrainerOptions>, y: tf.Tensor) {
  const model = withKnownWeights(mlp());
  const trainer = trainerOf([], {model, metrics: ['accuracy'], ...options});
  const {history} = await trainer.fit({x: waves([10, 4]), y}, {epochs: 2, batchSize: 4, shuffle: false});
  return {history: timeless(history), weights: numbersOf(model)};
}

test('class numbers train exactly as one-hot targets do, as a list or as a column', async () => {
  const hot = await fitted({}, oneHot(10, 3));
  const loss = 'sparseCategoricalCrossentropy';
  expect(await fitted({loss}, classNumbers(10, 3))).toEqual(hot);
  expect(await fitted({loss}, tf.reshape(classNumbers(10, 3), [10, 1]))).toEqual(hot);
  expect(await fitted({loss}, tf.cast(classNumbers(10, 3), 'float32'))).toEqual(hot);
  expect(sparseCategoricalCrossentropy()).toMatchObject({kind: 'classes', linear: true, sparse: true});
});

test("a loss of one's own is one with a perExample", async () => {
  const own: Loss = {
    name: 'cubed',
    kind: 'values',
    outputs: 'values',
    linear: false,
    perExample: (t, y) => tf.sum(tf.pow(tf.abs(tf.sub(t, y)), 3), -1) as tf.Tensor1D,
  };
  const model = withKnownWeights(linear());
  const data = {x: waves([6, 2]), y: waves([6, 1], 0.9)};
  const trainer = trainerOf([], {model, loss: own});
  const prediction = trainer.predict(data.x) as tf.Tensor;
  const {loss} = await trainer.evaluate(data);
  expectClose([loss], [total(tf.pow(tf.abs(tf.sub(data.y, prediction)), 3)) / 6], 'step');
});

test('accuracy of classes is the share of largest outputs that are right', async () => {
  const trainer = trainerOf([], {metrics: ['accuracy']});
  const {x, y} = classData();
  const outputs = trainer.predict(x) as tf.Tensor;
  const right = tf.tidy(() => Array.from(tf.equal(tf.argMax(y, -1), tf.argMax(outputs, -1)).dataSync()));
  const {accuracy} = await trainer.evaluate({x, y});
  expectClose([accuracy!], [right.filter(Boolean).length / 10], 'step');
});

test('with several outputs metrics carry the name of theirs', async () => {
  const trainer = trainerOf([], {
    model: withKnownWeights(twoHeaded()),
    loss: ['categoricalCrossentropy', 'meanSquaredError'],
    metrics: ['accuracy', 'meanAbsoluteError'],
    optimizer: sgd(),
  });
  const data = {x: waves([6, 4]), y: {digit: oneHot(6, 3), size: waves([6, 1])}};
  const report = await trainer.evaluate(data);
  expect(Object.keys(report)).toEqual([
    'loss',
    'digit/loss',
    'size/loss',
    'digit/accuracy',
    'digit/meanAbsoluteError',
    'size/meanAbsoluteError',
  ]);
  const {history} = await trainer.fit(data);
  expect(Object.keys(history[0]!.train)).toEqual([
    'loss',
    'penalty',
    'objective',
    'digit/loss',
    'size/loss',
    'digit/accuracy',
    'digit/meanAbsoluteError',
    'size/meanAbsoluteError',
  ]);
});
