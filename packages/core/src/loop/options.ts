import type {ArrayData} from '../data/data.ts';
import type {Stratify} from '../data/strata.ts';
import {isSinglePass, isStream, type StreamData} from '../data/stream.ts';
import {isSplit, type ValidationSplit} from '../data/validation-split.ts';
import {
  callback,
  flag,
  instance,
  integer,
  list,
  number,
  type Option,
  type OptionsOf,
  oneOf,
  record,
  text,
} from '../description/option.ts';
import {readOptions} from '../description/read.ts';
import {type Elsewhere, refuseElsewhere} from '../lib/elsewhere.ts';
import {RegularizerError} from '../lib/errors.ts';
import {isObject, memberOf} from '../lib/given.ts';
import type {EpochReport} from '../regularizer.ts';
import {lineForCallbacks, reportLine} from './callbacks-of-tfjs.ts';

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
  /** Examples in a batch; not of a stream, whose elements are the batches. @defaultValue 32 */
  readonly batchSize?: number;
  /** Batches in one optimizer step, their gradients averaged. @defaultValue 1 */
  readonly accumulate?: number;
  /** Visit the examples in a new order each epoch; not of a stream, which has its own. @defaultValue true */
  readonly shuffle?: boolean;
  /** Leave out an epoch's last batch where it is smaller; not of a stream. @defaultValue false */
  readonly dropLast?: boolean;
  /**
   * Optimizer steps in an epoch of a stream; the next epoch goes on where it ended, and a stream that runs out
   * starts again. Left out, an epoch is one pass.
   */
  readonly stepsPerEpoch?: number;
  /** A weight per class for the loss of the model's one output. */
  readonly classWeight?: readonly number[];
  /**
   * Finds out mean and deviation of each feature from the training examples, before the first step, for the layers of the
   * model that standardize inputs: see `normalization`. Of a stream it takes a pass of its own. A `fit` that goes on keeps
   * what the first one found. @defaultValue false
   */
  readonly standardize?: boolean;
  /**
   * Data to evaluate on after each epoch: examples in memory, or a stream, of which each evaluation is one pass; or
   * `{split: 0.2, stratify: true}`, a share of the examples that is drawn from the trainer's seed and never trained on.
   */
  readonly validation?: ArrayData | StreamData | ValidationSplit;
  /** Examples in a batch of evaluation; not of a stream. @defaultValue the larger of batchSize and 256 */
  readonly evaluationBatchSize?: number;
  /**
   * Ends training after the running step; `fit` then resolves, with `result.stopped`. A further `fit`, or one from a
   * checkpoint, goes on as if it had not been ended.
   */
  readonly signal?: AbortSignal;
  /**
   * What a member keeps of its history, asked after each epoch: rows that it leaves out are in no result and no checkpoint.
   * It gives rows of what it is given, in their order. For runs so long that nobody can look at each of their epochs.
   *
   * @defaultValue all of it
   */
  readonly thinHistory?: (history: readonly EpochReport[]) => readonly EpochReport[];
  /** After each epoch; training waits for it. */
  readonly onEpoch?: (report: EpochReport) => void | Promise<void>;
  /** After each optimizer step; training waits for it. Nothing is read back for it. */
  readonly onStep?: (progress: Progress) => void | Promise<void>;
}

/** Options with their defaults. */
export type FullFitOptions = FitOptions &
  Required<
    Pick<
      FitOptions,
      'epochs' | 'batchSize' | 'accumulate' | 'shuffle' | 'dropLast' | 'standardize' | 'evaluationBatchSize'
    >
  >;

/** The option `stratify`. */
export const stratifyOption: Option<Stratify> & {readonly default: false} = oneOf<Stratify>(
  flag({about: 'By the classes of every output that has one per example, taken together.'}),
  text({about: 'By the classes of one output.'}),
  list<readonly string[]>(text({about: 'Its name.'}))({about: 'By the classes of some outputs.'}),
)({default: false, about: 'Keep the share of each class.'});

/** A split, as an option. */
export const splitOption: Option<ValidationSplit> = record<ValidationSplit>({
  split: number({
    min: 0,
    minExclusive: true,
    max: 1,
    maxExclusive: true,
    required: true,
    about: 'Examples that are held out, as a share of all.',
  }),
  stratify: stratifyOption,
})({about: 'A share of the training data.'});

const count = (about: string): Option<number> => integer({min: 1, about});

/** Examples in a batch of `fit`, unless it says so itself. */
export const defaultBatchSize = 32;

const described = {
  epochs: integer({min: 1, default: 1, about: 'Epochs in all, those of a restored checkpoint included.'}),
  batchSize: integer({min: 1, default: defaultBatchSize, about: 'Examples in a batch.'}),
  accumulate: integer({
    min: 1,
    default: 1,
    about: 'Batches in one optimizer step, their gradients averaged.',
  }),
  shuffle: flag({default: true, about: 'Visit the examples in a new order each epoch.'}),
  dropLast: flag({default: false, about: "Leave out an epoch's last batch where it is smaller."}),
  stepsPerEpoch: count('Optimizer steps in an epoch of a stream.'),
  classWeight: list<readonly number[]>(number({min: 0, about: 'The weight of a class.'}))({
    about: "A weight per class for the loss of the model's one output.",
  }),
  standardize: flag({default: false, about: 'Standardize inputs by the training examples.'}),
  validation: oneOf<ArrayData | StreamData | ValidationSplit>(
    instance<ArrayData | StreamData>(
      'data such as {x, y}, or a stream',
      (value) => isStream(value) || (isObject(value) && !isSplit(value)),
    )({about: 'Data of its own.'}),
    splitOption,
  )({about: 'Data to evaluate on after each epoch, or a share of the examples, which is not trained on.'}),
  evaluationBatchSize: count('Examples in a batch of evaluation.'),
  signal: instance<AbortSignal>(
    'an AbortSignal: of an AbortController, controller.signal',
    isSignal,
  )({
    about: 'Ends training after the running step.',
  }),
  thinHistory: callback<NonNullable<FitOptions['thinHistory']>>()({
    about: 'What a member keeps of its history.',
  }),
  onEpoch: callback<NonNullable<FitOptions['onEpoch']>>()({about: 'After each epoch.'}),
  onStep: callback<NonNullable<FitOptions['onStep']>>()({about: 'After each optimizer step.'}),
} satisfies OptionsOf<FitOptions>;

