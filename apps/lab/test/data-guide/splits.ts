import {
  type CrossValidateOptions,
  createTrainer,
  crossValidate,
  type FitOptions,
  normalization,
  sgd,
} from '@regularizers/core';
import type * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {type Outcome, type Row, trained} from './row.ts';
import {classes, classifier, examples, features, waves} from './small.ts';

const run =
  (fit: FitOptions, y: readonly number[] = classes) =>
  () =>
    trained({model: classifier()}, {x: features(), y: y as number[]}, fit);

const alone = classes.map((_, i) => (i === 0 ? 2 : i % 2));
const stratified = {validation: {split: 0.25, stratify: true}} as const;

const options = () =>
  ({
    model: classifier(),
    loss: 'sparseCategoricalCrossentropy',
    optimizer: sgd(),
    initialWeights: 'seed',
    seed: 3,
  }) as const;

const folded =
  (fit: CrossValidateOptions, y: readonly number[] = classes) =>
  async (): Promise<Outcome> => {
    const {scores} = await crossValidate(options, {x: features(), y: y as number[]}, fit);
    return {numbers: scores['loss']!.values, explained: ''};
  };

/** Fits twice, with another split. */
async function changed(): Promise<void> {
  const trainer = createTrainer(options());
  try {
    const data = {x: features(), y: classes as number[]};
    await trainer.fit(data, {validation: {split: 0.25}});
    await trainer.fit(data, {epochs: 2, validation: {split: 0.5}});
  } finally {
    trainer.dispose();
  }
}

/** A classifier of features that are brought to mean 0 and deviation 1. */
const standardized = () =>
  sequential({
    layers: [
      normalization({inputShape: [4]}),
      layers.dense({units: 3, activation: 'softmax', name: 'output'}),
    ],
  });

function* batch(): Generator<{x: tf.Tensor; y: number[]}> {
  yield {x: features(), y: [...classes]};
}

export const splits: readonly Row[] = [
  {what: '`validation: {split: 0.25}`', run: run({validation: {split: 0.25}})},
  {what: '`validation: {split: 0.25, stratify: true}`', run: run(stratified)},
  {
    what: 'a split of a stream',
    run: () => trained({model: classifier()}, batch, {validation: {split: 0.25}}),
    code: 'needs-arrays',
    advice: 'validation is data.take(n), and the rest data.skip(n)',
  },
  {
    what: '`stratify`, and targets of real numbers',
    run: () =>
      trained(
        {model: sequential({layers: [layers.dense({units: 1, inputShape: [4]})]}), loss: 'meanSquaredError'},
        {x: features(), y: waves(examples, 1)},
        stratified,
      ),
    code: 'no-classes',
    advice: 'Leave stratify out.',
  },
  {
    what: '`stratify`, and a class with one example',
    run: run(stratified, alone),
    code: 'too-few-examples',
    advice: 'Add examples, leave the class out, or leave stratify out.',
  },
  {
    what: 'another split in a further `fit`',
    run: changed,
    code: 'split-otherwise',
    advice: 'Pass the same data, in the same order, and the same split until the end.',
  },
  {
    what: '`standardize: true`, and `normalization()` first in the model: statistics are of what is trained on',
    run: () =>
      trained(
        {model: standardized()},
        {x: features(), y: [...classes]},
        {
          validation: {split: 0.25},
          standardize: true,
        },
      ),
  },
  {
    what: '`standardize: true`, and no such layer',
    run: run({standardize: true}),
    code: 'nothing-to-standardize',
    advice: 'Put one first in the model: normalization({inputShape: [4]}) of @regularizers/core.',
  },
  {what: '`crossValidate` of 3 folds', run: folded({folds: 3})},
  {what: '`crossValidate` of 3 folds, with `stratify`', run: folded({folds: 3, stratify: true})},
  {
    what: 'more folds than examples',
    run: folded({folds: examples + 1}),
    code: 'too-few-examples',
    advice: '13 folds need as many examples, but there are 12',
  },
  {
    what: 'more folds than examples of a class, with `stratify`',
    run: folded({folds: 3, stratify: true}, alone),
    code: 'too-few-examples',
    advice: 'Add examples, leave the class out, or leave stratify out.',
  },
];
