import {
  checkRecord,
  describeValue,
  type Option,
  type OptionRecord,
  type OptionsOf,
  option,
  RegularizerError,
  readOptions,
  type Technique,
} from '@regularizers/core';
import type {Parameter, Point} from '../space/parameter.ts';
import type {PartChoice} from '../space/part.ts';
import {isStorage, memoryStudy, type StudyStorage} from '../study/storage.ts';
import type {TrainingOptions} from './training.ts';
import type {RunTrial, Trial} from './trial.ts';

/** Where a search is. */
export interface SearchProgress {
  readonly stage: 'baseline' | 'alone' | 'together' | 'report';
  /** Trials that are done, those of earlier processes included. */
  readonly trials: number;
  /** Seconds that the search has taken, those of earlier processes included. */
  readonly seconds: number;
  /** The last trial, and its error on validation examples; null where it failed. */
  readonly last: {readonly trial: Trial; readonly validation: number | null};
  /** The best composition so far, by validation error over all seeds of the search. */
  readonly best?: {readonly point: Point; readonly error: number};
}

/** Options of {@link search}. */
export interface SearchOptions extends Partial<TrainingOptions> {
  /** What may be composed; with options that stay as they are, `{technique, options}`. */
  readonly techniques: readonly (Technique | PartChoice)[];
  /** How a trial is run, in place of `model`, `data` and the like. */
  readonly run?: RunTrial;
  /**
   * What belongs to training itself and is searched for the baseline, too.
   *
   * @defaultValue the learning rate, from 1e-4 to 1e-1 by its logarithm
   */
  readonly settings?: readonly Parameter[];
  /** Trials of the search, 10 or more; the report's are on top. @defaultValue no limit */
  readonly trials?: number;
  /** Minutes in all, the report's included. @defaultValue no limit; one of the two is needed */
  readonly minutes?: number;
  /** How many trials' time the caller wants to have left of the minutes when the search has ended. @defaultValue 0 */
  readonly afterwards?: number;
  /** Of all that is drawn, and of the seeds that are trained on. @defaultValue 0 */
  readonly seed?: number;
  /** Seeds that candidates are raced over, 3 or more. @defaultValue 3 */
  readonly raceSeeds?: number;
  /** Seeds of the report, none of which the search has trained on, 2 or more. @defaultValue 5 */
  readonly reportSeeds?: number;
  /**
   * Folds of the data, 2 or more: each trial is told one (`fold`), and the seeds of the search and those of the report take
   * them in turn. Verdicts take Nadeau and Bengio's variance, since folds share training data. For `run` alone.
   *
   * @defaultValue none
   */
  readonly folds?: number;
  /**
   * Rows of the report beside the winner: each technique alone, or the best of each family, which takes less training and
   * asks fewer questions, so that each of them is answered sooner.
   *
   * @defaultValue 'techniques'
   */
  readonly rows?: 'techniques' | 'families';
  /**
   * What errors are, for those who read the sentences: shares of wrong answers, or losses.
   *
   * @defaultValue 'error'; of a model without metrics 'loss'
   */
  readonly measure?: 'error' | 'loss';
  /** Strengths that each technique is tried at first. @defaultValue 5 */
  readonly strengths?: number;
  /**
   * Trials that are run at once, where `run` hands them to other processes: the winner does not depend on it.
   *
   * @defaultValue 1
   */
  readonly concurrency?: number;
  /** What `run` trains besides, as text: a study of anything else is not gone on with. @defaultValue '' */
  readonly about?: string;
  /** Where the search is kept, to go on with it: see {@link StudyStorage}. @defaultValue in memory */
  readonly study?: StudyStorage;
  /** Ends the search after the running step; its study can be gone on with. */
  readonly signal?: AbortSignal;
  /** After each trial that was run here. */
  readonly onProgress?: (progress: SearchProgress) => void;
}

/** Options with their defaults, those of training apart. */
export type FullSearchOptions = SearchOptions &
  Required<
    Pick<
      SearchOptions,
      | 'settings'
      | 'afterwards'
      | 'seed'
      | 'raceSeeds'
      | 'reportSeeds'
      | 'strengths'
      | 'rows'
      | 'measure'
      | 'concurrency'
      | 'about'
      | 'study'
    >
  >;

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
const isObjects = (value: unknown): boolean => Array.isArray(value) && Array.from(value).every(isObject);

/** Options of training are checked where they are used: see {@link trainingOf}. */
const later = <Key extends keyof TrainingOptions>(
  about: string,
): Option<Exclude<TrainingOptions[Key], undefined>> =>
  option.instance<Exclude<TrainingOptions[Key], undefined>>('as its type says', () => true)({about});

const learningRate: Parameter = {
  key: 'learningRate',
  search: {from: 1e-4, to: 1e-1, scale: 'log'},
  integer: false,
  when: [],
};

