import {deriveKey} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {
  type ArrayData,
  type CheckedArrays,
  type DataShape,
  disposeExamples,
  gatherExamples,
} from './data/data.ts';
import {dealFolds, requireEach, splitData} from './data/split.ts';
import {type Stratify, strataOf} from './data/strata.ts';
import type {ValidationSplit} from './data/validation-split.ts';
import {callback, integer, type OptionsOf} from './description/option.ts';
import {readOptions} from './description/read.ts';
import {describeValue} from './lib/describe-value.ts';
import {RegularizerError} from './lib/errors.ts';
import {entryOf} from './lib/item.ts';
import {
  defaultBatchSize,
  type FitOptions,
  fitDescription,
  splitOption,
  stratifyOption,
} from './loop/options.ts';
import {checked} from './loop/prepare.ts';
import type {Stopped} from './member/member-run.ts';
import {isPureModel, type PureModel} from './model/pure-adapter.ts';
import {dataShapeOf} from './model-shape.ts';
import type {EpochReport, EvaluationReport, Regularizer} from './regularizer.ts';
import {createTrainer} from './trainer.ts';
import type {Trained} from './trainer-api.ts';
import type {TrainerOptions} from './trainer-options.ts';

/** Options of {@link crossValidate}: those of `fit`, and how the examples are dealt out. */
export interface CrossValidateOptions<Model extends LayersModel | PureModel = LayersModel | PureModel>
  extends Omit<FitOptions, 'validation' | 'onEpoch' | 'onStep'> {
  /** How many parts the examples are dealt out to, 2 or more. @defaultValue 5 */
  readonly folds?: number;
  /**
   * Give each fold as many examples of each class, give or take one: of every output that has one class per example,
   * taken together, or of one output, by its name.
   *
   * @defaultValue false
   */
  readonly stratify?: Stratify;
  /**
   * A share of each fold's training examples to evaluate on after each epoch, as early stopping needs: the examples
   * that a fold is scored on decide nothing in its training. @defaultValue none
   */
  readonly validation?: ValidationSplit;
  /** After each fold; the next one waits for it. */
  readonly onFold?: (fold: Fold<Model>) => void | Promise<void>;
}

const {validation: _, onEpoch: __, onStep: ___, ...ofFit} = fitDescription;

const described = {
  ...ofFit,
  folds: integer({min: 2, default: 5, about: 'How many parts the examples are dealt out to.'}),
  stratify: stratifyOption,
  validation: splitOption,
  onFold: callback<NonNullable<CrossValidateOptions['onFold']>>()({about: 'After each fold.'}),
} satisfies OptionsOf<CrossValidateOptions>;

/** What one fold came to. */
export interface Fold<Model extends LayersModel | PureModel = LayersModel | PureModel> {
  /** From 0. */
  readonly fold: number;
  /** Places of the examples that its `fit` was given, ascending. */
  readonly train: Int32Array;
  /** Places of those that it is scored on, ascending. */
  readonly held: Int32Array;
  readonly history: readonly EpochReport[];
  readonly stopped: Stopped | undefined;
  /** Loss and metrics on the examples that were held out. */
  readonly score: EvaluationReport;
  /** The trained model, which is the caller's to dispose of. */
  readonly model: Trained<Model>;
  /** Wall time of its `fit`. */
  readonly seconds: number;
}

/** One number of the scores over all folds. */
export interface FoldStatistic {
  readonly values: readonly number[];
  readonly mean: number;
  /** The standard deviation of the folds, n − 1 below, over √n. */
  readonly standardError: number;
}

/** What {@link crossValidate} comes to. */
export interface CrossValidation<Model extends LayersModel | PureModel = LayersModel | PureModel> {
  readonly folds: readonly Fold<Model>[];
  /** `loss` and each metric. */
  readonly scores: Readonly<Record<string, FoldStatistic>>;
}

