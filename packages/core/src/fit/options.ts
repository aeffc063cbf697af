import {describeValue} from '../describe-value.ts';
import {RegularizerError} from '../errors.ts';
import {givenObject, looking, memberOf} from '../given.ts';
import type {EpochReport} from '../hooks.ts';
import {checkFlag, checkNumber} from '../options.ts';
import type {ArrayData} from './data.ts';

/** Where a run is, for progress bars. */
export interface Progress {
  readonly member: number;
  readonly members: number;
  /** The running epoch, from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Optimizer steps done in the epoch. */
  readonly stepInEpoch: number;
  readonly stepsPerEpoch: number | undefined;
  /** Optimizer steps done by this member. */
  readonly step: number;
  /** The step took longer than those like it will: its programs were compiled (WebGL), or it was captured (native). */
  readonly isWarmUp: boolean;
}

/** Options of `fit`. */
export interface FitOptions {
  /** Epochs in all, those of a restored checkpoint included. @defaultValue 1 */
  readonly epochs?: number;
  /** Examples in a batch. @defaultValue 32 */
  readonly batchSize?: number;
  /** Batches in one optimizer step, their gradients averaged. @defaultValue 1 */
  readonly accumulate?: number;
  /** Visit the examples in a new order each epoch. @defaultValue true */
  readonly shuffle?: boolean;
  /** Leave out an epoch's last batch where it is smaller. @defaultValue false */
  readonly dropLast?: boolean;
  /**
   * Optimizer steps in an epoch of a stream; the next epoch goes on where it ended, and a stream that runs out
   * starts again. Left out, an epoch is one pass.
   */
  readonly stepsPerEpoch?: number;
  /** A weight per class for the loss of the model's one output. */
  readonly classWeight?: readonly number[];
  /** Data to evaluate on after each epoch. */
  readonly validation?: ArrayData;
  /** Examples in a batch of evaluation. @defaultValue the larger of batchSize and 256 */
  readonly evaluationBatchSize?: number;
  /**
   * Ends training after the running step; `fit` then resolves, with `result.stopped`. A further `fit`, or one from a
   * checkpoint, goes on as if it had not been ended.
   */
  readonly signal?: AbortSignal;
  /** After each epoch; training waits for it. */
  readonly onEpoch?: (report: EpochReport) => void | Promise<void>;
  /** After each optimizer step; training waits for it. Nothing is read back for it. */
  readonly onStep?: (progress: Progress) => void | Promise<void>;
}

/** Options with their defaults. */
export type FullFitOptions = FitOptions &
  Required<
    Pick<FitOptions, 'epochs' | 'batchSize' | 'accumulate' | 'shuffle' | 'dropLast' | 'evaluationBatchSize'>
  >;

const known: readonly (keyof FitOptions)[] = [
  'epochs',
  'batchSize',
  'accumulate',
  'shuffle',
  'dropLast',
  'stepsPerEpoch',
  'classWeight',
  'validation',
  'evaluationBatchSize',
  'signal',
  'onEpoch',
  'onStep',
];

/**
 * Checks the options of `fit` and fills in defaults.
 *
 * @throws RegularizerError with code `not-an-object`, `unknown-option`, `out-of-range`, `not-a-flag` or `bad-option`
 */
export function fitOptions(given: FitOptions): FullFitOptions {
  const options = givenObject('fit', 'options', given, known) as FitOptions;
  const {epochs = 1, batchSize = 32, accumulate = 1, shuffle = true, dropLast = false, classWeight} = options;
  const positive = {min: 1, integer: true};
  checkNumber('fit', 'epochs', epochs, positive);
  checkNumber('fit', 'batchSize', batchSize, positive);
  checkNumber('fit', 'accumulate', accumulate, positive);
  const {evaluationBatchSize = Math.max(batchSize, 256), stepsPerEpoch, signal, onEpoch, onStep} = options;
  checkNumber('fit', 'evaluationBatchSize', evaluationBatchSize, positive);
  if (stepsPerEpoch !== undefined) checkNumber('fit', 'stepsPerEpoch', stepsPerEpoch, positive);
  checkFlag('fit', 'shuffle', shuffle);
  checkFlag('fit', 'dropLast', dropLast);
  if (classWeight !== undefined && !looking('fit', 'classWeight', () => isListOfWeights(classWeight))) {
    throw new RegularizerError({
      where: 'fit',
      code: 'out-of-range',
      message: `classWeight must be a list of finite numbers of at least 0; received ${describeValue(classWeight)}`,
    });
  }
  if (signal !== undefined && !isSignal(signal)) {
    refuse('signal must be an AbortSignal', signal, 'Of an AbortController, pass controller.signal.');
  }
  for (const [name, call] of Object.entries({onEpoch, onStep})) {
    if (call !== undefined && typeof call !== 'function') refuse(`${name} must be a function`, call);
  }
  return {...options, epochs, batchSize, accumulate, shuffle, dropLast, evaluationBatchSize};
}

function isListOfWeights(value: unknown): boolean {
  // A copy, since `every` passes over the holes of a list.
  return Array.isArray(value) && [...value].every((weight) => Number.isFinite(weight) && weight >= 0);
}

/** One of this realm or another, or one that behaves like it. */
function isSignal(value: unknown): boolean {
  return (
    typeof memberOf(value, 'aborted') === 'boolean' &&
    typeof memberOf(value, 'addEventListener') === 'function'
  );
}

function refuse(message: string, received: unknown, hint?: string): never {
  throw new RegularizerError({
    where: 'fit',
    code: 'bad-option',
    message: `${message}; received ${describeValue(received)}`,
    ...(hint ? {hint} : {}),
  });
}

/** Options of `evaluate` and `predict`. */
export interface BatchSizeOptions {
  /** @defaultValue 256 */
  readonly batchSize?: number;
}

/**
 * The number of examples in a batch of `evaluate` or `predict`.
 *
 * @throws RegularizerError with code `not-an-object`, `unknown-option` or `out-of-range`
 */
export function batchSizeOf(where: string, given: BatchSizeOptions): number {
  const {batchSize = 256} = givenObject(where, 'options', given, ['batchSize']);
  return checkNumber(where, 'batchSize', batchSize, {min: 1, integer: true});
}
