import {
  createTrainer,
  extractFeatures,
  type InitialWeights,
  type PureModel,
  type Regularizer,
  sgd,
  splitAtFrozen,
} from '@regularizers/core';
import {fromModel as ofDropout} from '@regularizers/dropout';
import {deepEnsemble} from '@regularizers/ensembles';
import {fromModel as ofPenalties} from '@regularizers/l2';
import {fromModel as ofNoise} from '@regularizers/noise';
import {type GraphModel, loadGraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  type LayersModel,
  layers,
  model,
  regularizers,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers';
import {type Outcome, type Row, trained} from './row.ts';
import {classes, classifier, features} from './small.ts';

const data = () => ({x: features(), y: classes as number[]});
const output = (): layers.Layer => layers.dense({units: 3, activation: 'softmax', name: 'output'});
const hidden = (more: object = {}): layers.Layer =>
  layers.dense({units: 4, activation: 'tanh', inputShape: [4], name: 'hidden', ...more});

/** y = relu(x · w), as a converted TensorFlow graph. */
async function graph(): Promise<GraphModel> {
  const float = {type: 'DT_FLOAT'} as const;
  const dim = (...sizes: number[]) => ({dim: sizes.map((size) => ({size: String(size)}))});
  const no = {b: false};
  const node = [
    {name: 'x', op: 'Placeholder', attr: {dtype: float, shape: {shape: dim(-1, 4)}}},
    {
      name: 'w',
      op: 'Const',
      attr: {dtype: float, value: {tensor: {dtype: 'DT_FLOAT', tensorShape: dim(4, 2)}}},
    },
    {name: 'product', op: 'MatMul', input: ['x', 'w'], attr: {T: float, transpose_a: no, transpose_b: no}},
    {name: 'y', op: 'Relu', input: ['product'], attr: {T: float}},
  ];
  return loadGraphModel(
    tf.io.fromMemory({
      modelTopology: {node, library: {}, versions: {}},
      weightSpecs: [{name: 'w', shape: [4, 2], dtype: 'float32'}],
      weightData: Float32Array.of(1, 0, -1, 0.5, 2, 1, 0.25, -0.5).buffer,
    }),
  );
}

/** Trains a model from its own weights. */
const run = (made: () => LayersModel | PureModel, plugin?: (made: LayersModel) => Regularizer) => () => {
  const given = made();
  return trained(
    {
      model: given,
      initialWeights: 'model',
      regularizers: plugin ? [plugin(given as LayersModel)] : [],
    },
    data(),
  );
};

/** Trains an ensemble of a classifier that has been trained. */
const ensemble = (initialWeights?: InitialWeights) => async (): Promise<Outcome> => {
  const given = classifier();
  const options = {model: given, loss: 'sparseCategoricalCrossentropy', optimizer: sgd()} as const;
  await createTrainer(options).fit(data());
  const trainer = createTrainer({
    ...options,
    regularizers: [deepEnsemble({members: 2})],
    ...(initialWeights ? {initialWeights} : {}),
  });
  try {
    const {history} = await trainer.fit(data());
    return {numbers: history.map(({train}) => train.loss), explained: trainer.explain()};
  } finally {
    trainer.dispose();
  }
};

/** Trains a head on a base that stays as it is. */
async function onFrozenBase(): Promise<Outcome> {
  const base = hidden({trainable: false});
  const given = sequential({layers: [base, output()]});
  const before = base.getWeights().map((weight) => weight.dataSync().join());
  const outcome = await run(() => given)();
  if (base.getWeights().some((weight, i) => weight.dataSync().join() !== before[i])) {
    throw new Error('the frozen base has changed');
  }
  return outcome;
}

/** Trains the head of a model on what its frozen part makes of the examples. */
async function onItsOwnFeatures(): Promise<Outcome> {
  const {base, head} = splitAtFrozen(sequential({layers: [hidden({trainable: false}), output()]}));
  const x = await extractFeatures(base, features());
  return trained({model: head}, {x, y: classes as number[]});
}

/** Trains a head on what a graph makes of the examples. */
async function onFeatures(): Promise<Outcome> {
  const made = await graph();
  const x = await extractFeatures(made, features());
  made.dispose();
  const head = layers.dense({units: 3, activation: 'softmax', inputShape: [2], name: 'head'});
  return trained({model: sequential({layers: [head]})}, {x, y: classes as number[]});
}

function shared(): LayersModel {
  const x = input({shape: [4]});
  const twice = layers.dense({units: 4, activation: 'tanh', name: 'twice'});
  const once = twice.apply(x) as SymbolicTensor;
  return model({inputs: x, outputs: output().apply(twice.apply(once) as SymbolicTensor) as SymbolicTensor});
}

const nested = (): LayersModel =>
  sequential({layers: [sequential({layers: [hidden()], name: 'inner'}), output()]});

const pure = (): PureModel => ({
  weights: {kernel: tf.reshape(tf.linspace(-1, 1, 12), [4, 3])},
  inputShapes: [[4]],
  apply: ({kernel}, [x]) => tf.softmax(tf.matMul(x as tf.Tensor2D, kernel as tf.Tensor2D)),
});

/** A model that declares a technique: refused, and what takes it over. */
const declaring = (
  what: string,
  made: () => LayersModel,
  from: string,
  plugin: (made: LayersModel) => Regularizer,
): readonly Row[] => [
  {
    what,
    run: run(made),
    code: 'declared-in-model',
    advice: `Add fromModel(model) of '@regularizers/${from}' to regularizers`,
  },
  {what: `the same, and \`fromModel(model)\` of \`@regularizers/${from}\``, run: run(made, plugin)},
];

export const models: readonly Row[] = [
  {
    what: 'a `tf.GraphModel`',
    run: async () =>
      createTrainer({model: (await graph()) as never, loss: 'meanSquaredError', optimizer: sgd()}),
    code: 'graph-model',
    advice: 'Train a model of a few layers on its features',
  },
  {what: 'what `extractFeatures` makes of one, as inputs', run: onFeatures},
  {what: 'a new head on a base that is frozen (`trainable: false`)', run: onFrozenBase},
  {what: 'the same, in two parts by `splitAtFrozen`, its features computed once', run: onItsOwnFeatures},
  {
    what: 'a trained model, and `deepEnsemble()`',
    run: ensemble(),
    code: 'pretrained-weights',
    advice: "Pass initialWeights: 'model' to start all members from the model's weights",
  },
  {what: "the same, and `initialWeights: 'model'`", run: ensemble('model')},
  {what: "the same, and `initialWeights: {fresh: 'output/*'}`", run: ensemble({fresh: 'output/*'})},
  {what: 'a model in a model', run: run(nested)},
  {what: 'a layer that is used twice', run: run(shared)},
  {what: 'a function of its weights (`PureModel`)', run: run(pure)},
  ...declaring(
    'a model with a `Dropout` layer',
    () => sequential({layers: [hidden(), layers.dropout({rate: 0.5}), output()]}),
    'dropout',
    ofDropout,
  ),
  ...declaring(
    'a model with a `GaussianNoise` layer',
    () => sequential({layers: [hidden(), layers.gaussianNoise({stddev: 0.1}), output()]}),
    'noise',
    ofNoise,
  ),
  ...declaring(
    'a model with a `kernelRegularizer`',
    () => sequential({layers: [hidden({kernelRegularizer: regularizers.l2({l2: 0.01})}), output()]}),
    'l2',
    ofPenalties,
  ),
];
