import {
  type Decision,
  defineRegularizer,
  defineTechnique,
  type EpochReport,
  type FinishDecision,
  type Named,
  type OptionsOf,
  option,
  type Regularizer,
  RegularizerError,
  readTechnique,
  type Technique,
} from '@regularizers/core';
import type {StoppingCriterion} from './criteria.ts';
import {
  checkMonitored,
  directionOf,
  evaluateEveryOption,
  explainedMonitor,
  monitorOption,
  readMonitor,
  toMonitor,
} from './monitor.ts';
import {nextStanding} from './patience.ts';

/** Options of {@link earlyStopping}. */
export interface EarlyStoppingOptions<Name extends string = string> extends Named<Name> {
  /**
   * The value to watch, as in a row of the history: `validation.loss`, `validation.accuracy`, `train.loss`,
   * `train.objective`; a name alone is of `validation`. @defaultValue 'validation.loss'
   */
  readonly monitor?: string;
  /** Evaluations in a row without improvement to stop at, an integer in [0, ∞). @defaultValue 5 */
  readonly patience?: number;
  /** An improvement must be larger than this, in the value's unit, in [0, ∞). @defaultValue 0 */
  readonly minDelta?: number;
  /** Leave the model with the best weights, however training ends. @defaultValue true */
  readonly restoreBest?: boolean;
  /** A value that must be improved on too before the wait starts anew. @defaultValue none */
  readonly baseline?: number;
  /** The first epoch whose value counts, an integer from 1. Keras's `start_from_epoch` + 1. @defaultValue 1 */
  readonly startEpoch?: number;
  /**
   * Whether smaller or larger is better. `'auto'` goes by the name: `min` for loss, penalty, objective and
   * errors, `max` for accuracy, auc, f1, precision and recall. @defaultValue 'auto'
   */
  readonly mode?: 'auto' | 'min' | 'max';
  /** Evaluate every so many optimizer steps in place of at the end of each epoch, an integer from 1. */
  readonly evaluateEvery?: number;
  /** Decides when to stop, in place of `patience` and `baseline`. @defaultValue none */
  readonly criterion?: StoppingCriterion;
}

const described = {
  monitor: monitorOption,
  patience: option.integer({
    min: 0,
    about: 'Evaluations in a row without improvement to stop at.',
    otherwise: '5',
    search: {from: 3, to: 30, scale: 'log'},
  }),
  minDelta: option.number({
    min: 0,
    default: 0,
    about: "An improvement must be larger than this, in the value's unit.",
    rare: true,
  }),
  restoreBest: option.flag({
    default: true,
    about: 'Leave the model with the best weights, however training ends.',
  }),
  baseline: option.number({
    about: 'A value that must be improved on too before the wait starts anew.',
    otherwise: 'none',
    rare: true,
  }),
  startEpoch: option.integer({min: 1, default: 1, about: 'The first epoch whose value counts.', rare: true}),
  mode: option.choice(['auto', 'min', 'max'], {
    default: 'auto',
    about: 'Whether smaller or larger is better; auto goes by the name.',
    rare: true,
  }),
  evaluateEvery: evaluateEveryOption,
  criterion: option.callback<StoppingCriterion>('a function such as generalizationLoss(5)')({
    about: 'Decides when to stop, in place of patience and baseline.',
    rare: true,
  }),
} satisfies OptionsOf<EarlyStoppingOptions>;

/** The state of {@link earlyStopping}: plain JSON, saved with the run. */
export type EarlyStoppingState = {
  /** The best value so far. */
  readonly best: number | null;
  readonly bestEpoch: number | null;
  readonly bestStep: number | null;
  /** Evaluations since the wait last started anew. */
  readonly wait: number;
  /** The monitored values and the training losses; kept for a `criterion` only. */
  readonly monitored: readonly number[];
  readonly train: readonly number[];
  /** An evaluation was asked for with `evaluateEvery`, and the weights to evaluate with were not new. */
  readonly isDue: boolean;
};

/**
 * Early stopping: ends training when the monitored value has stopped getting better, and leaves the model with the
 * best weights there were.
 *
 * A value is an improvement if value + minDelta < best (min) or value − minDelta > best (max). Training stops
 * at a value that is none with wait ≥ patience, as in Keras, where wait counts the values since the last
 * improvement. A value that is not finite is no improvement.
 *
 * What the model is left with is what was evaluated when the value was best, at every exit: patience, the last epoch,
 * another plugin's stop, the signal, an error. Training itself would go on from where it is: a further `fit`, and one
 * from a checkpoint, goes on as if it had never stopped, with a new wait if it was stopped here.
 *
 * Where a plugin collects the weights to evaluate with (`swa`, `snapshots`), only the epochs that add to them count:
 * the others evaluate the same weights once more, or none of that plugin's yet.
 *
 * @param options what is watched, what counts as better, and how long to wait
 * @throws RegularizerError if an option is out of range, if the name of the monitored value does not say its
 *   direction, and, before `fit` trains, if its reports will have no such value (no validation data, for example)
 *
 * @example
 * ```ts
 * const trainer = createTrainer({model, loss, optimizer, regularizers: [earlyStopping({patience: 5})]});
 * const {stopped} = await trainer.fit({x, y}, {epochs: 100, validation: {x: vx, y: vy}});
 * console.log(stopped?.why); // validation.loss has not improved on 0.3141 of epoch 12 in 5 evaluations
 * ```
 *
 * @see Prechelt (1998), Early Stopping – But When? https://doi.org/10.1007/3-540-49430-8_3
 */
