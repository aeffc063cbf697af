// Classes come as often as said: against the closed form, which is that of PyTorch's WeightedRandomSampler.
import {
  type ArrayData,
  createTrainer,
  defineRegularizer,
  type FitOptions,
  type LossName,
  type Regularizer,
  RegularizerError,
  type SampleContext,
  sgd,
} from '@regularizers/core';
import {deriveKey} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {input, layers, model, type SymbolicTensor, sequential} from '@tensorflow/tfjs-layers';
import {describe, expect, it} from 'vitest';
import {type BalancedSamplingOptions, balancedIndices, balancedSampling} from '../src/index.ts';

/** 70, 25 and 5 of a hundred, mixed. */
const labels = Array.from({length: 100}, (_, i) => {
  const place = (i * 37) % 100;
  return place < 70 ? 0 : place < 95 ? 1 : 2;
});
const sizes = [70, 25, 5];
const all = Int32Array.from(labels, (_, i) => i);

describe('balancedIndices', () => {
  it.each([0, 0.5, 1])('draws each example with its probability, at a balance of %d', (balance) => {
    const classes = [Int32Array.from(labels)];
    const epochs = 400;
    const counts = new Float64Array(labels.length);
    for (let epoch = 0; epoch < epochs; epoch++) {
      const drawn = balancedIndices(all, classes, {key: deriveKey(3, 'balanced', epoch), balance});
      expect(drawn.length).toBe(labels.length);
      for (const index of drawn) counts[index]! += 1;
    }
    // WeightedRandomSampler with the weights n_c^(−balance), which sum to Σ n_c^(1 − balance).
    const total = sizes.reduce((sum, size) => sum + size ** (1 - balance), 0);
    const draws = epochs * labels.length;
    for (const [i, label] of labels.entries()) {
      const p = sizes[label]! ** -balance / total;
      const deviation = Math.sqrt(draws * p * (1 - p));
      // Of a hundred normal numbers, one is beyond 4.5 in 1500 runs; the draws are the same each time.
      expect(Math.abs(counts[i]! - draws * p)).toBeLessThan(4.5 * deviation);
    }
  });

  it('counts classes among the indices that there are, and takes those of several outputs together', () => {
    const [one, other] = [Int32Array.of(0, 0, 1, 1, 0), Int32Array.of(0, 1, 0, 1, 1)];
    const indices = Int32Array.of(1, 1, 1, 3, 3, 4, 2);
    const counts = new Float64Array(5);
    for (let epoch = 0; epoch < 2000; epoch++) {
      for (const index of balancedIndices(indices, [one, other], {key: deriveKey(5, 'balanced', epoch)})) {
        counts[index]! += 1;
      }
    }
    // Groups {1, 1, 1, 4}, {3, 3} and {2}, each a third of 14000.
    const expected = [0, 3 / 12, 1 / 3, 1 / 3, 1 / 12].map((p) => 14_000 * p);
    for (const [i, count] of expected.entries()) {
      expect(Math.abs(counts[i]! - count)).toBeLessThanOrEqual(4.5 * Math.sqrt(count));
    }
  });
});

const classifier = () =>
  sequential({layers: [layers.dense({units: 3, activation: 'softmax', inputShape: [2], name: 'label'})]});
const yesNo = () => sequential({layers: [layers.dense({units: 1, activation: 'sigmoid', inputShape: [2]})]});

/** What `sample` is told and makes of it, epoch by epoch. */
interface Seen {
  readonly classes: SampleContext['classes'];
  readonly drawn: Int32Array;
}

async function fitted(
  plugins: readonly Regularizer[],
  y: ArrayData['y'],
  fit: FitOptions = {},
  loss: LossName = 'sparseCategoricalCrossentropy',
  of = classifier(),
) {
  const seen: Seen[] = [];
  const watch = defineRegularizer({
    name: 'watch',
    after: ['balancing'],
    sample: (drawn, {classes}) => {
      seen.push({drawn, classes});
      return drawn;
    },
  });
  const trainer = createTrainer({
    model: of,
    loss,
    optimizer: sgd(),
    regularizers: [...plugins, watch],
    seed: 7,
  });
  const x = tf.ones([100, 2]);
  const {split} = await trainer.fit({x, y}, {batchSize: 50, ...fit});
  const explained = trainer.explain();
  trainer.dispose();
  return {seen, split, explained};
}