/**
 * Trains a new model for each of k folds on the other k − 1, and scores it on the fold: every example is held out
 * once. Which examples those are follows from the seed of the trainers alone.
 *
 * Folds share training data, so that the standard error tends to be too small (Bengio & Grandvalet 2004,
 * https://www.jmlr.org/papers/v5/grandvalet04a.html).
 *
 * @param make the options of a fold's trainer, with a model that has not been trained
 * @param data all examples, in memory
 * @throws RegularizerError before anything is trained: with code `too-few-examples` where there are fewer examples than
 *   folds, or fewer of one class, `not-a-factory`, `no-classes`, and whatever `createTrainer` and `fit` refuse; with
 *   code `same-model` where `make` gives a model again, `different-metrics` where it gives other metrics than before; with
 *   code `aborted` at the signal
 *
 * @example
 * ```ts
 * const {scores} = await crossValidate(
 *   () => ({model: buildModel(), loss: 'categoricalCrossentropy', optimizer: adam(), metrics: ['accuracy']}),
 *   {x, y},
 *   {folds: 5, stratify: true, epochs: 20},
 * );
 * console.log(scores.accuracy.mean, scores.accuracy.standardError);
 * ```
 */
export async function crossValidate<Model extends LayersModel | PureModel = LayersModel | PureModel>(
  make: (fold: number) => TrainerOptions<readonly Regularizer[], Model>,
  data: ArrayData,
  given: CrossValidateOptions<Model> = {},
): Promise<CrossValidation<Model>> {
  const {folds, stratify, validation, onFold, ...fit} = readOptions<
    CrossValidateOptions<Model>,
    typeof described
  >(where, given, described);
  checkFactory(make);
  const first = make(0);
  createTrainer(first).dispose();
  const {seed = 0} = first;
  const shape = dataShapeOf(first.model, first.loss);
  const arrays = await checked(where, data, shape, [
    {batchSize: fit.batchSize ?? defaultBatchSize, option: 'batchSize'},
  ]);
  const parts = await dealt(arrays, shape, {folds, stratify, seed});
  if (validation) await checkSplits(arrays, parts, validation, shape, seed);
  const models = new Set<object>();
  const done: Fold<Model>[] = [];
  try {
    for (const [fold, {train, held}] of parts.entries()) {
      const options = fold === 0 ? first : make(fold);
      requireNew(options.model, models, fold);
      const result = await runFold(
        options,
        arrays,
        {fold, train, held, scored: done[0]?.score},
        {...fit, ...(validation ? {validation} : {})},
      );
      done.push(result);
      await onFold?.(result);
    }
  } catch (error) {
    // Nobody has been given them.
    if (!onFold) for (const {model} of done) disposeMade(model, models);
    throw error;
  }
  return {folds: done, scores: statisticsOf(done.map(({score}) => score))};
}

/** Disposes of a model that `fit` has made: those that it was given are the caller's. */
function disposeMade(model: LayersModel | PureModel, given: ReadonlySet<object>): void {
  if (given.has(model)) return;
  if (isPureModel(model)) tf.dispose(model.weights);
  else model.dispose();
}

const where = 'crossValidate';

type Part = Pick<Fold, 'train' | 'held'>;

async function dealt(
  arrays: CheckedArrays,
  shape: DataShape,
  {folds, stratify, seed}: {readonly folds: number; readonly stratify: Stratify; readonly seed: number},
): Promise<readonly Part[]> {
  const {examples} = arrays;
  if (folds > examples) {
    throw new RegularizerError({
      where,
      code: 'too-few-examples',
      message: `${folds} folds need as many examples, but there are ${examples}`,
      option: 'folds',
      received: folds,
      allowed: {type: 'integer', minimum: 2, maximum: examples},
    });
  }
  const strata = await strataOf(where, arrays, shape, stratify);
  if (strata) requireEach(where, strata, folds, 'one for each fold', 'folds');
  const foldOf = dealFolds(examples, folds, strata, deriveKey(seed, 'core', 'folds'));
  const places = Int32Array.from(foldOf, (_, i) => i);
  return Array.from({length: folds}, (_, fold) => ({
    train: places.filter((i) => foldOf[i] !== fold),
    held: places.filter((i) => foldOf[i] === fold),
  }));
}

