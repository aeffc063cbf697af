import {createTrainer, type Regularizer, sgd} from '@regularizers/core';
import {orRefused} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {describe, expect, it} from 'vitest';
import {
  convolutionGeometry,
  convolve,
  nearestKernel,
  share,
  softShare,
  tie,
  tiedAutoencoder,
  toConvolution,
  toeplitz,
} from '../src/index.ts';
import {expectClose, filled} from './helpers.ts';

const {layers} = tfl;
const rate = 0.1;

function trainerOf<const P extends readonly Regularizer[]>(model: tfl.LayersModel, regularizers: P) {
  return createTrainer({model, loss: 'meanSquaredError', optimizer: sgd({learningRate: rate}), regularizers});
}

async function train(model: tfl.LayersModel, plugin: Regularizer, x: tf.Tensor, y: tf.Tensor, epochs = 3) {
  const trainer = trainerOf(model, [plugin]);
  const {history} = await trainer.fit({x, y}, {epochs, batchSize: x.shape[0]!, shuffle: false});
  const explained = trainer.explain();
  trainer.dispose();
  return {history, explained};
}

function weightsOf(model: tfl.LayersModel, layer: string): tf.Tensor[] {
  return model.getLayer(layer).getWeights();
}

/** What tfjs itself writes when it saves: only its own layers. */
function classesOf(model: tfl.LayersModel): string[] {
  return model.layers.map((layer) => layer.getClassName());
}

describe('a convolved Dense layer', () => {
  const convolution = {layer: 'fc', inputShape: [5, 4, 1], kernelSize: [3, 2], filters: 2} as const;

  function models() {
    const dense = tfl.sequential({
      layers: [
        layers.flatten({inputShape: [5, 4, 1]}),
        layers.dense({name: 'fc', units: 18, activation: 'tanh'}),
        layers.dense({name: 'out', units: 2}),
      ],
    });
    const conv = tfl.sequential({
      layers: [
        layers.conv2d({
          ...convolution,
          kernelSize: [3, 2],
          name: 'conv',
          activation: 'tanh',
          inputShape: [5, 4, 1],
        }),
        layers.flatten(),
        layers.dense({name: 'out', units: 2}),
      ],
    });
    const kernel = filled([3, 2, 1, 2]);
    conv.setWeights([kernel, tf.zeros([2]), filled([18, 2], 40), tf.zeros([2])]);
    dense.getLayer('out').setWeights([filled([18, 2], 40), tf.zeros([2])]);
    return {dense, conv, kernel};
  }

  it(
    'trains as the convolution layer does, and is left as a plain dense matrix',
    orRefused(['Conv2DBackpropFilter'], async () => {
      const {dense, conv, kernel} = models();
      const [x, y] = [filled([6, 5, 4, 1], 3), filled([6, 2], 9)];
      // The same first kernel, written as the dense matrix that it stands for.
      const plugin = convolve({...convolution, initial: 'nearest'});
      dense.getLayer('fc').setWeights([toeplitz(kernel, convolutionGeometry(convolution)), tf.zeros([18])]);

      const ours = await train(dense, plugin, x, y);
      const plain = trainerOf(conv, []);
      const theirs = await plain.fit({x, y}, {epochs: 3, batchSize: 6, shuffle: false});
      plain.dispose();
      expectClose(
        ours.history.map(({train: {loss}}) => loss),
        theirs.history.map(({train: {loss}}) => loss),
      );
      expectClose(dense.predict(x) as tf.Tensor, conv.predict(x) as tf.Tensor);
      expect(classesOf(dense)).toEqual(['Flatten', 'Dense', 'Dense']);
      expect(ours.explained).toContain('convolve derives fc/kernel from convolve/kernel');

      const small = await toConvolution(dense, convolution);
      expectClose(small.predict(x) as tf.Tensor, dense.predict(x) as tf.Tensor);
      const [smallKernel] = weightsOf(small, 'fc_convolution');
      expectClose(smallKernel!, weightsOf(conv, 'conv')[0]!);
      expect(tf.max(tf.abs(tf.sub(smallKernel!, kernel))).dataSync()[0]).toBeGreaterThan(1e-3);
    }),
  );
});

describe('a weight tied to one that another plugin derives', () => {
  const line = {layer: 'enc', inputShape: [4, 1], kernelSize: 2, filters: 1, initial: 'nearest'} as const;
  const plugins = () =>
    [convolve(line), tie({weight: 'dec/kernel', to: 'enc/kernel', by: 'transpose'})] as const;

  async function trainedKernels(regularizers: readonly Regularizer[]): Promise<tf.Tensor[]> {
    const model = tfl.sequential({
      layers: [
        layers.dense({name: 'enc', units: 3, inputShape: [4], useBias: false}),
        layers.dense({name: 'dec', units: 4, useBias: false}),
      ],
    });
    model.getLayer('enc').setWeights([filled([4, 3])]);
    const x = filled([6, 4], 3);
    const trainer = trainerOf(model, regularizers);
    await trainer.fit({x, y: x}, {epochs: 2, batchSize: 6});
    trainer.dispose();
    return ['enc', 'dec'].map((layer) => weightsOf(model, layer)[0]!);
  }

  it('follows it, in whichever order the two are listed', async () => {
    const [enc, dec] = await trainedKernels(plugins());
    const geometry = convolutionGeometry(line);
    expectClose(enc!, toeplitz(nearestKernel(enc!, geometry), geometry));
    expectClose(dec!, tf.transpose(enc!));
    const [other] = await trainedKernels([...plugins()].reverse());
    expectClose(other!, enc!);
  });
});