const described = {
  techniques: option.instance<SearchOptions['techniques']>(
    'a list of techniques',
    (value) => isObjects(value) && (value as readonly unknown[]).length > 0,
  )({about: 'What may be composed.', required: true}),
  run: option.callback<RunTrial>()({about: 'How a trial is run.'}),
  settings: option.instance<readonly Parameter[]>(
    'a list of parameters',
    isObjects,
  )({default: [learningRate], about: 'What belongs to training itself.'}),
  trials: option.integer({min: 10, about: 'Trials of the search.'}),
  minutes: option.number({min: 0, minExclusive: true, about: 'Minutes in all.'}),
  afterwards: option.integer({min: 0, default: 0, about: 'Trials whose time is left in the end.'}),
  seed: option.integer({default: 0, about: 'Of all that is drawn.'}),
  raceSeeds: option.integer({min: 3, max: 100, default: 3, about: 'Seeds that candidates are raced over.'}),
  reportSeeds: option.integer({min: 2, max: 1000, default: 5, about: 'Seeds of the report.'}),
  strengths: option.integer({min: 2, max: 100, default: 5, about: 'Strengths of each technique.'}),
  folds: option.integer({min: 2, max: 1000, about: 'Folds of the data, which trials take in turn.'}),
  rows: option.choice(['techniques', 'families'], {
    default: 'techniques',
    about: 'Rows of the report beside the winner.',
  }),
  about: option.instance<string>(
    'a text',
    (value) => typeof value === 'string',
  )({
    default: '',
    about: 'What run trains besides.',
  }),
  measure: option.choice(['error', 'loss'], {about: 'What errors are.'}),
  concurrency: option.integer({min: 1, max: 10_000, default: 1, about: 'Trials that are run at once.'}),
  study: option.instance<StudyStorage>(
    'a storage such as studyFile(path)',
    isStorage,
  )({
    about: 'Where the search is kept.',
  }),
  signal: option.instance<AbortSignal>('an AbortSignal', isObject)({about: 'Ends the search.'}),
  onProgress: option.callback<NonNullable<SearchOptions['onProgress']>>()({about: 'After each trial.'}),
  model: later<'model'>('Builds the model.'),
  data: later<'data'>('Training, validation and test examples.'),
  loss: later<'loss'>('The loss.'),
  metrics: later<'metrics'>('Metrics.'),
  optimizer: later<'optimizer'>('Makes the optimizer.'),
  epochs: later<'epochs'>('Epochs.'),
  batchSize: later<'batchSize'>('Examples in a batch.'),
} satisfies OptionsOf<SearchOptions>;

/** What a setting is. */
const ofSetting: OptionRecord = {
  key: option.text({required: true, about: 'Its name in a point.'}),
  search: option.instance<object>(
    '{from, to, scale} or {values}',
    isSearch,
  )({required: true, about: 'What it may be.'}),
  integer: option.flag({required: true, about: 'Whole numbers only.'}),
  default: option.instance<unknown>('any value', () => true)({about: 'A place to begin.'}),
  when: option.instance<readonly object[]>(
    'a list of conditions',
    isObjects,
  )({
    required: true,
    about: 'What it depends on.',
  }),
};

function isSearch(value: unknown): boolean {
  const {from, to, scale, values} = (isObject(value) ? value : {}) as Readonly<Record<string, unknown>>;
  if (values !== undefined) return Array.isArray(values) && values.length > 0;
  return (
    Number.isFinite(from) &&
    Number(from) < Number(to) &&
    Number.isFinite(to) &&
    ['linear', 'log', 'logOfRest'].includes(String(scale))
  );
}

/** @throws RegularizerError as `readOptions`, or with code `no-budget` or `no-way-to-train` */
export function searchOptions(given: SearchOptions): FullSearchOptions {
  const options = readOptions<SearchOptions, typeof described>('search', given, described);
  if (options.trials === undefined && options.minutes === undefined) {
    throw new RegularizerError({
      where: 'search',
      code: 'no-budget',
      message: 'a search needs to know when to end',
      hint: 'Give trials, minutes, or both: search({…, minutes: 10}).',
    });
  }
  for (const [i, setting] of options.settings.entries())
    checkRecord('search', `settings[${i}]`, setting, ofSetting);
  const {run, model} = options;
  if ((run === undefined) === (model === undefined)) {
    throw new RegularizerError({
      where: 'search',
      code: 'no-way-to-train',
      message: run
        ? 'run and model are two ways to train'
        : `there is no way to train: run is ${describeValue(run)}`,
      hint: 'Give model, data and loss, or run, which trains what it is given.',
    });
  }
  if (model && options.folds !== undefined) {
    throw new RegularizerError({
      where: 'search',
      code: 'no-way-to-train',
      message: `data that is given as it is has no folds; received folds ${options.folds}`,
      hint: 'Give run, which trains on the fold that it is told.',
    });
  }
  if (model && options.concurrency > 1) {
    throw new RegularizerError({
      where: 'search',
      code: 'no-way-to-train',
      message: `a model is trained in this process, one trial at a time; received concurrency ${options.concurrency}`,
      hint: 'Give run, which hands trials to other processes, or let several processes share a study.',
    });
  }
  const measure = options.measure ?? (model && !options.metrics ? 'loss' : 'error');
  return {...options, measure, study: options.study ?? memoryStudy()};
}
