import {mixup} from '@regularizers/augmentation';
import type {Regularizer, StreamElement} from '@regularizers/core';
import {fromModel} from '@regularizers/dropout';
import {inputNoise} from '@regularizers/noise';
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  type LayersModel,
  layers,
  model,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers';
import {type Row, trained} from './row.ts';
import {classes, examples, waves} from './small.ts';

const steps = 4;

/** 1 for the steps of a sequence, 0 for its padding: one to four of four. */
const counted = (): tf.Tensor2D =>
  tf.tensor2d(
    Array.from({length: examples}, (_, i) => Array.from({length: steps}, (_, s) => Number(s <= i % 4))),
  );
const padded = (): tf.Tensor => tf.mul(waves(examples, steps, 2), tf.expandDims(counted(), -1));
const words = (): tf.Tensor =>
  tf.cast(tf.mul(counted(), tf.tensor2d(classes.map((n) => [n + 1, 1, 3 - n, 2]))), 'int32');

type Layer = layers.Layer;
const masking = (): Layer => layers.masking({maskValue: 0, inputShape: [steps, 2], name: 'masking'});
const recurrent = {recurrentInitializer: 'glorotNormal', recurrentActivation: 'sigmoid'} as const;
const lstm = (more: object = {}): layers.RNN =>
  layers.lstm({units: 3, returnSequences: true, name: 'lstm', ...recurrent, ...more});
const output = (): Layer => layers.dense({units: 2, name: 'output'});
const of = (...parts: readonly Layer[]): LayersModel => sequential({layers: [...parts]});

const values = {loss: 'meanSquaredError'} as const;
const targets = (): tf.Tensor => waves(examples, steps, 2);

/** Trains a model of padded sequences, of a value a step. */
const run =
  (made: () => LayersModel, ...regularizers: readonly Regularizer[]) =>
  () =>
    trained({model: made(), ...values, regularizers}, {x: padded(), y: targets()});

/** Padding that reaches what has no place for it. */
const unsupported = (
  what: string,
  made: () => LayersModel,
  advice = 'Let a recurrent layer end the sequence before it, or leave the mask out',
): Row => ({
  what: `\`Masking\`, then ${what}`,
  run: run(made),
  code: 'mask-unsupported',
  advice,
});

function added(): LayersModel {
  const x = input({shape: [steps, 2]});
  const masked = layers.masking({maskValue: 0, name: 'masking'}).apply(x) as SymbolicTensor;
  const sum = layers.add({name: 'sum'}).apply([masked, x]) as SymbolicTensor;
  return model({inputs: x, outputs: output().apply(sum) as SymbolicTensor});
}

const masked = (): LayersModel => of(masking(), lstm(), output());
const dropped = (): LayersModel =>
  of(lstm({dropout: 0.2, recurrentDropout: 0.2, inputShape: [steps, 2]}), output());

/** Batches of sequences, each as long as its longest. */
function* ofLengths(): Generator<StreamElement> {
  for (const length of [2, 4, 3]) yield {x: waves(4, length, 2), y: waves(4, length, 2)};
}

const anyLength = (): LayersModel => of(lstm({inputShape: [null, 2]}), output());

export const sequences: readonly Row[] = [
  {what: '`Masking`, then `LSTM` and `Dense`', run: run(masked)},
  {
    what: '`Masking`, then `Bidirectional`',
    run: run(() =>
      of(masking(), layers.bidirectional({layer: lstm(), mergeMode: 'concat', name: 'both'}), output()),
    ),
  },
  {what: '`Masking`, then `Dense`', run: run(() => of(masking(), output()))},
  {
    what: '`Masking`, then `BatchNormalization`: padding has no say in the statistics',
    run: run(() => of(masking(), layers.batchNormalization({name: 'bn'}), output())),
  },
  {
    what: '`Embedding` with `maskZero`, then `LSTM`',
    kernels: ['UnsortedSegmentSum'],
    run: () =>
      trained(
        {
          model: of(
            layers.embedding({
              inputDim: 4,
              outputDim: 2,
              maskZero: true,
              inputLength: steps,
              name: 'embedding',
            }),
            lstm({returnSequences: false}),
            layers.dense({units: 3, activation: 'softmax', name: 'output'}),
          ),
        },
        {x: words(), y: classes},
      ),
  },
  unsupported('`Flatten`', () => of(masking(), layers.flatten({name: 'flat'}), output())),
  unsupported('`Conv1D`', () => of(masking(), layers.conv1d({filters: 2, kernelSize: 1, name: 'conv'}))),
  unsupported('pooling', () => of(masking(), layers.globalAveragePooling1d({name: 'pool'}), output())),
  unsupported('`Add` with what has no mask', added),
  {
    what: '`sampleWeight` of steps, `[examples, steps]`',
    run: () =>
      trained(
        {model: of(lstm({inputShape: [steps, 2]}), output()), ...values},
        {x: padded(), y: targets(), sampleWeight: counted()},
      ),
  },
  {
    what: 'batches of different length, of a stream',
    run: () => trained({model: anyLength(), ...values}, ofLengths),
  },
  {
    what: 'padded sequences, and `mixup()`',
    run: run(masked, mixup()),
    code: 'not-mixable',
    advice: 'Name the inputs that can be mixed with the option inputs.',
  },
  {what: 'padded sequences, and `inputNoise()`', run: run(masked, inputNoise())},
  {
    what: "sequences padded with 0, and `inputNoise({distribution: 'masking'})`, which writes 0",
    run: run(masked, inputNoise({distribution: 'masking'})),
    code: 'noise-is-padding',
    advice: 'Pad with a value that is no datum',
  },
  {
    what: '`LSTM` with `dropout` and `recurrentDropout`',
    run: run(dropped),
    code: 'declared-in-model',
    advice: "Add fromModel(model) of '@regularizers/dropout' to regularizers",
  },
  {
    what: 'the same, and `fromModel(model)` of `@regularizers/dropout`',
    run: () => {
      const made = dropped();
      return run(() => made, fromModel(made))();
    },
  },
];
