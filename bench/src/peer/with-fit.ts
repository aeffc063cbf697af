import * as tf from '@tensorflow/tfjs-core';
import type {CaseSpec} from '../cases.ts';
import {Gate} from './gate.ts';
import type {Setting, Way} from './session.ts';

/** tfjs's own `model.compile` and `model.fit`. */
export const withFit: Way = {
  async start(setting) {
    const {model, x, y, batch, shuffle} = setting;
    compile(setting);
    const gate = new Gate();
    let loss = Number.NaN;
    let running: Promise<unknown> | undefined;
    const milliseconds = await gate.start(() => {
      running = model.fit(x, y, {
        epochs: 1e6,
        batchSize: batch,
        shuffle,
        verbose: 0,
        callbacks: {
          onEpochEnd: async (_, logs) => {
            loss = logs?.['loss'] ?? Number.NaN;
            await gate.arrive();
          },
        },
      });
      return running;
    });
    return {
      first: {milliseconds, loss},
      turn: async () => ({milliseconds: await gate.turn(), loss}),
      stop: async () => {
        model.stopTraining = true;
        gate.release();
        await running;
        model.dispose();
      },
    };
  },
  async train(make, {epochs, members}) {
    for (let member = 0; member < members; member++) {
      const setting = make();
      const {model, x, y, batch: batchSize, shuffle} = setting;
      compile(setting);
      await model.fit(x, y, {epochs, batchSize, shuffle, verbose: 0});
      model.dispose();
    }
  },
};

function compile({model, spec}: Setting): void {
  model.compile({loss: spec.loss, optimizer: optimizerOf(spec)});
}

/** tfjs's own optimizer. */
export function optimizerOf({optimizer: {kind, learningRate}}: CaseSpec): tf.Optimizer {
  return kind === 'adam' ? tf.train.adam(learningRate) : tf.train.momentum(learningRate, 0.9);
}
