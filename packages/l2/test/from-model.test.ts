import {createTrainer, type Finding, sgd} from '@regularizers/core';
import {expectClose} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {
  constraints,
  input,
  type LayersModel,
  layers,
  model,
  regularizers,
  sequential,
} from '@tensorflow/tfjs-layers';
import {describe, expect, it} from 'vitest';
import {fromModel, l2} from '../src/index.ts';
import {drive, weightInfo} from './drive.ts';
import * as keras from './trained.ts';

function denseModel(): LayersModel {
  const shared = layers.dense({
    units: 3,
    activation: 'tanh',
    name: 'shared',
    kernelRegularizer: regularizers.l1l2({l1: 0.01, l2: 0.02}),
    biasRegularizer: regularizers.l2({l2: 0.1}),
    kernelConstraint: constraints.maxNorm({maxValue: 0.7, axis: 0}),
  });
  const out = layers.dense({
    units: 2,
    name: 'out',
    kernelConstraint: constraints.nonNeg(),
    biasConstraint: constraints.minMaxNorm({minValue: 0.5, maxValue: 0.6, rate: 0.5, axis: 0}),
  });
  const x = input({shape: [3]});
  const hidden = shared.apply(shared.apply(x)) as ReturnType<typeof input>;
  return model({inputs: x, outputs: out.apply(hidden) as ReturnType<typeof input>});
}

function lstmModel(): LayersModel {
  return sequential({
    layers: [
      layers.lstm({
        units: 2,
        inputShape: [3, 2],
        name: 'lstm',
        recurrentActivation: 'sigmoid',
        recurrentInitializer: 'zeros', // the default, orthogonal, needs tfjs's chained ops
        kernelRegularizer: regularizers.l2({l2: 0.05}),
        recurrentRegularizer: regularizers.l1({l1: 0.02}),
        biasRegularizer: regularizers.l1l2({l1: 0.01, l2: 0.01}),
        recurrentConstraint: constraints.unitNorm({axis: 1}),
      }),
      layers.dense({units: 2, name: 'out'}),
    ],
  });
}

/** Into the variables themselves: `setWeights` would apply the constraints first. */
function fill(net: LayersModel): void {
  for (const weight of net.weights) {
    const variable = weight.read();
    if (!(variable instanceof tf.Variable)) throw new Error(`${weight.name} is not a variable`);
    variable.assign(tf.tensor(keras.grid(variable.size, 7, 11, 8), variable.shape));
  }
}

async function train(net: LayersModel, x: tf.Tensor): Promise<readonly number[]> {
  fill(net);
  const trainer = createTrainer({
    model: net,
    loss: 'meanSquaredError',
    optimizer: sgd({learningRate: 0.25}),
    regularizers: [fromModel(net)],
  });
  const y = tf.tensor2d(keras.grid(8, 3, 7, 3), [4, 2]);
  const {history} = await trainer.fit({x, y}, {epochs: 3, batchSize: 4});
  trainer.dispose();
  return history.map((row) => row.train.objective);
}

