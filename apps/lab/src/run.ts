import {
  type Checkpoint,
  createTrainer,
  type EpochReport,
  type EvaluationReport,
  type Explanation,
  type FitOptions,
  type Progress,
  RegularizerError,
  type Stopped,
  type Trainer,
  type TrainerOptions,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {type DataSet, toAutoencoding, toTensors} from './data/data-set.ts';
import {type DataReport, dataReport} from './data/report.ts';
import {lookForReport} from './looks/look-at.ts';
import {type PackedLook, packed} from './looks/packed.ts';
import {buildModel} from './models/catalog.ts';
import {portsOf} from './models/ports.ts';
import {createOptimizer} from './optimizers.ts';
import type {Recipe} from './recipe.ts';
import {createRegularizers, type LabPlugin} from './regularizers.ts';
import type {Measure} from './report/rows.ts';
import {notesOf, type SavedModel, savedModels} from './saved-model.ts';
import {checkTextureSize} from './texture-size.ts';
import {type LabelReport, suspectLabels} from './wrong-labels.ts';

/** What a run can be told, and what it tells. */
export interface RunOptions {
  /** The data that the recipe names: see `makeData`. */
  readonly data: DataSet;
  /** What is loaded beside the lab's own packages. @defaultValue nothing */
  readonly plugins?: readonly LabPlugin[];
  /** A saved state of the same recipe, to go on from exactly. */
  readonly from?: Checkpoint | undefined;
  /**
   * After each epoch of each member, and where the signal ends training: `save` makes what may later be given as
   * `from`. Training waits for it.
   */
  readonly onCheckpoint?: ((save: () => Promise<Checkpoint>) => void | Promise<void>) | undefined;
  /** Is handed what was trained, to be stored, once it has been judged; not where the signal ended it. */
  readonly onTrained?: ((models: readonly SavedModel[]) => void | Promise<void>) | undefined;
  /** Whether the report has what the model makes of its data, where there is anything to show. @defaultValue false */
  readonly look?: boolean | undefined;
  /** What is kept of its history, asked after each epoch. @defaultValue all of it */
  readonly thinHistory?: FitOptions['thinHistory'] | undefined;
  /** Ends training after the running step. What is trained so far is evaluated all the same. */
  readonly signal?: AbortSignal | undefined;
  /** After each epoch of each member. */
  readonly onEpoch?: ((report: EpochReport) => void) | undefined;
  /**
   * After each epoch of each member, and at the end when all is judged: for whoever wants to see what the model makes of
   * things. Training waits for it.
   */
  readonly onTrainer?: ((trainer: LookedAt, at: 'epoch' | 'end') => void | Promise<void>) | undefined;
  /** After each optimizer step. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What may be asked of a trainer while it trains. */
type LookedAt = Pick<Trainer, 'predict' | 'predictions' | 'members' | 'changes' | 'save'>;

/** What can be said of a recipe before it is trained. */
export interface Preview {
  /** Which regularizer runs where, in which order. */
  readonly explanation: Explanation;
  /** Trained parameters of one member. */
  readonly parameters: number;
  /** What its errors are: shares of wrong answers, or losses. */
  readonly measure: Measure;
}

/** What came of a run: plain JSON. */
export interface RunReport extends Preview {
  readonly recipe: Recipe;
  /** What it was trained and judged on. */
  readonly data: DataReport;
  /** tfjs's name of the backend: `tensorflow` is native. */
  readonly backend: string;
  /** A row per epoch, member after member. */
  readonly history: readonly EpochReport[];
  readonly stopped: Stopped | undefined;
  /** At the end, on unchanged examples with hard targets and no penalty; labels are those that were given. */
  readonly train: EvaluationReport;
  readonly validation: EvaluationReport;
  readonly test: EvaluationReport;
  /** What is chosen by, as `measure` says. */
  readonly validationError: number;
  /** As `measure` says. */
  readonly testError: number;
  /** Test error less training error, on the training labels as given: with `labelNoise` a share of those is wrong. */
  readonly gap: number;
  /** Training time, validation included. */
  readonly seconds: number;
  /** Of training examples, where `evaluation.wrongLabels` asks for it. */
  readonly labels?: LabelReport;
  /** What the model makes of its data, where it was asked for: charts are drawn from it. */
  readonly look?: PackedLook;
}

/**
 * Trains and judges what a recipe describes, on tfjs's current backend. It leaves no tensor behind.
 *
 * @throws RegularizerError before anything is trained where the model, the data and the regularizers don't go
 *   together; with code `not-finite` where training diverges
 *
 * @example
 * ```ts
 * const recipe = parseRecipe({data: {name: 'moons'}, model: {name: 'mlp', hidden: [32]}});
 * const {testError, gap} = await runRecipe(recipe, {data: await makeData(recipe.data, loaders)});
 * ```
 */
export async function runRecipe(recipe: Recipe, options: RunOptions): Promise<RunReport> {
  const {from, signal, onCheckpoint, onEpoch, onTrainer, onProgress, onTrained} = options;
  const data = dataFor(recipe, options.data);
  checkTextureSize(data);
  checkLabelsAsked(recipe, data, options.plugins);
  const {model, ...rest} = trainerOptions(recipe, data, options.plugins);
  const splits = {train: toTensors(data, 'train'), validation: toTensors(data, 'validation')};
  let trainer: Trainer | undefined;
  let trained: unknown;
  try {
    trainer = createTrainer({model, ...rest});
    const preview = previewOf(trainer, data);
    if (from) await trainer.restore(from);
    const save = (): Promise<Checkpoint> => trainer!.save();
    const {epochs, batchSize, evaluation} = recipe;
    const result = await trainer.fit(splits.train, {
      epochs,
      batchSize,
      evaluationBatchSize: evaluation.batchSize,
      validation: splits.validation,
      ...(signal ? {signal} : {}),
      ...(options.thinHistory ? {thinHistory: options.thinHistory} : {}),
      onEpoch: async (report) => {
        onEpoch?.(report);
        await onTrainer?.(trainer!, 'epoch');
        await onCheckpoint?.(save);
      },
      ...(onProgress ? {onStep: onProgress} : {}),
    });
    trained = result.model;
    if (result.stopped?.by === 'signal') await onCheckpoint?.(save);
    const {history, stopped, seconds} = result;
    const reports = await judge(trainer, data, splits, {batchSize: evaluation.batchSize});
    const labels = evaluation.wrongLabels
      ? await judgeLabels(trainer, data, splits.train, evaluation.batchSize)
      : undefined;
    if (onTrained && stopped?.by !== 'signal') {
      const notes = notesOf(recipe, data);
      await onTrained(await savedModels(trainer, result.model as LayersModel, model, notes));
    }
    await onTrainer?.(trainer, 'end');
    const look = options.look ? packed(await lookForReport(trainer, data)) : undefined;
    const {measure} = preview;
    const testError = errorOf(reports.test, measure);
    return {
      ...preview,
      recipe,
      data: dataReport(data),
      backend: tf.getBackend(),
      history,
      stopped,
      ...reports,
      validationError: errorOf(reports.validation, measure),
      testError,
      ...(labels ? {labels} : {}),
      ...(look && Object.keys(look).length > 0 ? {look} : {}),
      gap: testError - errorOf(reports.train, measure),
      seconds: seconds + secondsUntil(from),
    };
  } finally {
    if (trained !== undefined && trained !== model) (trained as LayersModel).dispose();
    trainer?.dispose();
    model.dispose();
    tf.dispose(splits);
  }
}

/** The training time of what a checkpoint holds. */
function secondsUntil(from: Checkpoint | undefined): number {
  const rows = from?.members.flatMap(({history}) => history) ?? [];
  return rows.reduce((sum, {seconds}) => sum + seconds, 0);
}

/**
 * Checks that a recipe can be trained on the current backend, without training it.
 *
 * @throws RegularizerError where the model, the data and the regularizers don't go together; with code `no-gradient`
 *   where the backend cannot train the model
 */
export function previewRecipe(
  recipe: Recipe,
  {data, plugins}: Pick<RunOptions, 'data' | 'plugins'>,
): Preview {
  const seen = dataFor(recipe, data);
  checkLabelsAsked(recipe, seen, plugins);
  const {model, ...rest} = trainerOptions(recipe, seen, plugins);
  try {
    const trainer = createTrainer({model, ...rest});
    try {
      trainer.checkBackend();
      return previewOf(trainer, seen);
    } finally {
      trainer.dispose();
    }
  } finally {
    model.dispose();
  }
}

/** What a recipe's trainer is made from. The caller disposes the model. */
export function trainerOptions(
  recipe: Recipe,
  data: DataSet,
  plugins: readonly LabPlugin[] = [],
): TrainerOptions & {readonly model: LayersModel} {
  const classifies = data.kind === 'classification';
  return {
    model: buildModel(recipe.model, portsOf(data)),
    loss: classifies ? 'sparseCategoricalCrossentropy' : 'meanSquaredError',
    metrics: classifies ? ['accuracy'] : [],
    optimizer: createOptimizer(recipe.optimizer),
    regularizers: createRegularizers(recipe.regularizers, plugins),
    seed: recipe.seed,
    // The model's own first weights come from the backend's generator; these are the same everywhere.
    initialWeights: 'seed',
  };
}

/** The data as the recipe's model sees it: an autoencoder's targets are its inputs. */
export const dataFor = ({model}: Recipe, data: DataSet): DataSet =>
  model.name === 'autoencoder' ? toAutoencoding(data) : data;

const measureOf = ({kind}: DataSet): Measure => (kind === 'classification' ? 'error' : 'loss');

function errorOf({loss, ...metrics}: EvaluationReport, measure: Measure): number {
  const {accuracy = 0} = metrics;
  return measure === 'error' ? 1 - accuracy : loss;
}

interface Tensors {
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
}

async function judge(
  trainer: Trainer,
  data: DataSet,
  splits: {readonly train: Tensors; readonly validation: Tensors},
  options: {readonly batchSize: number},
): Promise<Pick<RunReport, 'train' | 'validation' | 'test'>> {
  const train = await trainer.evaluate(splits.train, options);
  const validation = await trainer.evaluate(splits.validation, options);
  const judged = toTensors(data, 'test');
  try {
    return {train, validation, test: await trainer.evaluate(judged, options)};
  } finally {
    tf.dispose(judged);
  }
}

/** Before anything is trained. */
function checkLabelsAsked(
  {evaluation, regularizers}: Recipe,
  data: DataSet,
  plugins: readonly LabPlugin[] = [],
): void {
  if (!evaluation.wrongLabels) return;
  const about = {where: 'recipe', option: 'evaluation.wrongLabels', received: true};
  if (data.kind !== 'classification') {
    throw new RegularizerError({
      ...about,
      code: 'no-labels',
      message: 'evaluation.wrongLabels is about classes, and the targets are numbers',
      hint: 'Leave it out.',
    });
  }
  if (createRegularizers(regularizers, plugins).some(({sample}) => sample !== undefined)) return;
  throw new RegularizerError({
    ...about,
    code: 'nothing-out-of-bag',
    message:
      'evaluation.wrongLabels asks members that have not been trained on an example, of which there are none',
    hint: 'Add bagging to the regularizers.',
  });
}

async function judgeLabels(
  trainer: Trainer,
  data: DataSet,
  train: Tensors,
  batchSize: number,
): Promise<LabelReport | undefined> {
  if (data.kind !== 'classification') return undefined;
  const {examples, outputs} = await trainer.outOfBag(train, {batchSize});
  const [probabilities] = outputs;
  const {y: labels, truth} = data.train;
  return suspectLabels({
    examples,
    probabilities: probabilities!.values,
    classes: data.classes,
    labels,
    truth,
  });
}

function previewOf(trainer: Trainer, data: DataSet): Preview {
  const explanation = trainer.explanation();
  return {explanation, parameters: explanation.parameters.trained, measure: measureOf(data)};
}
