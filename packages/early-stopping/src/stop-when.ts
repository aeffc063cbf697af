import {
  defineRegularizer,
  defineTechnique,
  type EpochReport,
  type Named,
  type OptionsOf,
  option,
  type Regularizer,
  RegularizerError,
  readTechnique,
  type Technique,
} from '@regularizers/core';
import {
  checkMonitored,
  evaluateEveryOption,
  explainedMonitor,
  monitorOption,
  readMonitor,
  toMonitor,
} from './monitor.ts';

/** Options of {@link stopWhen}: at least one of `below`, `above`, `seconds` and `steps`. */
export interface StopWhenOptions<Name extends string = string> extends Named<Name> {
  /** The value that `below` and `above` are about, written as in `earlyStopping`. @defaultValue 'validation.loss' */
  readonly monitor?: string;
  /** Stop at a value of this or less: good enough. */
  readonly below?: number;
  /** Stop at a value of this or more: good enough for an accuracy, diverged for a loss. */
  readonly above?: number;
  /** Budget of training time in seconds, in (0, ∞); that before a checkpoint counts too. */
  readonly seconds?: number;
  /** Budget of optimizer steps, an integer from 1; a multiple of `evaluateEvery` where both are given. */
  readonly steps?: number;
  /** Look every so many optimizer steps as well as at the end of each epoch, an integer from 1. */
  readonly evaluateEvery?: number;
}

const described = {
  monitor: monitorOption,
  below: option.number({about: 'Stop at a value of this or less: good enough.', otherwise: 'never'}),
  above: option.number({
    about: 'Stop at a value of this or more: good enough for an accuracy, diverged for a loss.',
    otherwise: 'never',
  }),
  seconds: option.number({
    min: 0,
    minExclusive: true,
    unit: 'seconds',
    about: 'Budget of training time; that before a checkpoint counts too.',
    otherwise: 'no limit',
  }),
  steps: option.integer({min: 1, unit: 'steps', about: 'Budget of optimizer steps.', otherwise: 'no limit'}),
  evaluateEvery: evaluateEveryOption,
} satisfies OptionsOf<StopWhenOptions>;

/**
 * Stops training at a threshold or when a budget is used up. It does not choose which state is kept:
 * `earlyStopping({restoreBest})` in the same trainer does.
 *
 * A budget of steps is kept exactly; the others are looked at after each epoch, or more often with
 * `evaluateEvery`.
 *
 * @param options what to stop at: a threshold or a budget
 * @throws RegularizerError if an option is out of range, if there is nothing to stop at, and, before `fit` trains, if
 *   its reports will have no such value
 *
 * @example
 * ```ts
 * createTrainer({model, loss, optimizer, regularizers: [stopWhen({seconds: 60, monitor: 'train.loss', above: 100})]});
 * ```
 *
 * @see Bottou, Bousquet (2007), The Tradeoffs of Large Scale Learning, on budgets of time in place of numbers of
 * epochs. https://papers.nips.cc/paper/3323-the-tradeoffs-of-large-scale-learning
 */
export function stopWhen<const Name extends string = 'stopWhen'>(
  options: StopWhenOptions<Name>,
): Regularizer<Name> {
  const {name, settings, below, above, seconds, steps, evaluateEvery, ...given} = readTechnique(
    'stopWhen',
    options,
    described,
  );
  if ([below, above, seconds, steps].every((limit) => limit === undefined)) {
    throw new RegularizerError({
      where: name,
      code: 'nothing-to-stop-at',
      message: 'there is nothing to stop at',
      hint: 'Pass below, above, seconds or steps.',
    });
  }
  if (steps !== undefined && evaluateEvery !== undefined && steps % evaluateEvery !== 0) {
    throw new RegularizerError({
      where: name,
      code: 'out-of-range',
      message: `steps must be a multiple of evaluateEvery = ${evaluateEvery}; received ${steps}`,
      option: 'steps',
      received: steps,
      allowed: {type: 'integer', multipleOf: evaluateEvery},
    });
  }
  const monitor = toMonitor(given.monitor);
  const isMonitoring = below !== undefined || above !== undefined;

  function reason(report: EpochReport, spent: number): string | undefined {
    if (steps !== undefined && report.step >= steps) return `${report.step} steps are taken`;
    if (seconds !== undefined && spent >= seconds) return `${spent.toFixed(1)} seconds are spent`;
    if (!isMonitoring) return undefined;
    const value = readMonitor(monitor, report);
    const said = `${monitor.part}.${monitor.metric} is ${value.toPrecision(4)}`;
    if (below !== undefined && value <= below) return `${said}, at most ${below}`;
    if (above !== undefined && value >= above) return `${said}, at least ${above}`;
    return undefined;
  }

  const interval = evaluateEvery ?? steps;
  return defineRegularizer({
    name,
    settings,
    // A report's seconds are those of its epoch so far.
    setup: () => ({state: {seconds: 0}, ...(interval === undefined ? {} : {evaluateEvery: interval})}),
    check({reported}) {
      if (isMonitoring) checkMonitored(name, monitor, reported);
    },
    evaluated(report, {state}) {
      const why = reason(report, state.seconds + report.seconds);
      return why === undefined ? {} : {stop: why};
    },
    epochEnd: (report, {state}) => ({state: {seconds: state.seconds + report.seconds}}),
    explain: () => (isMonitoring ? [explainedMonitor(monitor)] : []),
  });
}

/** What {@link stopWhen} says of itself. */
export const stopWhenTechnique: Technique = defineTechnique({
  name: 'stopWhen',
  family: 'early stopping',
  about: 'Stops at a threshold, or when a budget is used up.',
  options: described,
  example: {seconds: 60},
  trials: [
    {options: {steps: 5, below: 0.01}, on: ['classifier'], epochs: 3},
    {options: {steps: 100}, on: ['composite']},
  ],
  create: stopWhen,
});