/** A fold whose training examples cannot be split is refused before the first is trained. */
async function checkSplits(
  arrays: CheckedArrays,
  parts: readonly Part[],
  validation: ValidationSplit,
  shape: DataShape,
  seed: number,
): Promise<void> {
  for (const {train} of parts) {
    await using(gatherExamples(arrays, train), (part) => splitData(where, part, validation, shape, seed));
  }
}

/** What a fold is of, and what the first one was scored on. */
interface FoldRequest extends Pick<Fold, 'fold' | 'train' | 'held'> {
  readonly scored: EvaluationReport | undefined;
}

/** There is no mean of what only some folds report. */
function requireSameNames(fold: number, first: EvaluationReport, score: EvaluationReport): void {
  const [before, now] = [Object.keys(first), Object.keys(score)];
  if (before.join() === now.join()) return;
  throw new RegularizerError({
    where,
    code: 'different-metrics',
    message: `fold ${fold} reports ${now.join(', ')}, and fold 0 ${before.join(', ')}`,
    hint: 'Give every fold the same losses and metrics.',
    option: 'metrics',
    received: now,
    allowed: {const: before},
  });
}

async function runFold<Model extends LayersModel | PureModel>(
  options: TrainerOptions<readonly Regularizer[], Model>,
  arrays: CheckedArrays,
  {fold, train, held, scored}: FoldRequest,
  fit: FitOptions,
): Promise<Fold<Model>> {
  const trainer = createTrainer<readonly Regularizer[], Model>(options);
  try {
    const {history, stopped, model, seconds} = await using(gatherExamples(arrays, train), (part) =>
      trainer.fit(asData(part), fit),
    );
    try {
      if (fit.signal?.aborted) refuseAborted(fold);
      const score = await using(gatherExamples(arrays, held), (part) =>
        trainer.evaluate(
          asData(part),
          fit.evaluationBatchSize === undefined ? {} : {batchSize: fit.evaluationBatchSize},
        ),
      );
      if (scored) requireSameNames(fold, scored, score);
      return {fold, train, held, history, stopped, score, model, seconds};
    } catch (error) {
      disposeMade(model, new Set([options.model]));
      throw error;
    }
  } finally {
    trainer.dispose();
  }
}

function asData({inputs, targets, sampleWeight}: CheckedArrays): ArrayData {
  return {x: inputs, y: targets, ...(sampleWeight ? {sampleWeight} : {})};
}

async function using<T>(part: CheckedArrays, use: (part: CheckedArrays) => Promise<T>): Promise<T> {
  try {
    return await use(part);
  } finally {
    disposeExamples(part);
  }
}

function statisticsOf(scores: readonly EvaluationReport[]): Readonly<Record<string, FoldStatistic>> {
  return Object.fromEntries(
    Object.keys(scores[0] ?? {}).map((name) => {
      const values = scores.map((score) => entryOf(score, name));
      const n = values.length;
      const mean = values.reduce((sum, value) => sum + value, 0) / n;
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      return [name, {values, mean, standardError: Math.sqrt(squares / (n - 1) / n)}];
    }),
  );
}

function checkFactory(make: unknown): void {
  if (typeof make === 'function') return;
  throw new RegularizerError({
    where,
    code: 'not-a-factory',
    message: `each fold needs a model of its own, so a function that makes a trainer's options is expected; received ${describeValue(make)}`,
    hint: 'Write crossValidate(() => ({model: buildModel(), loss, optimizer}), {x, y}, {folds: 5}).',
  });
}

/** A model that one fold has trained has seen what the next one is scored on; pure ones are never written. */
function requireNew(model: TrainerOptions['model'], known: Set<object>, fold: number): void {
  if (known.has(model) && 'layers' in model) {
    throw new RegularizerError({
      where,
      code: 'same-model',
      message: `fold ${fold} was given a model that another fold has trained`,
      hint: 'Build a new one each time: crossValidate(() => ({model: buildModel(), …}), …).',
    });
  }
  known.add(model);
}

function refuseAborted(fold: number): never {
  throw new RegularizerError({
    where,
    code: 'aborted',
    message: `cross-validation was aborted in fold ${fold}`,
    hint: 'What onFold was given before is whole.',
  });
}