describe('a tied autoencoder', () => {
  it('takes the step of the closed form, and leaves the transpose', async () => {
    const encoder = tfl.sequential({
      layers: [layers.dense({name: 'enc', units: 2, inputShape: [4], useBias: false})],
    });
    const {model, tie: plugin} = tiedAutoencoder(encoder);
    const w = filled([4, 2]);
    model.getLayer('enc').setWeights([w]);
    const x = filled([5, 4], 30);
    const {explained} = await train(model, plugin, x, x, 1);
    // L = (1/20)‖r‖², r = x W Wᵀ − x: ∂L/∂W = (2/20)(xᵀ r W + rᵀ x W).
    const expected = tf.tidy(() => {
      const code = tf.matMul(x, w);
      const r = tf.sub(tf.matMul(code, w, false, true), x);
      const gradient = tf.add(tf.matMul(x, tf.matMul(r, w), true), tf.matMul(r, code, true));
      return tf.sub(w, tf.mul(gradient, rate / 10));
    });
    const [encKernel] = weightsOf(model, 'enc');
    const [decKernel] = weightsOf(model, 'enc_decoder');
    expectClose(encKernel!, expected);
    expectClose(decKernel!, tf.transpose(encKernel!));
    expectClose(encoder.getWeights()[0]!, encKernel!);
    expect(explained).toContain('tie derives enc_decoder/kernel from enc/kernel');
    expect(explained).toContain('8 more derived');
  });

  it(
    'ties an output to an embedding',
    orRefused(['UnsortedSegmentSum'], async () => {
      const model = tfl.sequential({
        layers: [
          layers.embedding({name: 'words', inputDim: 6, outputDim: 3, inputLength: 2}),
          layers.globalAveragePooling1d({}),
          layers.dense({name: 'out', units: 6, activation: 'softmax', useBias: false}),
        ],
      });
      const before = weightsOf(model, 'words')[0]!.dataSync().slice();
      const x = tf.tensor2d([
        [0, 1],
        [2, 3],
      ]);
      const y = tf.tensor2d([
        [0, 0, 1, 0, 0, 0],
        [0, 0, 0, 0, 1, 0],
      ]);
      await train(model, tie({weight: 'out/kernel', to: 'words/embeddings', by: 'transpose'}), x, y);
      const [embeddings] = weightsOf(model, 'words');
      expect(embeddings!.dataSync()).not.toEqual(before);
      expectClose(weightsOf(model, 'out')[0]!, tf.transpose(embeddings!));
    }),
  );
});

describe('shared layers', () => {
  function twoBlocks() {
    const model = tfl.sequential({
      layers: ['block1', 'block2'].map((name) =>
        layers.dense({name, units: 3, activation: 'tanh', inputShape: [3]}),
      ),
    });
    model.setWeights([filled([3, 3]), filled([3], 30), filled([3, 3], 50), filled([3], 70)]);
    return model;
  }

  it('train as one layer that is used twice', async () => {
    const [x, y] = [filled([6, 3], 3), filled([6, 3], 9)];
    const model = twoBlocks();
    await train(model, share({layers: ['block1', 'block2']}), x, y);

    const input = tfl.input({shape: [3]});
    const block = layers.dense({units: 3, activation: 'tanh'});
    const twice = block.apply(block.apply(input)) as tfl.SymbolicTensor;
    const reference = tfl.model({inputs: input, outputs: twice});
    reference.setWeights([filled([3, 3]), filled([3], 30)]);
    const trainer = trainerOf(reference, []);
    await trainer.fit({x, y}, {epochs: 3, batchSize: 6, shuffle: false});
    trainer.dispose();
    for (const name of ['block1', 'block2']) {
      weightsOf(model, name).forEach((weight, i) => {
        expectClose(weight, reference.getWeights()[i]!);
      });
    }
  });

  it('start from the mean if asked', async () => {
    const model = twoBlocks();
    const trainer = trainerOf(model, [share({layers: 'block*', initial: 'mean'})]);
    const zero = filled([6, 3], 3);
    await trainer.fit({x: zero, y: trainer.predict(zero) as tf.Tensor}, {epochs: 1, batchSize: 6});
    trainer.dispose();
    // The targets are what the model computes at first, so that nothing moves but to the mean.
    expectClose(weightsOf(model, 'block2')[0]!, tf.div(tf.add(filled([3, 3]), filled([3, 3], 50)), 2));
  });

  it('are drawn together by the soft penalty, whose gradient is in the step', async () => {
    const model = twoBlocks();
    const x = filled([6, 3], 3);
    const trainer = trainerOf(model, [
      softShare({strength: 0.5, include: ['block1/kernel', 'block2/kernel']}),
    ]);
    const y = trainer.predict(x) as tf.Tensor;
    const {history} = await trainer.fit({x, y}, {epochs: 1, batchSize: 6});
    trainer.dispose();
    // The data loss is 0 at its minimum, so that the step is the penalty's: w₁ − 0.1·0.5·(w₁ − w₂).
    const [w1, w2] = [filled([3, 3]), filled([3, 3], 50)];
    expectClose(weightsOf(model, 'block1')[0]!, tf.sub(w1, tf.mul(tf.sub(w1, w2), 0.05)));
    expectClose([history[0]!.train.penalty], tf.mul(tf.sum(tf.square(tf.sub(w1, w2))), 0.25));
  });
});
