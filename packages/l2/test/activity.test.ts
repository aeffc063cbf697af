import {createTrainer, type Regularizer, sgd} from '@regularizers/core';
import {expectClose} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {describe, expect, it} from 'vitest';
import {activityL1, activityL1Penalty, activityL2, activityL2Penalty} from '../src/index.ts';
import {drive} from './drive.ts';
import * as keras from './keras.ts';

const kinds = [
  {
    name: 'activityL1',
    create: activityL1,
    penalty: activityL1Penalty,
    strength: 0.1,
    expected: keras.activityL1,
  },
  // Keras's L2 has no half.
  {
    name: 'activityL2',
    create: activityL2,
    penalty: activityL2Penalty,
    strength: 0.1,
    expected: keras.activityL2,
  },
] as const;

describe.each(kinds)('$name', ({create, penalty, strength, expected}) => {
  const y = (): tf.Tensor2D => tf.tensor2d([...keras.w], [3, 4]);

  it("is Keras's, value and gradient", () => {
    const {value, grad} = tf.valueAndGrad((x) => penalty([x], {strength, examples: 3}))(y());
    expectClose(value, [expected.value]);
    expectClose(grad, expected.gradient);
  });

  it('adds the values of several layers', () => {
    expectClose(penalty([y(), tf.reshape(y(), [3, 2, 2])], {strength, examples: 3}), [2 * expected.value]);
  });

  // The layer hands on x·1, so that its weights get the gradient by way of x, and what is dropped is not penalized.
  it('reaches the weights through what the layer hands on', async () => {
    const model = sequential({
      layers: [
        layers.dense({name: 'seen', units: 4, useBias: false, inputShape: [4]}),
        layers.dense({name: 'out', units: 1, useBias: false, kernelInitializer: 'zeros'}),
      ],
    });
    model.getLayer('seen').setWeights([tf.eye(4)]);
    const plugins: Regularizer[] = [create({at: 'seen', strength})];
    const trainer = createTrainer({
      model,
      loss: 'meanSquaredError',
      optimizer: sgd({learningRate: 1}),
      regularizers: plugins,
    });
    const {history} = await trainer.fit({x: y(), y: tf.zeros([3, 1])}, {epochs: 1, batchSize: 3});
    trainer.dispose();
    expectClose([history[0]!.train.penalty], [expected.value]);
    // w ← 1 − xᵀ·∂penalty/∂y
    const change = tf.matMul(y(), tf.tensor2d([...expected.gradient], [3, 4]), true);
    expectClose(model.getLayer('seen').getWeights()[0]!, tf.sub(tf.eye(4), change));
  });

  it('is idle at 0, wants to be told where, and refuses bad options', () => {
    expect(drive(create({at: 'any', strength: 0}), []).setup).toEqual({idle: true});
    // @ts-expect-error: at is required
    expect(() => create({})).toThrow('at');
    expect(() => create({at: 'x', strength: -1})).toThrow('strength must be in [0, ∞); received -1');
    expect(() => drive(create({at: 'nowhere'}), [])).toThrow('nowhere');
  });
});
