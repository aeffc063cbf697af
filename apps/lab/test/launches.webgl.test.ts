// What a training step costs on WebGL beside its arithmetic: programs that are launched and compiled, tensors that
// are uploaded and read back. Small models are bound by these, so that a count is worth a test.
import {mixup} from '@regularizers/augmentation';
import {adam, createTrainer, type Progress, type Regularizer} from '@regularizers/core';
import {dropout} from '@regularizers/dropout';
import {ema} from '@regularizers/ensembles';
import {l2, weightDecay} from '@regularizers/l2';
import {inputNoise, labelSmoothing} from '@regularizers/noise';
import {deriveKey, hostUniform} from '@regularizers/random';
import {type WebGLWork, watchWebGL} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, layers, sequential} from '@tensorflow/tfjs-layers';
import {describe, expect, test} from 'vitest';

const [batchSize, steps, pixels, classes] = [128, 6, 784, 10];

function network(): LayersModel {
  return sequential({
    layers: [
      layers.dense({units: 256, activation: 'relu', inputShape: [pixels]}),
      layers.dense({units: 128, activation: 'relu'}),
      layers.dense({units: classes, activation: 'softmax'}),
    ],
  });
}

/** The work of each step of an epoch, but for the last one, after which the epoch is reported. */
async function workOf(regularizers: readonly Regularizer[]): Promise<readonly WebGLWork[]> {
  const examples = batchSize * steps;
  const x = tf.tensor2d(hostUniform(examples * pixels, deriveKey(1, 'x')), [examples, pixels]);
  const digits = tf.tensor1d(
    Array.from({length: examples}, (_, i) => i % classes),
    'int32',
  );
  const y = tf.tidy(() => tf.cast(tf.oneHot(digits, classes), 'float32'));
  const model = network();
  const trainer = createTrainer({
    model,
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
    optimizer: adam(),
    regularizers,
    seed: 7,
  });
  const watch = watchWebGL();
  const work: WebGLWork[] = [];
  try {
    const onStep = ({isWarmUp}: Progress): void => {
      const step = watch.take();
      expect(step.compiled > 0).toBe(isWarmUp);
      work.push(step);
    };
    await trainer.fit({x, y}, {epochs: 1, batchSize, onStep});
  } finally {
    watch.stop();
    trainer.dispose();
    model.dispose();
    tf.dispose([x, digits, y]);
  }
  return work;
}

interface Expected {
  readonly regularizers: () => readonly Regularizer[];
  /** Programs of one step, which must not become more. */
  readonly launches: number;
  /** How many steps compile anything. */
  readonly warmUp: number;
}

const runs: Readonly<Record<string, Expected>> = {
  'no regularizer': {regularizers: () => [], launches: 106, warmUp: 1},
  // One program forward and one backward at each of two sites.
  dropout: {regularizers: () => [dropout()], launches: 106 + 4, warmUp: 1},
  'every headline regularizer': {
    regularizers: () => [l2(), weightDecay(), labelSmoothing(), mixup(), inputNoise(), dropout(), ema()],
    launches: 259,
    // tfjs keeps a scalar in three ways, and that of the moving average goes through all of them.
    warmUp: 3,
  },
};

describe.each(Object.entries(runs))('an MLP with Adam and %s', (_, {regularizers, launches, warmUp}) => {
  test('launches no more programs, reads nothing back, compiles nothing and uploads only what is small', async () => {
    const work = await workOf(regularizers());
    expect(work).toHaveLength(steps);
    expect(Math.max(...work.slice(1).map((step) => step.launches))).toBeLessThanOrEqual(launches);
    expect(work.map(({readBacks}) => readBacks)).toEqual(Array(steps).fill(0));
    expect(work.slice(warmUp).map(({compiled}) => compiled)).toEqual(Array(steps - warmUp).fill(0));
    // Numbers that ops are given, the batch's indices, and ones for each example, which is how tfjs spreads the
    // gradient of a sum. No data, no weight, no random tensor.
    const sizes = new Set(work.slice(1).flatMap(({uploads}) => uploads));
    expect([...sizes].sort((a, b) => a - b)).toEqual([1, batchSize]);
  });
});
