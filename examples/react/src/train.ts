// A noisy sine, of which a network sees twenty points.
import {adam, createTrainer, type EpochReport, type Regularizer} from '@regularizers/core';
import '@tensorflow/tfjs-backend-webgl';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

function wave(count: number, noise: number, seed: number): {x: tf.Tensor2D; y: tf.Tensor2D} {
  return tf.tidy(() => {
    const x = tf.randomUniform<tf.Rank.R2>([count, 1], -1, 1, 'float32', seed);
    const y = tf.sin(tf.mul(x, Math.PI)) as tf.Tensor2D;
    return {x, y: tf.add(y, tf.randomNormal([count, 1], 0, noise, 'float32', seed + 1))};
  });
}

export async function train(options: {
  readonly regularizers: readonly Regularizer[];
  readonly signal: AbortSignal;
  readonly onEpoch: (report: EpochReport) => void;
}): Promise<void> {
  const model = sequential({
    layers: [
      layers.dense({units: 64, activation: 'tanh', inputShape: [1], name: 'hidden1'}),
      layers.dense({units: 64, activation: 'tanh', name: 'hidden2'}),
      layers.dense({units: 1, name: 'value'}),
    ],
  });
  const trainer = createTrainer({
    model,
    loss: 'meanSquaredError',
    optimizer: adam({learningRate: 0.01}),
    regularizers: options.regularizers,
    seed: 7,
  });
  const [data, validation] = [wave(20, 0.3, 1), wave(200, 0, 11)];
  try {
    const {signal, onEpoch} = options;
    await trainer.fit(data, {epochs: 60, batchSize: 20, validation, signal, onEpoch});
  } finally {
    trainer.dispose();
    model.dispose();
    tf.dispose([data, validation]);
  }
}