export function earlyStopping<const Name extends string = 'earlyStopping'>(
  options: EarlyStoppingOptions<Name> = {},
): Regularizer<Name> {
  const read = readTechnique('earlyStopping', options, described);
  const {name, minDelta, restoreBest, baseline, startEpoch, evaluateEvery, criterion, patience = 5} = read;
  const monitor = toMonitor(read.monitor);
  const direction = directionOf(name, monitor, read.mode);
  if (criterion !== undefined) checkCriterion(name, options, direction);
  const watched = `${monitor.part}.${monitor.metric}`;

  function judge(report: EpochReport, state: EarlyStoppingState): Decision<EarlyStoppingState> {
    const value = readMonitor(monitor, report);
    if (report.epoch < startEpoch) return {};
    const verdict = nextStanding(state, value, {direction, minDelta, baseline, patience});
    const {best, improved} = verdict;
    const monitored = criterion ? [...state.monitored, value] : state.monitored;
    const train = criterion ? [...state.train, report.train.loss] : state.train;
    const at = improved
      ? {bestEpoch: report.epoch, bestStep: report.step}
      : {bestEpoch: state.bestEpoch, bestStep: state.bestStep};
    const why = criterion
      ? prefixed(watched, criterion({monitored, train}))
      : verdict.exhausted
        ? `${watched} has not improved on ${best?.toPrecision(4)} of epoch ${at.bestEpoch} in ${verdict.wait} evaluations`
        : undefined;
    const wait = why === undefined ? verdict.wait : 0;
    return {
      state: {best, wait, ...at, monitored, train, isDue: false},
      ...(improved && restoreBest ? {mark: true} : {}),
      ...(why === undefined ? {} : {stop: why}),
    };
  }

  const later = {best: 0, bestEpoch: 0, bestStep: 0, monitored: 0, train: 0};
  const plugin = defineRegularizer({
    name,
    settings: {...read.settings, patience},
    owns: restoreBest ? ['restore'] : [],
    ...(restoreBest ? {keeps: 1} : {}),
    setup() {
      const state: EarlyStoppingState = {
        best: null,
        bestEpoch: null,
        bestStep: null,
        wait: 0,
        monitored: [],
        train: [],
        isDue: false,
      };
      return {state, later, ...(evaluateEvery === undefined ? {} : {evaluateEvery})};
    },
    check: ({reported}) => checkMonitored(name, monitor, reported),
  });
  const atTheEnd = {
    explain: () => [explainedMonitor(monitor, direction)],
    finish: ({marked}: {readonly marked: boolean}): FinishDecision => ({restore: restoreBest && marked}),
  };
  if (evaluateEvery === undefined) {
    return defineRegularizer({
      ...plugin,
      epochEnd: (report, {state}) => (report.interim ? {} : judge(report, state)),
      ...atTheEnd,
    });
  }
  return defineRegularizer({
    ...plugin,
    evaluated(report, {state}) {
      // Another plugin may ask for evaluations too: only those that were asked for here count. One that had nothing
      // new to look at is made up for by the next that has.
      const isDue = state.isDue || report.step % evaluateEvery === 0;
      if (report.interim) return isDue === state.isDue ? {} : {state: {...state, isDue}};
      return isDue ? judge(report, state) : {};
    },
    ...atTheEnd,
  });
}

function prefixed(watched: string, why: string | undefined): string | undefined {
  return why === undefined ? undefined : `${watched}: ${why}`;
}

function checkCriterion(where: string, options: EarlyStoppingOptions, direction: 'min' | 'max'): void {
  const {patience, baseline} = options;
  if (patience !== undefined || baseline !== undefined) {
    throw new RegularizerError({
      where,
      code: 'conflicting-options',
      message: 'criterion takes the place of patience and baseline',
      hint: 'Leave them out, or the criterion.',
      option: 'criterion',
    });
  }
  if (direction === 'max') {
    throw new RegularizerError({
      where,
      code: 'conflicting-options',
      message: 'a criterion needs an error, where smaller is better; mode is max',
      hint: "Monitor a loss or an error, such as 'validation.loss'.",
      option: 'criterion',
    });
  }
}

/** What {@link earlyStopping} says of itself. */
export const earlyStoppingTechnique: Technique = defineTechnique({
  name: 'earlyStopping',
  family: 'early stopping',
  about: 'Stops when the monitored value no longer improves, and leaves the best weights.',
  options: described,
  trials: [
    {options: {patience: 1}, on: ['classifier'], epochs: 4},
    {
      label: 'by steps',
      options: {patience: 2, evaluateEvery: 2, monitor: 'train.objective'},
      on: ['images'],
      epochs: 3,
    },
    {options: {patience: 5}, on: ['composite']},
  ],
  create: earlyStopping,
});
