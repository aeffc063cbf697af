import {categoricalCrossentropy, createTrainer, type Regularizer, sgd} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {grid} from './torch.ts';

/** What {@link trainLinear} came to. */
export interface TrainedLinear {
  /** Of each epoch, as it is reported. */
  readonly loss: readonly number[];
  readonly weights: readonly number[];
}

/** Trains the linear classifier of torch.ts, with logits or probabilities for outputs. */
export async function trainLinear(
  regularizers: readonly Regularizer[],
  outputs: 'logits' | 'probabilities' = 'logits',
): Promise<TrainedLinear> {
  const activation = outputs === 'logits' ? 'linear' : 'softmax';
  const model = sequential({
    layers: [layers.dense({name: 'out', units: 3, useBias: false, activation, inputShape: [4]})],
  });
  model.setWeights([tf.tensor2d(grid(12, 7, 11, 4), [4, 3])]);
  const trainer = createTrainer({
    model,
    loss: categoricalCrossentropy({fromLogits: outputs === 'logits'}),
    optimizer: sgd({learningRate: 0.5}),
    regularizers,
  });
  const x = tf.tensor2d(grid(16, 5, 13, 6), [4, 4]);
  const y = tf.oneHot(tf.tensor1d([0, 1, 2, 1], 'int32'), 3);
  const {history} = await trainer.fit({x, y}, {epochs: 3, batchSize: 4, shuffle: false});
  trainer.dispose();
  const weights = [...(await model.getWeights()[0]!.data())];
  return {loss: history.map(({train}) => train.loss), weights};
}