describe('fromModel', () => {
  it('trains as Keras does: a layer used twice is penalized once, constraints hold', async () => {
    const net = denseModel();
    const objective = await train(net, tf.tensor2d(keras.grid(12, 5, 13, 6), [4, 3]));
    expectClose(tf.tensor(objective), keras.dense.objective);
    net.getWeights().forEach((weight, i) => {
      expectClose(weight, keras.dense.weights[i]!);
    });
  });

  it('trains as Keras does: inside recurrent cells', async () => {
    const net = lstmModel();
    const objective = await train(net, tf.tensor3d(keras.grid(24, 5, 13, 6), [4, 3, 2]));
    expectClose(tf.tensor(objective), keras.lstm.objective);
    net.getWeights().forEach((weight, i) => {
      expectClose(weight, keras.lstm.weights[i]!);
    });
  });

  it('finds what is declared inside wrappers and nested models', () => {
    const kernelRegularizer = regularizers.l2({l2: 0.5});
    const inner = sequential({layers: [layers.dense({units: 2, inputShape: [4], kernelRegularizer})]});
    const net = sequential({
      layers: [
        layers.bidirectional({
          layer: layers.gru({units: 2, recurrentInitializer: 'zeros', kernelRegularizer}) as ReturnType<
            typeof layers.rnn
          >,
          inputShape: [3, 2],
          mergeMode: 'concat',
        }),
        inner,
      ],
    });
    const optimizer = sgd({learningRate: 0.1});
    const trainer = createTrainer({
      model: net,
      loss: 'meanSquaredError',
      optimizer,
      regularizers: [fromModel(net)],
    });
    trainer.dispose();
  });

  it('leaves frozen and derived weights alone, and takes a weight with both kinds over once', () => {
    const weights = [
      weightInfo('a/kernel', [2, 2]),
      weightInfo('b/kernel', [2, 2], {role: 'frozen'}),
      weightInfo('c/kernel', [2, 2], {role: 'derived'}),
    ];
    const found = (
      layer: string,
      kind: Finding['kind'],
      className: string,
      config: Finding['config'],
    ): Finding => ({
      id: `${layer}/kernel`,
      kind,
      className,
      config,
      layer,
    });
    const findings = ['a', 'b', 'c'].flatMap((layer) => [
      found(layer, 'regularizer', 'L1L2', {l1: 0, l2: 0.5}),
      found(layer, 'constraint', 'NonNeg', {}),
    ]);
    const plugin = drive(fromModel(denseModel()), weights, findings);
    expect(plugin.setup.claims).toEqual(['a/kernel', 'b/kernel', 'c/kernel']);
    const values = Object.fromEntries(weights.map(({name}) => [name, tf.tensor2d([1, -2, 0, 3], [2, 2])]));
    const {value, gradients} = plugin.penalty(values);
    expectClose(value, [7]); // 0.5 · (1 + 4 + 9)
    expect(Object.keys(gradients)).toEqual(['a/kernel']);
    expectClose(gradients['a/kernel']!, [1, -2, 0, 3]);
    const after = plugin.project(values, values, 0.1);
    expectClose(after['a/kernel']!, [1, 0, 0, 3]);
    expect(Object.keys(after)).toEqual(['a/kernel']);
  });

  it('refuses a model that declares nothing', () => {
    const plain = sequential({layers: [layers.dense({units: 1, inputShape: [2]})]});
    expect(() => fromModel(plain)).toThrow(
      '[layerRegularizers] no layer of the model declares a regularizer or a constraint',
    );
    expect(() => drive(fromModel(denseModel()), [weightInfo('a/kernel', [2, 2])], [])).toThrow(
      'no layer of the model',
    );
  });

  it('refuses a regularizer that it does not know', () => {
    const odd = constraints.nonNeg();
    odd.getClassName = () => 'Odd';
    const net = sequential({
      layers: [layers.dense({units: 1, inputShape: [2], name: 'odd', kernelConstraint: odd})],
    });
    expect(() => fromModel(net)).toThrow(
      '[layerRegularizers] odd declares Odd, which is none of L1L2, MaxNorm, UnitNorm, NonNeg, MinMaxNorm',
    );
  });

  it('is what the trainer asks for, and goes beside other penalties', () => {
    const net = denseModel();
    const options = {model: net, loss: 'meanSquaredError', optimizer: sgd({learningRate: 0.1})} as const;
    expect(() => createTrainer(options)).toThrow(/shared\/kernel/);
    const trainer = createTrainer({...options, regularizers: [l2(), fromModel(net)]});
    expect(trainer.explain()).toContain('layerRegularizers');
    trainer.dispose();
  });

  it('refuses options that it does not know', () => {
    // @ts-expect-error: the strengths are the model's
    expect(() => fromModel(denseModel(), {strength: 1})).toThrow(
      '[layerRegularizers] unknown option strength',
    );
  });
});