/** As model.fit has it. */
const elsewhere: Readonly<Record<string, Elsewhere>> = {
  validationData: {line: () => 'validation: {x, y}'},
  validationSplit: {line: (share) => `validation: {split: ${String(share)}}`},
  callbacks: {line: lineForCallbacks},
  verbose: {line: () => reportLine},
  classWeight: {
    must: 'a list, a number for each class',
    line: (value) => {
      if (!isObject(value) || Array.isArray(value)) return undefined;
      const classes = Object.keys(value).map(Number);
      if (classes.length === 0 || !classes.every((one) => Number.isInteger(one) && one >= 0))
        return undefined;
      const weights = Array.from(
        {length: Math.max(...classes) + 1},
        (_, i) => memberOf(value, String(i)) ?? 1,
      );
      return `classWeight: [${weights.join(', ')}]`;
    },
  },
};

/** What the options of `fit` are. */
export const fitDescription: OptionsOf<FitOptions> = described;

/**
 * Checks the options of `fit` and fills in defaults.
 *
 * @param data what is trained on
 * @throws RegularizerError as {@link readOptions}, with code `no-effect`, or `single-pass` for a generator that is to be
 *   read twice
 */
export function fitOptions(given: FitOptions, data: unknown): FullFitOptions {
  refuseElsewhere('fit', given, elsewhere);
  const options = readOptions<FitOptions, typeof described>('fit', given, described);
  const {epochs, validation, stepsPerEpoch} = options;
  if (isStream(data)) {
    refuseIdle(given, ['batchSize', 'shuffle', 'dropLast'], aboutStreams);
    if (epochs > 1 && stepsPerEpoch === undefined) checkPasses('fit', data, `${epochs} epochs`);
    if (options.standardize) checkPasses('fit', data, 'standardize');
  } else {
    refuseIdle(given, ['stepsPerEpoch'], aboutArrays);
  }
  if (isStream(validation)) {
    refuseIdle(given, ['evaluationBatchSize'], aboutStreams);
    checkPasses('validation', validation, 'an evaluation after each epoch');
  }
  return {evaluationBatchSize: Math.max(options.batchSize, 256), ...options};
}

const aboutStreams = {
  what: 'a stream, whose elements are the batches',
  hint: 'Leave it out, and let the stream do it: tf.data has batch, with smallLastBatch, and shuffle.',
};

const aboutArrays = {
  what: 'examples in memory, all of which an epoch visits',
  hint: 'Leave it out; of a stream it says how long an epoch is.',
};

/** What would have no effect is refused. */
function refuseIdle<Key extends string>(
  given: Readonly<Partial<Record<Key, unknown>>>,
  idle: readonly Key[],
  {what, hint}: typeof aboutStreams,
  where = 'fit',
): void {
  const found = idle.find((key) => given[key] !== undefined);
  if (found === undefined) return;
  throw new RegularizerError({
    where,
    code: 'no-effect',
    message: `${found} has no effect on ${what}`,
    hint,
    option: found,
  });
}

/**
 * Checks that a stream can be read as often as it will be.
 *
 * @param needs what reads it more than once
 * @throws RegularizerError with code `single-pass`
 */
export function checkPasses(where: string, stream: StreamData, needs: string): void {
  if (!isSinglePass(stream)) return;
  throw new RegularizerError({
    where,
    code: 'single-pass',
    message: `a generator gives one pass, but ${needs} would need more`,
    hint: 'Pass the generator function itself, which is called for each pass: fit(batches), not fit(batches()).',
  });
}

/** One of this realm or another, or one that behaves like it. */
function isSignal(value: unknown): boolean {
  return (
    typeof memberOf(value, 'aborted') === 'boolean' &&
    typeof memberOf(value, 'addEventListener') === 'function'
  );
}

/** Options of `evaluate` and `predict`. */
export interface BatchSizeOptions {
  /** @defaultValue 256 */
  readonly batchSize?: number;
}

const batchSizeOptions = {
  batchSize: integer({min: 1, default: 256, about: 'Examples in a batch.'}),
} satisfies OptionsOf<BatchSizeOptions>;

/**
 * The number of examples in a batch of `evaluate` or `predict`.
 *
 * @throws RegularizerError as {@link readOptions}, or with code `no-effect` where the data is a stream
 */
export function batchSizeOf(where: string, given: BatchSizeOptions, data: unknown): number {
  const {batchSize} = readOptions(where, given, batchSizeOptions);
  if (isStream(data)) refuseIdle(given, ['batchSize'], aboutStreams, where);
  return batchSize;
}
