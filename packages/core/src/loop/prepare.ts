import type {Pace} from '../backend/pace.ts';
import {checkClassWeight} from '../data/class-weight.ts';
import {
  type ArrayData,
  type CheckedArrays,
  checkArrays,
  type DataShape,
  disposeExamples,
  gatherExamples,
} from '../data/data.ts';
import {checkValues} from '../data/data-values.ts';
import {arraysToEvaluate, type EvaluationData} from '../data/evaluation-data.ts';
import {examplesFor} from '../data/sample.ts';
import {arraySource, type Source} from '../data/source.ts';
import {isStream, type StreamData} from '../data/stream.ts';
import {type Cut, checkTextureSize} from '../data/texture-size.ts';
import {isSplit, type Split, type ValidationSplit} from '../data/validation-split.ts';
import type {Combiner} from '../evaluate/combiner.ts';
import {RegularizerError} from '../lib/errors.ts';
import type {Program} from '../plugins/program.ts';
import type {SplitRecord} from '../state/split-record.ts';
import type {FullFitOptions} from './options.ts';

/** What a run of `fit` is about: the same for every member. */
export interface Fit extends Data {
  readonly options: FullFitOptions;
  /** How many members there are in all. */
  readonly members: number;
  readonly combiner: Combiner;
  /** One for all: members are of one backend, however long the last one waits for its turn. */
  readonly pace: Pace;
}

/** The data of a run. */
export interface Data {
  readonly source: Source;
  readonly validation: EvaluationData | undefined;
  /** Where the validation data was split off. */
  readonly held?: {readonly split: Split; readonly record: SplitRecord};
}

/**
 * Checks the data against the model, and makes batches of it; {@link closeData} ends reading it.
 *
 * @param program the first member's
 * @throws RegularizerError for data that does not fit; Aborted if the signal aborts before a stream has given any
 */
export async function prepare(
  data: ArrayData | StreamData,
  options: FullFitOptions,
  shape: DataShape,
  program: Program,
): Promise<Data> {
  const {batchSize, shuffle, dropLast, classWeight, stepsPerEpoch, accumulate, evaluationBatchSize, signal} =
    options;
  if (classWeight) checkClassWeight(classWeight, shape);
  const cut = {...shape, batchSize, shuffle, dropLast, classWeight};
  const cutForFit: Cut = {batchSize, option: 'batchSize'};
  if (isSplit(options.validation)) {
    if (isStream(data)) refuseSplit(options.validation);
    const arrays = await checked('fit', data, shape, [cutForFit, cutToEvaluate(evaluationBatchSize)]);
    const {splitData} = await import('../data/split.ts');
    const held = await splitData('fit', arrays, options.validation, shape, program.seed);
    const {train} = held.split;
    const source = arraySource(arrays, cut, await examplesFor(program, arrays, shape, train), train);
    return {source, held, validation: heldToEvaluate(arrays, held.split, evaluationBatchSize, shape)};
  }
  const validation =
    options.validation &&
    (await toEvaluate('validation', options.validation, evaluationBatchSize, shape, signal));
  try {
    if (isStream(data)) {
      const {streamSource} = await import('../data/stream-source.ts');
      const batches = stepsPerEpoch === undefined ? undefined : stepsPerEpoch * accumulate;
      return {source: await streamSource(data, {...shape, classWeight}, batches, signal), validation};
    }
    const arrays = await checked('fit', data, shape, [cutForFit]);
    return {source: arraySource(arrays, cut, await examplesFor(program, arrays, shape)), validation};
  } catch (error) {
    await validation?.close();
    throw error;
  }
}

/** Ends reading. */
export async function closeData({source, validation}: Data): Promise<void> {
  try {
    await source.close();
  } finally {
    await validation?.close();
  }
}

/** What is split off, as examples of its own until it is closed. */
function heldToEvaluate(
  arrays: CheckedArrays,
  {validation}: Split,
  batchSize: number,
  shape: DataShape,
): EvaluationData {
  const held = gatherExamples(arrays, validation);
  return {...arraysToEvaluate(held, batchSize, shape), close: async () => disposeExamples(held)};
}

/**
 * Data to evaluate on.
 *
 * @throws RegularizerError for data that does not fit
 */
export async function toEvaluate(
  where: string,
  data: ArrayData | StreamData,
  batchSize: number,
  shape: DataShape,
  signal?: AbortSignal,
): Promise<EvaluationData> {
  if (isStream(data)) {
    const {streamToEvaluate} = await import('../data/stream-evaluation.ts');
    return streamToEvaluate(where, data, shape, signal);
  }
  const cut = where === 'validation' ? cutToEvaluate(batchSize) : ({batchSize, option: 'batchSize'} as const);
  return arraysToEvaluate(await checked(where, data, shape, [cut]), batchSize, shape);
}

const cutToEvaluate = (batchSize: number): Cut => ({batchSize, option: 'evaluationBatchSize'});

/**
 * Checks examples in memory, their values included.
 *
 * @param cuts how batches are cut of them
 * @throws RegularizerError for data that does not fit
 */
export async function checked(
  where: string,
  data: ArrayData,
  shape: DataShape,
  cuts: readonly Cut[],
): Promise<CheckedArrays> {
  const arrays = checkArrays(where, data, shape);
  for (const cut of cuts) checkTextureSize(where, arrays, shape, cut);
  await checkValues(where, arrays, shape);
  return arrays;
}

function refuseSplit({split}: ValidationSplit): never {
  throw new RegularizerError({
    where: 'fit',
    code: 'needs-arrays',
    message: 'a share can be held out of examples in memory only, but the data is a stream',
    hint: 'Take it off the stream: of a tf.data.Dataset, validation is data.take(n), and the rest data.skip(n).',
    option: 'validation',
    received: {split},
  });
}