describe('balancedSampling', () => {
  it('draws anew each epoch, as many as there are, and says so', async () => {
    const {seen, explained} = await fitted([balancedSampling()], labels, {epochs: 3});
    // The first time, it is asked how long an epoch is.
    const [, first, second] = seen;
    expect(first!.drawn.length).toBe(100);
    expect(first!.drawn).not.toEqual(second!.drawn);
    expect(explained).toContain('every class equally often, by the classes of label');
    expect(explained).toContain('balancedSampling reaches, by outputs, label');
  });

  it('knows the classes of any form of targets', async () => {
    const forms: readonly [ArrayData['y'], LossName][] = [
      [labels, 'sparseCategoricalCrossentropy'],
      [Uint8Array.from(labels), 'sparseCategoricalCrossentropy'],
      [tf.tensor2d(labels, [100, 1], 'int32'), 'sparseCategoricalCrossentropy'],
      [tf.cast(tf.oneHot(labels, 3), 'float32'), 'categoricalCrossentropy'],
      // Soft ones are of the class that they lean to.
      [tf.add(tf.mul(tf.cast(tf.oneHot(labels, 3), 'float32'), 0.7), 0.1), 'categoricalCrossentropy'],
    ];
    for (const [y, loss] of forms) {
      const {seen} = await fitted([balancedSampling()], y, {}, loss);
      expect([...seen[0]!.classes['label']!]).toEqual(labels);
    }
    const yes = labels.map((label) => Number(label === 2));
    const signs = yes.map((one) => 2 * one - 1);
    for (const [y, loss] of [
      [yes, 'binaryCrossentropy'],
      [tf.tensor2d(yes, [100, 1], 'bool'), 'binaryCrossentropy'],
      [signs, 'hinge'],
    ] as const) {
      const {seen} = await fitted([balancedSampling()], y as ArrayData['y'], {}, loss, yesNo());
      expect(Object.values(seen[0]!.classes).map((of) => [...of])).toEqual([yes]);
    }
  });

  it('counts the classes of what is trained on, and not of what is held out', async () => {
    const fit = {validation: {split: 0.5}, epochs: 200};
    const {seen, split} = await fitted([balancedSampling()], labels, fit);
    const trained = Array.from(split!.train, (place) => labels[place]!);
    expect([...seen[0]!.classes['label']!]).toEqual(trained);
    const counts = [0, 0, 0];
    for (const {drawn} of seen.slice(1)) for (const i of drawn) counts[trained[i]!]! += 1;
    const draws = 200 * 50;
    for (const count of counts) {
      expect(Math.abs(count - draws / 3)).toBeLessThan(4.5 * Math.sqrt((draws * 2) / 9));
    }
  });

  it('leaves out, of several outputs, those without classes', async () => {
    const x = input({shape: [2]});
    const out = (units: number, name: string, activation: 'linear' | 'softmax') =>
      layers.dense({units, name, activation}).apply(x) as SymbolicTensor;
    const two = model({inputs: x, outputs: [out(1, 'size', 'linear'), out(3, 'label', 'softmax')]});
    const options = {
      model: two,
      loss: {size: 'meanSquaredError', label: 'sparseCategoricalCrossentropy'},
      optimizer: sgd(),
    } as const;
    const trainer = createTrainer({...options, regularizers: [balancedSampling()]});
    expect(trainer.explanation().plugins[0]!.chose).toEqual({outputs: ['label']});
    trainer.dispose();
    const named = () => createTrainer({...options, regularizers: [balancedSampling({outputs: 'size'})]});
    expect(named).toThrow(expect.objectContaining({code: 'no-classes', where: 'balancedSampling'}));
  });

  const refused: Readonly<Record<string, [() => Promise<unknown>, string, string]>> = {
    'weights of classes as well': [
      () => fitted([balancedSampling()], labels, {classWeight: [1, 2, 3]}),
      'corrected-twice',
      'Leave classWeight out, or balancedSampling',
    ],
    'a second one': [
      () => fitted([balancedSampling(), balancedSampling({name: 'again'})], labels),
      'excluded',
      'Leave one of them out.',
    ],
    'targets of real numbers': [
      () => fitted([balancedSampling()], tf.ones([100, 3]), {}, 'meanSquaredError'),
      'no-classes',
      'Leave the plugin out.',
    ],
    'a stream': [
      async () => {
        const batches = function* () {
          yield {x: tf.ones([4, 2]), y: [0, 1, 2, 0]};
        };
        const trainer = createTrainer({
          model: classifier(),
          loss: 'sparseCategoricalCrossentropy',
          optimizer: sgd(),
          regularizers: [balancedSampling()],
        });
        await trainer.fit(batches);
      },
      'needs-arrays',
      'let the stream choose its examples',
    ],
  };

  it.each(Object.entries(refused))('refuses %s', async (_, [call, code, advice]) => {
    await expect(call()).rejects.toMatchObject({code, message: expect.stringContaining(advice)});
  });

  it.each([
    ['less than its shares', {balance: -0.1}, 'out-of-range'],
    ['more than equal', {balance: 1.1}, 'out-of-range'],
    ['an unknown option', {replacement: true}, 'unknown-option'],
  ])('refuses %s', (_, options, code) => {
    const make = () => balancedSampling(options as BalancedSamplingOptions<'balancedSampling'>);
    expect(make).toThrow(RegularizerError);
    expect(make).toThrow(expect.objectContaining({code, where: 'balancedSampling'}));
  });
});
