import type {Pace} from '../backend/pace.ts';
import {checkClassWeight} from '../data/class-weight.ts';
import {
  type ArrayData,
  type CheckedArrays,
  checkArrays,
  type DataShape,
  isStream,
  type StreamData,
} from '../data/data.ts';
import {checkValues} from '../data/data-values.ts';
import {arraySource, type Source} from '../data/source.ts';
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
  readonly validation: CheckedArrays | undefined;
}

/**
 * Checks the data against the model, and makes batches of it.
 *
 * @throws RegularizerError for data that does not fit
 */
export async function prepare(
  data: ArrayData | StreamData,
  options: FullFitOptions,
  shape: DataShape,
): Promise<Data> {
  const {batchSize, shuffle, dropLast, classWeight, stepsPerEpoch, accumulate} = options;
  if (classWeight) checkClassWeight(classWeight, shape);
  const cut = {...shape, batchSize, shuffle, dropLast, classWeight};
  const validation =
    options.validation === undefined ? undefined : await checked('validation', options.validation, shape);
  if (isStream(data)) {
    const batches = stepsPerEpoch === undefined ? undefined : stepsPerEpoch * accumulate;
    return {source: streamSource(data, cut, batches), validation};
  }
  return {source: arraySource(await checked('fit', data, shape), cut), validation};
}

/**
 * Checks examples in memory, their values included.
 *
 * @throws RegularizerError for data that does not fit
 */
export async function checked(where: string, data: ArrayData, shape: DataShape): Promise<CheckedArrays> {
  const arrays = checkArrays(where, data, shape);
  await checkValues(where, arrays, shape);
  return arrays;
}
