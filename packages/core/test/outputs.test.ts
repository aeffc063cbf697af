// A loss says what outputs mean; metrics and losses of a user's own are held to it.
import {
  binaryCrossentropy,
  categoricalCrossentropy,
  type Loss,
  type LossName,
  type Metric,
  type MetricName,
  sgd,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  type LayersModel,
  layers,
  model,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {activatedOutput} from '../src/index.ts';
import {wave} from './support/data.ts';
import {withKnownWeights} from './support/models.ts';
import {classData, errorOf, trainerOf} from './support/trainers.ts';
import {expectClose} from './tolerance.ts';

const names: readonly MetricName[] = ['accuracy', 'meanSquaredError', 'meanAbsoluteError'];

/** A model that hands on its input, with or without an activation. */
function handingOn(units: number, activation: 'linear' | 'softmax' | 'sigmoid'): LayersModel {
  const made = sequential({
    layers: [layers.dense({units, activation, useBias: false, inputShape: [units], name: 'out'})],
  });
  tf.tidy(() => made.setWeights([tf.eye(units)]));
  return made;
}

const pairs = [
  ['classes', 'softmax', categoricalCrossentropy(), categoricalCrossentropy({fromLogits: true})],
  ['independent outputs', 'sigmoid', binaryCrossentropy(), binaryCrossentropy({fromLogits: true})],
] as const;

for (const [what, activation, ofProbabilities, ofLogits] of pairs) {
  test(`the metrics of ${what} are the same of logits and of their probabilities`, async () => {
    const [examples, units] = [20, 3];
    // Between −1 and 1: a logit of 0.3 says yes, and is below ½.
    const x = tf.tensor2d(wave(examples * units), [examples, units]);
    const y = tf.tensor2d(
      wave(examples * units, 0.9).map((value) => Number(value > 0)),
      [examples, units],
    );
    const reportOf = (loss: Loss, last: 'linear' | typeof activation) =>
      trainerOf([], {model: handingOn(units, last), loss, metrics: names}).evaluate({x, y});
    const [logits, probabilities] = [
      await reportOf(ofLogits, 'linear'),
      await reportOf(ofProbabilities, activation),
    ];
    expect(Object.keys(logits)).toEqual(['loss', ...names]);
    expectClose(Object.values(logits), Object.values(probabilities), 'step');
  });
}

test('accuracy of independent logits is counted at 0', async () => {
  const trainer = trainerOf([], {
    model: handingOn(1, 'linear'),
    loss: binaryCrossentropy({fromLogits: true}),
    metrics: ['accuracy'],
  });
  const report = await trainer.evaluate({
    x: tf.tensor2d([[0.2], [-0.2], [3]]),
    y: tf.tensor2d([[1], [0], [0]]),
  });
  expectClose([report['accuracy']!], [2 / 3], 'step');
});

const good: Loss = {
  name: 'own',
  kind: 'classes',
  outputs: 'values',
  linear: false,
  perExample: (t, y) => tf.mean(tf.squaredDifference(t, y), -1) as tf.Tensor1D,
};

const bad: Readonly<Record<string, [object, string]>> = {
  'no name': [{name: undefined}, 'bad-loss'],
  'a name that is no string': [{name: 3}, 'bad-loss'],
  'no kind': [{kind: undefined}, 'unknown-choice'],
  'another kind': [{kind: 'regression'}, 'unknown-choice'],
  'nothing about outputs': [{outputs: undefined}, 'unknown-choice'],
  'another meaning of outputs': [{outputs: 'scores'}, 'unknown-choice'],
  'nothing about its being linear': [{linear: undefined}, 'not-a-flag'],
  'values as logits': [{kind: 'values', outputs: 'logits'}, 'bad-loss'],
  'sparse values': [{kind: 'values', sparse: true}, 'bad-loss'],
  'a sparse that is no flag': [{sparse: 'yes'}, 'not-a-flag'],
};

for (const [what, [part, code]] of Object.entries(bad)) {
  test(`a loss of one's own with ${what} is refused before training`, async () => {
    const loss = {...good, ...part} as Loss;
    expect(await errorOf(() => trainerOf([], {loss}))).toMatchObject({code, name: 'RegularizerError'});
  });
}

test('scores of yes and no have no accuracy, scores of classes have', async () => {
  const metrics = ['accuracy'] as const;
  expect(await errorOf(() => trainerOf([], {loss: {...good, kind: 'binary'}, metrics}))).toMatchObject({
    code: 'metric-mismatch',
  });
  expect(await trainerOf([], {loss: good, metrics}).evaluate(classData())).toHaveProperty('accuracy');
});

test('a loss may be an instance of a class', async () => {
  class Own implements Loss {
    readonly name = 'own';
    get kind() {
      return 'classes' as const;
    }
    get outputs() {
      return 'values' as const;
    }
    get linear() {
      return false;
    }
    perExample(t: tf.Tensor, y: tf.Tensor): tf.Tensor1D {
      return this.kind === 'classes' ? good.perExample(t, y) : (tf.zeros([1]) as tf.Tensor1D);
    }
  }
  const [own, plain] = [new Own(), good].map((loss) => trainerOf([], {loss}).evaluate(classData()));
  expect(await own).toEqual(await plain);
});

const wrong: Readonly<Record<string, (t: tf.Tensor, y: tf.Tensor) => unknown>> = {
  'the mean of the batch': (t, y) => tf.mean(tf.squaredDifference(t, y)),
  'a value for every class': (t, y) => tf.squaredDifference(t, y),
  'a value for each class': (t, y) => tf.mean(tf.squaredDifference(t, y), 0),
  'a number': () => 1,
  nothing: () => undefined,
  'a promise': async (t: tf.Tensor, y: tf.Tensor) => tf.mean(tf.squaredDifference(t, y), -1),
};

for (const [what, perExample] of Object.entries(wrong)) {
  test(`a loss or metric that gives ${what} is refused, and no weight changes`, async () => {
    const own = perExample as Loss['perExample'];
    for (const options of [
      {loss: {...good, perExample: own}},
      {metrics: [{name: 'mine', perExample: own} as Metric]},
    ]) {
      const trainer = trainerOf([], {...options, optimizer: sgd({learningRate: 0.1})});
      const before = (trainer.predict(classData().x) as tf.Tensor).dataSync();
      const error = {code: 'bad-per-example', where: 'trainer'};
      expect(await errorOf(() => trainer.fit(classData()))).toMatchObject(error);
      expect(await errorOf(() => trainer.evaluate(classData()))).toMatchObject(error);
      expect((trainer.predict(classData().x) as tf.Tensor).dataSync()).toEqual(before);
    }
  });
}

test('a metric may count in booleans and integers', async () => {
  const exact: Metric = {
    name: 'exact',
    perExample: (t, y) => tf.equal(tf.argMax(t, -1), tf.argMax(y, -1)) as tf.Tensor1D,
  };
  const report = await trainerOf([], {metrics: ['accuracy', exact]}).evaluate(classData());
  expectClose([report['exact']!], [report['accuracy']!], 'step');
});

const dense = (activation: 'softmax' | 'sigmoid' | 'relu') => layers.dense({units: 3, activation});
const at = (): SymbolicTensor => input({shape: [4]});
const of = (x: SymbolicTensor, ...outputs: unknown[]): LayersModel =>
  model({inputs: x, outputs: outputs as SymbolicTensor[]});

const models: Readonly<Record<string, [() => LayersModel, readonly (string | undefined)[]]>> = {
  'a softmax': [
    () => sequential({layers: [layers.dense({units: 3, activation: 'softmax', inputShape: [4]})]}),
    ['softmax'],
  ],
  'an activation layer': [
    () =>
      sequential({
        layers: [layers.dense({units: 3, inputShape: [4]}), layers.activation({activation: 'sigmoid'})],
      }),
    ['sigmoid'],
  ],
  'a nested model': [
    () => {
      const x = at();
      return of(
        x,
        sequential({layers: [layers.dense({units: 3, activation: 'softmax', inputShape: [4]})]}).apply(x),
      );
    },
    ['softmax'],
  ],
  'a nested model of two outputs, one read': [
    () => {
      const [x, z] = [at(), at()];
      const heads = of(z, dense('softmax').apply(z), dense('sigmoid').apply(z));
      const [one, two] = heads.apply(x) as SymbolicTensor[];
      return of(x, one, two, layers.dense({units: 2}).apply(two!));
    },
    ['softmax', undefined, undefined],
  ],
  'other activations': [
    () => {
      const x = at();
      return of(x, dense('relu').apply(x), layers.dense({units: 1}).apply(x));
    },
    [undefined, undefined],
  ],
  'a softmax that is read': [
    () => {
      const x = at();
      const first = dense('softmax').apply(x);
      return of(x, first, dense('sigmoid').apply(first));
    },
    [undefined, 'sigmoid'],
  ],
  'a layer used twice': [
    () => {
      const [x, layer] = [at(), layers.dense({units: 4, activation: 'sigmoid'})];
      return of(x, layer.apply(layer.apply(x)));
    },
    [undefined],
  ],
  'an LSTM, whose activation is within': [
    () =>
      sequential({
        layers: [
          layers.lstm({
            units: 3,
            activation: 'sigmoid',
            inputShape: [4, 2],
            recurrentInitializer: 'glorotNormal',
          }),
        ],
      }),
    [undefined],
  ],
};

for (const [what, [make, expected]] of Object.entries(models)) {
  test(`what can be taken off the outputs: ${what}`, () => {
    const made = withKnownWeights(make());
    expect(expected.map((_, i) => activatedOutput(made, i)?.activation)).toEqual(expected);
  });
}

test('logits are combined of logits alone', async () => {
  const members = {
    name: 'members',
    owns: ['members'],
    members: 2,
    combineOn: 'logits',
    combine: ([one]: readonly tf.Tensor[]) => one!,
  } as const;
  const refused: readonly [LayersModel, LossName | Loss][] = [
    [handingOn(3, 'linear'), 'categoricalCrossentropy'],
    [handingOn(3, 'softmax'), 'meanSquaredError'],
  ];
  for (const [made, loss] of refused) {
    expect(await errorOf(() => trainerOf([members], {model: made, loss}))).toMatchObject({
      code: 'bad-combine',
      where: 'members',
    });
  }
  trainerOf([members], {model: handingOn(3, 'linear'), loss: categoricalCrossentropy({fromLogits: true})});
  trainerOf([members], {model: handingOn(3, 'softmax')});
});
