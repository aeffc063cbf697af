import {
  type ArrayData,
  adam,
  createTrainer,
  describeValue,
  type Losses,
  type Metrics,
  type Optimizer,
  type OptionsOf,
  option,
  RegularizerError,
  readOptions,
  type Trainer,
} from '@regularizers/core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {ChosenPart} from '../space/part.ts';
import type {RunTrial} from './trial.ts';

/** One's own model and data, to be trained in this process. */
export interface TrainingOptions {
  /** Builds a new model each time; what it begins with is drawn from the seed, whatever it was built with. */
  readonly model: () => LayersModel;
  /** Examples to train on, to choose by, and to report on: these decide nothing. */
  readonly data: {readonly train: ArrayData; readonly validation: ArrayData; readonly test?: ArrayData};
  readonly loss: Losses;
  /** With `['accuracy']` the error is the share of wrong answers, else the loss. @defaultValue none */
  readonly metrics?: Metrics;
  /** Makes the optimizer. @defaultValue (learningRate) => adam({learningRate}) */
  readonly optimizer?: (learningRate: number) => Optimizer;
  /** Epochs, where `settings` do not search them. @defaultValue 30 */
  readonly epochs?: number;
  /** @defaultValue 32 */
  readonly batchSize?: number;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const described = {
  model: option.callback<TrainingOptions['model']>()({about: 'Builds the model.', required: true}),
  data: option.instance<TrainingOptions['data']>(
    '{train, validation, test}',
    (value) => isObject(value) && 'train' in value && 'validation' in value,
  )({about: 'Training, validation and test examples.', required: true}),
  loss: option.instance<Losses>('a loss', (value) => value !== null)({about: 'The loss.', required: true}),
  metrics: option.instance<Metrics>('a list of metrics', isObject)({about: 'Metrics.'}),
  optimizer: option.callback<NonNullable<TrainingOptions['optimizer']>>()({
    default: (learningRate) => adam({learningRate}),
    otherwise: 'Adam',
    about: 'Makes the optimizer.',
  }),
  epochs: option.integer({min: 1, default: 30, about: 'Epochs.'}),
  batchSize: option.integer({min: 1, default: 32, about: 'Examples in a batch.'}),
} satisfies OptionsOf<TrainingOptions>;

/** Trains in this process, and says beforehand which techniques the model and the data refuse. */
export interface Training {
  readonly run: RunTrial;
  /** @throws RegularizerError where the model can't be trained with these */
  check(parts: readonly ChosenPart[]): Promise<void>;
}

/** @throws RegularizerError as `readOptions` */
export function trainingOf(given: TrainingOptions): Training {
  const {
    model: build,
    data,
    loss,
    metrics,
    optimizer: optimizerOf,
    epochs,
    batchSize,
  } = readOptions<TrainingOptions, typeof described>('search', given, described);
  const rateOf = (value: unknown): number => (value === undefined ? 1e-3 : Number(value));
  /** A trainer of a new model, for as long as it is used. */
  const withTrainer = async <T>(
    parts: readonly ChosenPart[],
    seed: number,
    learningRate: number,
    use: (trainer: Trainer, model: LayersModel) => Promise<T>,
  ): Promise<T> => {
    const own = build();
    let trainer: Trainer | undefined;
    try {
      trainer = createTrainer({
        model: own,
        loss,
        ...(metrics === undefined ? {} : {metrics}),
        optimizer: optimizerOf(learningRate),
        regularizers: parts.map(({name, technique, options}) =>
          technique.create(name === technique.name ? options : {...options, name}),
        ),
        seed,
        initialWeights: 'seed',
      });
      return await use(trainer, own);
    } finally {
      trainer?.dispose();
      own.dispose();
    }
  };
  return {
    check: (parts) => withTrainer(parts, 0, 1e-3, async (trainer) => trainer.checkBackend()),
    run: ({point, parts, seed, signal}) =>
      withTrainer(parts, seed, rateOf(point['learningRate']), async (trainer, own) => {
        const {model} = await trainer.fit(data.train, {
          epochs: point['epochs'] === undefined ? epochs : Number(point['epochs']),
          batchSize: point['batchSize'] === undefined ? batchSize : Number(point['batchSize']),
          validation: data.validation,
          signal,
        });
        if (model !== own) (model as LayersModel).dispose();
        const validation = errorIn(await trainer.evaluate(data.validation));
        return data.test === undefined
          ? {validation}
          : {validation, test: errorIn(await trainer.evaluate(data.test))};
      }),
  };
}

function errorIn({loss, ...others}: Readonly<Record<string, number>>): number {
  const {accuracy} = others;
  if (accuracy !== undefined) return 1 - accuracy;
  if (loss !== undefined) return loss;
  throw new RegularizerError({
    where: 'search',
    code: 'not-finite',
    message: `an evaluation has neither accuracy nor loss: ${describeValue(others)}`,
  });
}
