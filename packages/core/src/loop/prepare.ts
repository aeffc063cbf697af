import type {Pace} from '../backend/pace.ts';
import {checkClassWeight} from '../data/class-weight.ts';
import {type ArrayData, type CheckedArrays, checkArrays, type DataShape} from '../data/data.ts';
import {checkValues} from '../data/data-values.ts';
import {arraysToEvaluate, type EvaluationData, streamToEvaluate} from '../data/evaluation-data.ts';
import {arraySource, type Source} from '../data/source.ts';
import {isStream, type StreamData} from '../data/stream.ts';
import {streamSource} from '../data/stream-source.ts';
import type {Combiner} from '../evaluate/combiner.ts';
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
}

/**
 * Checks the data against the model, and makes batches of it; {@link closeData} ends reading it.
 *
 * @throws RegularizerError for data that does not fit
 */
export async function prepare(
  data: ArrayData | StreamData,
  options: FullFitOptions,
  shape: DataShape,
): Promise<Data> {
  const {batchSize, shuffle, dropLast, classWeight, stepsPerEpoch, accumulate, evaluationBatchSize} = options;
  if (classWeight) checkClassWeight(classWeight, shape);
  const validation =
    options.validation && (await toEvaluate('validation', options.validation, evaluationBatchSize, shape));
  try {
    const source = isStream(data)
      ? await streamSource(
          data,
          {...shape, classWeight},
          stepsPerEpoch === undefined ? undefined : stepsPerEpoch * accumulate,
        )
      : arraySource(await checked('fit', data, shape), {...shape, batchSize, shuffle, dropLast, classWeight});
    return {source, validation};
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
): Promise<EvaluationData> {
  if (isStream(data)) return streamToEvaluate(where, data, shape);
  return arraysToEvaluate(await checked(where, data, shape), batchSize, shape);
}

/**
 * Checks examples in memory, their values included.
 *
 * @throws RegularizerError for data that does not fit
 */
async function checked(where: string, data: ArrayData, shape: DataShape): Promise<CheckedArrays> {
  const arrays = checkArrays(where, data, shape);
  await checkValues(where, arrays, shape);
  return arrays;
}
