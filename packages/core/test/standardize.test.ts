// Inputs are standardized by the training examples, with scikit-learn's numbers, and the model keeps what was found.
import {type ArrayData, adam, crossValidate, type FitOptions, normalization, sgd} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, layers, loadLayersModel, sequential} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {pictures, sequences, table} from './reference/standardize.ts';
import {classNumbers, oneHot, wave} from './support/data.ts';
import {pattern} from './support/masked-models.ts';
import {mlp, numbersOf, withKnownWeights} from './support/models.ts';
import {several} from './support/plugins.ts';
import {errorOf, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

/** Features of very different size; the last one is constant. */
const features = (): tf.Tensor2D =>
  tf.tensor2d(
    wave(48).map((value, i) => value * [1, 100, 1e-3, 0][i % 4]! + [5, 1000, 0, 0.1][i % 4]!),
    [12, 4],
  );

const classifier = (more: readonly layers.Layer[] = []): LayersModel =>
  sequential({
    layers: [
      normalization({inputShape: [4]}),
      ...more,
      layers.dense({units: 3, activation: 'softmax', name: 'output'}),
    ],
  });

/** Mean and variance of the layer of a model. */
const statisticsIn = (made: LayersModel): number[][] =>
  made
    .getLayer('normalization')
    .getWeights()
    .map((weight) => [...weight.dataSync()]);

const squared = (scale: readonly number[]): number[] => scale.map((value) => value ** 2);

async function fitted(made: LayersModel, data: ArrayData, fit: FitOptions = {}): Promise<LayersModel> {
  const trainer = trainerOf([], {model: made, loss: 'meanSquaredError', optimizer: sgd({learningRate: 0})});
  await trainer.fit(data, {standardize: true, batchSize: 5, ...fit});
  trainer.dispose();
  return made;
}

test('features of a table, whatever form their numbers have', async () => {
  const x = features();
  const y = oneHot(12, 3);
  const forms: readonly ArrayData['x'][] = [
    x,
    Float32Array.from(x.dataSync()),
    x.arraySync(),
    {values: Float64Array.from(x.dataSync()), shape: [12, 4]},
  ];
  for (const form of forms) {
    const [mean, variance] = statisticsIn(await fitted(classifier(), {x: form, y}));
    expectClose(mean!, table.mean, 'step');
    expectClose(variance!, squared(table.scale), 'step');
  }
  const made = await fitted(classifier(), {x, y});
  const own = sequential({layers: [made.getLayer('normalization')]});
  const standardized = (own.predict(x) as tf.Tensor).dataSync();
  // What is near 1000 is known to 3e-5 of the deviation of a hundred.
  for (const [i, value] of table.standardized.entries()) {
    expect(Math.abs(standardized[i]! - value)).toBeLessThan(1e-4);
  }
});

test('channels of pictures, and integers', async () => {
  const values = wave(72).map((value, i) => value * [40, 3][i % 2]! + [100, 7][i % 2]!);
  const made = (): LayersModel =>
    sequential({
      layers: [normalization({inputShape: [3, 3, 2]}), layers.flatten(), layers.dense({units: 2})],
    });
  const y = tf.zeros([4, 2]);
  const [mean, variance] = statisticsIn(await fitted(made(), {x: tf.tensor(values, [4, 3, 3, 2]), y}));
  expectClose(mean!, pictures.mean, 'step');
  expectClose(variance!, squared(pictures.scale), 'step');
  const whole = values.map(Math.round);
  const asInts = await fitted(made(), {x: tf.tensor(whole, [4, 3, 3, 2], 'int32'), y});
  const asBytes = await fitted(made(), {x: Uint8Array.from(whole), y});
  expect(statisticsIn(asBytes)).toEqual(statisticsIn(asInts));
});

test('steps that are padded do not count', async () => {
  const values = wave(40);
  values[1] = 0;
  const x = tf.mul(tf.tensor(values, [4, 5, 2]), tf.expandDims(pattern(), -1));
  const made = sequential({
    layers: [
      layers.masking({inputShape: [5, 2], name: 'masking'}),
      normalization(),
      layers.dense({units: 2}),
    ],
  });
  const [mean, variance] = statisticsIn(await fitted(made, {x, y: x}, {batchSize: 3}));
  expectClose(mean!, sequences.mean, 'step');
  expectClose(variance!, squared(sequences.scale), 'step');
});

test('a stream is read once more, and no example counts twice', async () => {
  const x = features();
  let passes = 0;
  const batches = function* () {
    passes += 1;
    for (const [start, size] of [
      [0, 5],
      [5, 5],
      [10, 2],
    ] as const) {
      yield {x: tf.slice(x, [start], [size]), y: oneHot(size, 3)};
    }
  };
  const made = classifier();
  const trainer = trainerOf([], {model: made, loss: 'meanSquaredError'});
  await trainer.fit(batches, {standardize: true, epochs: 2});
  expect(passes).toBe(3);
  const [mean, variance] = statisticsIn(made);
  expectClose(mean!, table.mean, 'step');
  expectClose(variance!, squared(table.scale), 'step');
  const alone = trainerOf([], {model: classifier(), loss: 'meanSquaredError'});
  expect(await errorOf(() => alone.fit(batches(), {standardize: true}))).toMatchObject({code: 'single-pass'});
});

test('a signal ends the pass, and nothing has happened', async () => {
  const controller = new AbortController();
  let given = 0;
  const batches = function* () {
    for (let i = 0; i < 3; i++) {
      // The first one is that of the run itself.
      given += 1;
      if (given === 3) controller.abort();
      yield {x: tf.ones([2, 4]), y: oneHot(2, 3)};
    }
  };
  const made = classifier();
  const before = numbersOf(made);
  const trainer = trainerOf([], {model: made});
  const {stopped} = await trainer.fit(batches, {standardize: true, signal: controller.signal});
  expect(stopped).toMatchObject({by: 'signal', step: 0});
  expect(numbersOf(made)).toEqual(before);
});

/** In float64, by the definitions. */
function meansOf(x: tf.Tensor2D, places: Int32Array): number[] {
  const rows = x.arraySync();
  return [0, 1, 2, 3].map(
    (column) => Array.from(places, (at) => rows[at]![column]!).reduce((a, b) => a + b) / places.length,
  );
}

test('what is held out has no say: not a split, and not a fold', async () => {
  const x = features();
  const data = {x, y: classNumbers(12, 3)};
  const made = classifier();
  const trainer = trainerOf([], {model: made, loss: 'sparseCategoricalCrossentropy'});
  const {split} = await trainer.fit(data, {standardize: true, validation: {split: 0.25}});
  expect(split!.train).toHaveLength(9);
  expectClose(statisticsIn(made)[0]!, meansOf(x, split!.train), 'step');
  const {folds} = await crossValidate(
    () => ({model: classifier(), loss: 'sparseCategoricalCrossentropy', optimizer: adam()}),
    data,
    {folds: 3, standardize: true},
  );
  for (const {model, train} of folds) expectClose(statisticsIn(model)[0]!, meansOf(x, train), 'step');
});

test('the model keeps what was found: in predictions, when it is saved, when it is trained on', async () => {
  const x = features();
  const data = {x, y: oneHot(12, 3)};
  const make = () => trainerOf([], {model: classifier(), initialWeights: 'seed'});
  const trainer = make();
  const {model} = await trainer.fit(data, {standardize: true, epochs: 2});
  const found = statisticsIn(model as LayersModel);
  const predicted = (trainer.predict(x) as tf.Tensor).dataSync();
  let artifacts: tf.io.ModelArtifacts | undefined;
  await (model as LayersModel).save(
    tf.io.withSaveHandler(async (saved) => {
      artifacts = saved;
      return {modelArtifactsInfo: {dateSaved: new Date(0), modelTopologyType: 'JSON'}};
    }),
  );
  const loaded = await loadLayersModel(tf.io.fromMemory(artifacts!));
  expectClose((loaded.predict(x) as tf.Tensor).dataSync(), predicted, 'same');
  // Other data changes nothing about it, whether training goes on here or from what was saved.
  const checkpoint = await trainer.save();
  const other = {...data, x: tf.mul(x, 2)};
  await trainer.fit(other, {standardize: true, epochs: 3});
  expect(statisticsIn(model as LayersModel)).toEqual(found);
  const again = make();
  await again.restore(checkpoint);
  const {model: second} = await again.fit(other, {standardize: true, epochs: 3});
  expect(numbersOf(second as LayersModel)).toEqual(numbersOf(model as LayersModel));
});

test('every member begins with it, and captured steps are those op by op', async () => {
  const data = {x: features(), y: oneHot(12, 3)};
  const run = async (execution: 'eager' | 'auto') => {
    const trainer = trainerOf([several(3)], {model: classifier(), initialWeights: 'seed', execution});
    await trainer.fit(data, {standardize: true, epochs: 2, batchSize: 5});
    return trainer.members();
  };
  const [eager, captured] = [await run('eager'), await run('auto')];
  for (const [i, member] of eager.entries()) {
    expectClose(statisticsIn(member)[0]!, table.mean, 'step');
    expectClose(numbersOf(captured[i]!), numbersOf(member), 'trajectory');
  }
});

const bn = (more: object): layers.Layer =>
  layers.batchNormalization({name: 'own', center: false, scale: false, trainable: false, ...more});

test('a layer of any epsilon divides by the deviation', async () => {
  const made = sequential({layers: [bn({epsilon: 0.01, inputShape: [4]}), layers.dense({units: 3})]});
  await fitted(made, {x: features(), y: oneHot(12, 3)});
  const own = sequential({layers: [made.getLayer('own')]});
  const [row] = (tf.moments(own.predict(features()) as tf.Tensor, 0).variance as tf.Tensor1D).arraySync();
  expectClose([row!], [1], 'step');
});

const without = (make: () => LayersModel) => () => fitted(make(), {x: features(), y: oneHot(12, 3)});
const ofSequences = (...parts: layers.Layer[]) =>
  fitted(sequential({layers: [...parts, layers.dense({units: 2})]}), {
    x: tf.zeros([4, 5, 2]),
    y: tf.zeros([4, 5, 2]),
  });
const refused: Readonly<Record<string, [() => Promise<unknown>, string, RegExp]>> = {
  'a model without such a layer': [
    without(() => withKnownWeights(mlp())),
    'nothing-to-standardize',
    /normalization\(\{inputShape: \[4\]\}\)/,
  ],
  'a batch normalization that is trained': [
    without(() => sequential({layers: [bn({trainable: true, inputShape: [4]}), layers.dense({units: 3})]})),
    'nothing-to-standardize',
    /normalization\(/,
  ],
  'a layer in front of a Masking layer': [
    () => ofSequences(normalization({inputShape: [5, 2]}), layers.masking({name: 'masking'})),
    'bad-normalization',
    /Put tf\.layers\.masking\(\) in front of it/,
  ],
  'features along another axis': [
    () => ofSequences(bn({axis: 1, inputShape: [5, 2]})),
    'bad-normalization',
    /Leave axis out/,
  ],
  'a stream that gives nothing again': [
    async () => {
      const batch = {x: tf.ones([2, 4]), y: oneHot(2, 3)};
      let opened = 0;
      const once = {[Symbol.iterator]: () => (opened++ === 0 ? [batch] : [])[Symbol.iterator]()};
      await trainerOf([], {model: classifier()}).fit(once, {standardize: true});
    },
    'nothing-to-standardize',
    /start a new pass each time/,
  ],
  'a model that has been trained on what is not standardized': [
    async () => {
      const data = {x: features(), y: oneHot(12, 3)};
      const trainer = trainerOf([], {model: classifier()});
      await trainer.fit(data);
      await trainer.fit(data, {standardize: true, epochs: 2});
    },
    'standardized-too-late',
    /to the first fit/,
  ],
};

test.each(Object.entries(refused))('%s is refused with what to do', async (_, [call, code, hint]) => {
  expect(await errorOf(call)).toMatchObject({code, hint: expect.stringMatching(hint)});
});

test('options of the layer are checked', () => {
  expect(() => normalization({inputShape: [0]})).toThrow(expect.objectContaining({where: 'normalization'}));
  expect(() => normalization({axis: 1} as never)).toThrow(expect.objectContaining({code: 'unknown-option'}));
});
