// The worker: all of TensorFlow.js and of the training is here.
import {adam, createTrainer} from '@regularizers/core';
import {dropout} from '@regularizers/dropout';
import {earlyStopping} from '@regularizers/early-stopping';
import '@tensorflow/tfjs-backend-webgl';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import type {Answer, Request} from './messages';

const tell = (answer: Answer): void => postMessage(answer);

/** Points of the plane, and whether they are within a ring; some are told wrongly. */
function points(count: number, seed: number): {x: tf.Tensor2D; y: tf.Tensor2D} {
  return tf.tidy(() => {
    const x = tf.randomNormal<tf.Rank.R2>([count, 2], 0, 1, 'float32', seed);
    const radius = tf.norm(x, 'euclidean', 1, true);
    const inside = tf.logicalAnd(tf.greater(radius, 0.6), tf.less(radius, 1.5));
    const wrong = tf.less(tf.randomUniform([count, 1], 0, 1, 'float32', seed + 1), 0.1);
    return {x, y: tf.cast(tf.notEqual(tf.cast(inside, 'float32'), tf.cast(wrong, 'float32')), 'float32')};
  });
}

let running: AbortController | undefined;

async function train(): Promise<void> {
  running = new AbortController();
  const trainer = createTrainer({
    model: sequential({
      layers: [
        layers.dense({units: 64, activation: 'relu', inputShape: [2], name: 'hidden1'}),
        layers.dense({units: 64, activation: 'relu', name: 'hidden2'}),
        layers.dense({units: 1, activation: 'sigmoid', name: 'inside'}),
      ],
    }),
    loss: 'binaryCrossentropy',
    optimizer: adam({learningRate: 0.01}),
    metrics: ['accuracy'],
    regularizers: [dropout({rate: 0.1}), earlyStopping({patience: 40})],
    seed: 7,
  });
  const {stopped} = await trainer.fit(points(300, 1), {
    epochs: 200,
    batchSize: 150,
    validation: points(300, 11),
    signal: running.signal,
    onEpoch: ({epoch, validation}) => tell({kind: 'epoch', epoch, accuracy: validation!['accuracy']!}),
  });
  const {accuracy} = await trainer.evaluate(points(1000, 21));
  const why = running.signal.aborted ? 'stopped by hand' : (stopped?.why ?? 'done');
  tell({kind: 'end', why, accuracy: accuracy!});
  trainer.dispose();
}

addEventListener('message', ({data}: MessageEvent<Request>) => {
  if (data.kind === 'stop') running?.abort();
  else train().catch((error: unknown) => tell({kind: 'error', message: String(error)}));
});
