// Inputs of the model and what the cells of recurrent layers get are sites too. What a training step makes of masks at a
// cell's sites is what tfjs's own dropout of the cell does with the same masks.
import {createTrainer, defineRegularizer, type Regularizer, type SiteInfo, sgd} from '@regularizers/core';
import {deriveKey, normal} from '@regularizers/random';
import {expectClose, orRefused} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {
  model as functional,
  input,
  type LayersModel,
  layers,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers';
import {describe, expect, test} from 'vitest';

const [examples, time, features, units] = [3, 4, 2, 5];

type Passed = {readonly site: SiteInfo; readonly value: tf.Tensor};

/** A plugin that keeps what passes its sites, and does `change` to it. */
function passing(
  passed: Passed[],
  change: (value: tf.Tensor, site: SiteInfo) => tf.Tensor = (value) => value,
): Regularizer {
  return defineRegularizer({
    name: 'passing',
    setup: ({sites}) => ({at: sites.map(({name}) => name)}),
    activation: (value, site) => {
      passed.push({site, value: tf.keep(tf.clone(value))});
      return change(value, site);
    },
  });
}

/** One step of plain gradient descent on random data. */
async function trained(net: LayersModel, regularizers: readonly Regularizer[]): Promise<void> {
  const shapeOf = ({shape}: SymbolicTensor): number[] => shape.map((size) => size ?? examples);
  const x = net.inputs.map((port, i) => normal(shapeOf(port), deriveKey(3, i)));
  const y = net.outputs.map((port, i) => normal(shapeOf(port), deriveKey(4, i)));
  const options = {
    loss: 'meanSquaredError',
    optimizer: sgd({learningRate: 1}),
    execution: 'eager',
    seed: 5,
  } as const;
  const trainer = createTrainer({model: net, regularizers, ...options});
  await trainer.fit({x, y}, {batchSize: examples, shuffle: false});
  trainer.dispose();
}

async function sitesOf(net: LayersModel): Promise<readonly Passed[]> {
  const passed: Passed[] = [];
  await trained(net, [passing(passed)]);
  return passed;
}

const sequence = {inputShape: [time, features]};
/** tfjs's own default needs methods of tensors that only the whole of tfjs has. */
const recurrentInitializer = 'glorotUniform';

describe('the sites of a cell', () => {
  const cases: Readonly<
    Record<string, {readonly net: () => LayersModel; readonly sites: readonly string[]}>
  > = {
    lstm: {
      net: () => sequential({layers: [layers.lstm({name: 'rnn', units, recurrentInitializer, ...sequence})]}),
      sites: ['rnn/inputs', 'rnn/state'],
    },
    gru: {
      net: () => sequential({layers: [layers.gru({name: 'rnn', units, recurrentInitializer, ...sequence})]}),
      sites: ['rnn/inputs', 'rnn/state'],
    },
    simpleRNN: {
      net: () =>
        sequential({layers: [layers.simpleRNN({name: 'rnn', units, recurrentInitializer, ...sequence})]}),
      sites: ['rnn/inputs', 'rnn/state'],
    },
    'a stack of cells': {
      net: () => {
        const cell = [
          layers.lstmCell({units: 3, recurrentInitializer}),
          layers.gruCell({units, recurrentInitializer}),
        ];
        return sequential({layers: [layers.rnn({name: 'rnn', cell, ...sequence}) as layers.Layer]});
      },
      sites: ['rnn/cell_0/inputs', 'rnn/cell_0/state', 'rnn/cell_1/inputs', 'rnn/cell_1/state'],
    },
    'both directions': {
      net: () => {
        const layer = layers.lstm({units, recurrentInitializer});
        return sequential({layers: [layers.bidirectional({name: 'both', layer, ...sequence} as never)]});
      },
      sites: ['both/forward/inputs', 'both/forward/state', 'both/backward/inputs', 'both/backward/state'],
    },
    'pictures one after the other': {
      net: () => {
        const options = {
          name: 'rnn',
          filters: 2,
          kernelSize: 3,
          returnSequences: true,
          recurrentInitializer,
          inputShape: [time, 5, 6, 1],
        };
        return sequential({layers: [layers.convLstm2d(options) as layers.Layer]});
      },
      sites: ['rnn/inputs', 'rnn/state'],
    },
    'two uses': {
      net: () => {
        const rnn = layers.lstm({name: 'rnn', units, recurrentInitializer});
        const inputs = [input({shape: [time, features]}), input({shape: [time, features]})];
        const outputs = inputs.map((one) => rnn.apply(one) as SymbolicTensor);
        return functional({inputs, outputs: layers.add().apply(outputs) as SymbolicTensor});
      },
      sites: ['rnn/inputs', 'rnn/state', 'rnn#2/inputs', 'rnn#2/state'],
    },
    'within a TimeDistributed': {
      net: () => {
        const layer = sequential({
          layers: [layers.gru({name: 'rnn', units, recurrentInitializer, ...sequence})],
        });
        const each = layers.timeDistributed({name: 'each', layer, inputShape: [2, time, features]});
        return sequential({layers: [each]});
      },
      sites: ['each/rnn/inputs', 'each/rnn/state'],
    },
  };
  for (const [name, {net, sites}] of Object.entries(cases)) {
    const kernels = name === 'pictures one after the other' ? ['Conv2DBackpropFilter'] : [];
    const run = orRefused(kernels, async () => {
      const passed = (await sitesOf(net())).filter(({site}) => site.cell !== undefined);
      expect(new Set(passed.map(({site}) => site.name))).toEqual(new Set(sites));
      for (const {site, value} of passed) {
        expect(value.shape, site.name).toEqual(site.shape.map((size) => size ?? examples));
      }
      const steps = name === 'within a TimeDistributed' ? 2 * time : time;
      for (const site of sites) expect(passed.filter((one) => one.site.name === site)).toHaveLength(steps);
    });
    test(`of ${name} get what the cell gets at each time step`, run);
  }

  for (const kind of ['lstm', 'gru', 'simpleRNN'] as const) {
    test(`masks there are what tfjs drops from a ${kind} with them, its gradients included`, async () => {
      const maskOf = {
        inputs: normal([examples, features], deriveKey(6, 'inputs')),
        state: normal([examples, units], deriveKey(6, 'state')),
      };
      const [rate, recurrent] = [0.5, 0.25];
      const dropoutFunc = (_: tf.Tensor, dropped: number) =>
        (dropped === rate ? maskOf.inputs : maskOf.state).clone();
      const net = (options: object): LayersModel => {
        const made = sequential({
          layers: [
            layers[kind]({name: 'rnn', units, recurrentInitializer, ...sequence, ...options} as never),
          ],
        });
        made.setWeights(made.getWeights().map(({shape}, i) => normal(shape, deriveKey(2, i), {sigma: 0.5})));
        return made;
      };
      const ours = net({});
      await trained(ours, [passing([], (value, {cell}) => (cell ? tf.mul(value, maskOf[cell]) : value))]);

      const theirs = net({dropout: rate, recurrentDropout: recurrent, dropoutFunc});
      const x = normal([examples, time, features], deriveKey(3, 0));
      const y = normal([examples, units], deriveKey(4, 0));
      tf.train
        .sgd(1)
        .minimize(() => tf.mean(tf.squaredDifference(theirs.apply(x, {training: true}) as tf.Tensor, y)));
      for (const [i, weight] of ours.getWeights().entries()) {
        await expectClose(weight, theirs.getWeights()[i]!, 'training');
      }
    });
  }
});

describe('the sites of inputs', () => {
  test('are one per input, behind those of the layers, and feed what reads the input', async () => {
    const inputs = [input({name: 'a', shape: [2]}), input({name: 'b', shape: [3]})];
    const joined = layers.concatenate({name: 'joined'}).apply(inputs) as SymbolicTensor;
    const outputs = layers.dense({name: 'out', units: 1}).apply(joined) as SymbolicTensor;
    const passed = await sitesOf(functional({inputs, outputs}));
    const found = passed.map(({site}) => site).filter(({layerClass}) => layerClass === 'InputLayer');
    expect(found.map(({name, shape, feeds, index}) => ({name, shape, feeds, index}))).toEqual([
      {name: 'a', shape: [null, 2], feeds: ['joined'], index: 2},
      {name: 'b', shape: [null, 3], feeds: ['joined'], index: 3},
    ]);
  });

  test('a value given for an input is what the model reads', async () => {
    const net = sequential({
      layers: [layers.dense({name: 'out', units: 1, useBias: false, inputShape: [2]})],
    });
    const before = await net.getWeights()[0]!.data();
    const nothing = passing([], (value, {layerClass}) =>
      layerClass === 'InputLayer' ? tf.zerosLike(value) : value,
    );
    await trained(net, [nothing]);
    expect(await net.getWeights()[0]!.data()).toEqual(before);
  });

  test('numbers of words are none, since they are not to be changed', () => {
    const net = sequential({
      layers: [
        layers.embedding({inputDim: 9, outputDim: 2, inputShape: [time]}),
        layers.flatten(),
        layers.dense({units: 1}),
      ],
    });
    let found: readonly SiteInfo[] = [];
    const probe = defineRegularizer({
      name: 'probe',
      setup: ({sites}) => {
        found = sites;
        return {};
      },
    });
    const options = {
      loss: 'meanSquaredError',
      optimizer: sgd({learningRate: 1}),
      regularizers: [probe],
    } as const;
    createTrainer({model: net, ...options}).dispose();
    expect(found).toHaveLength(3);
    expect(found.filter(({layerClass}) => layerClass === 'InputLayer')).toEqual([]);
  });
});
