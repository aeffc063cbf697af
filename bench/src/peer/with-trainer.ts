import {adam, createTrainer, momentum, type Optimizer, type Trainer} from '@regularizers/core';
import type {CaseSpec} from '../cases.ts';
import {Gate} from './gate.ts';
import {makePlugins} from './plugins.ts';
import type {Setting, Way} from './session.ts';

/** Our trainer. */
export function withTrainer(execution: 'eager' | 'captured'): Way {
  const create = ({spec, model, plugins}: Setting): Trainer =>
    createTrainer({
      model,
      loss: spec.loss,
      optimizer: optimizerOf(spec),
      regularizers: makePlugins(spec, plugins),
      execution,
    });
  return {
    async start(setting) {
      const {x, y, batch, shuffle} = setting;
      const trainer = create(setting);
      const gate = new Gate();
      const end = new AbortController();
      let loss = Number.NaN;
      const fit = (): Promise<unknown> =>
        trainer.fit(
          {x, y},
          {
            epochs: 1e6,
            batchSize: batch,
            shuffle,
            signal: end.signal,
            onEpoch: async (report) => {
              loss = report.train.loss;
              await gate.arrive();
            },
          },
        );
      let running: Promise<unknown> | undefined;
      const milliseconds = await gate.start(() => {
        running = fit();
        return running;
      });
      return {
        first: {milliseconds, loss},
        turn: async () => ({milliseconds: await gate.turn(), loss}),
        stop: async () => {
          end.abort();
          gate.release();
          await running;
          trainer.dispose();
        },
      };
    },
    async train(make, {epochs, members}) {
      const setting = make();
      const plugins = members > 1 ? [...setting.plugins, `bagging:${members}`] : setting.plugins;
      const trainer = create({...setting, plugins});
      const {x, y, batch: batchSize, shuffle} = setting;
      const {model} = await trainer.fit({x, y}, {epochs, batchSize, shuffle});
      trainer.dispose();
      if ('dispose' in model && model !== setting.model) model.dispose();
      setting.model.dispose();
    },
  };
}

function optimizerOf({optimizer: {kind, learningRate}}: CaseSpec): Optimizer {
  return kind === 'adam' ? adam({learningRate}) : momentum({learningRate});
}
