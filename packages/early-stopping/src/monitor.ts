import {
  type EpochReport,
  monitorHere,
  type Option,
  option,
  RegularizerError,
  type ReportedNames,
} from '@regularizers/core';

/** Whether smaller or larger values are better. */
export type Direction = 'min' | 'max';

/** A monitored value: which part of the report, and its name there. */
export interface Monitor {
  readonly part: 'train' | 'validation';
  readonly metric: string;
  /** As it was written. */
  readonly text: string;
}

const smallerIsBetter = [
  'loss',
  'penalty',
  'objective',
  'error',
  'crossentropy',
  'divergence',
  'perplexity',
  'mse',
  'rmse',
  'mae',
  'mape',
  'msle',
  'huber',
  'logcosh',
  'hinge',
  'poisson',
  'proximity',
];
const largerIsBetter = ['accuracy', 'acc', 'auc', 'f1', 'precision', 'recall'];

/** The option `monitor`. */
export const monitorOption: Option<string> & {readonly default: 'validation.loss'} = option.text({
  default: 'validation.loss',
  about: 'The value to watch, as in a row of the history; a name alone is of validation.',
});

/** The option `evaluateEvery`. */
export const evaluateEveryOption: Option<number> = option.integer({
  min: 1,
  unit: 'steps',
  about: 'Evaluate every so many optimizer steps.',
  otherwise: 'at the end of each epoch',
  rare: true,
});

/** The monitored value that a text names: `train.loss`; a name alone is of `validation`. */
export function toMonitor(monitor: string): Monitor {
  const [, part, metric = monitor] = /^(train|validation)\.(.+)$/.exec(monitor) ?? [];
  return {part: part === 'train' ? 'train' : 'validation', metric, text: monitor};
}

/**
 * Which direction is better: as `mode` says, or by the words in the metric's name.
 *
 * `min` for loss, penalty, objective, error (and crossentropy, divergence, perplexity, mse, rmse, mae, mape,
 * msle, huber, logcosh, hinge, poisson, proximity); `max` for accuracy, auc, f1, precision and recall.
 *
 * @throws RegularizerError with code `unknown-direction` where the name says neither or both
 */
export function directionOf(where: string, {metric}: Monitor, mode: 'auto' | Direction): Direction {
  if (mode !== 'auto') return mode;
  const words = wordsOf(metric);
  const isMin = smallerIsBetter.some((word) => words.includes(word));
  const isMax = largerIsBetter.some((word) => words.includes(word));
  if (isMin !== isMax) return isMin ? 'min' : 'max';
  throw new RegularizerError({
    where,
    code: 'unknown-direction',
    message: `the name ${metric} does not say whether smaller or larger values are better`,
    hint: "Pass mode: 'min' or mode: 'max'.",
    option: 'mode',
    received: mode,
    allowed: {enum: ['min', 'max']},
  });
}

/** The words of a camelCase, snake_case or dotted name, in lower case: `digit/top5Accuracy` has `accuracy`. */
function wordsOf(name: string): readonly string[] {
  const parts = name.replace(/([a-z\d])([A-Z])/g, '$1 $2').split(/[^A-Za-z\d]+/);
  return parts.map((part) => part.toLowerCase());
}

/**
 * Checks that the rows of a run will have the monitored value.
 *
 * @throws RegularizerError with code `nothing-to-monitor`, naming what there will be
 */
export function checkMonitored(where: string, monitor: Monitor, reported: ReportedNames): void {
  const {part, metric} = monitor;
  if (reported[part]?.includes(metric)) return;
  const there = (['train', 'validation'] as const).flatMap((key) =>
    (reported[key] ?? []).map((name) => `${key}.${name}`),
  );
  throw new RegularizerError({
    where,
    code: 'nothing-to-monitor',
    message: `there is no ${part}.${metric} to monitor; there are ${there.join(', ')}`,
    hint: hintFor(monitor, reported, there),
    option: 'monitor',
    received: `${part}.${metric}`,
    allowed: {enum: there},
  });
}

function hintFor(
  {part, text}: Monitor,
  {train, validation}: ReportedNames,
  there: readonly string[],
): string {
  // What the text means in model.fit: val_loss, acc, val_digit_acc.
  const theirs = monitorHere(text, train);
  const line = `monitor: '${theirs}'`;
  if (part === 'validation' && validation === undefined) {
    const give = 'Give fit validation data, fit(data, {validation: {x, y}})';
    if (theirs.startsWith('validation.')) return `${give}, and write ${line}.`;
    return `${give}, or pass ${there.includes(theirs) ? line : "monitor: 'train.loss'"}.`;
  }
  if (there.includes(theirs)) return `Write ${line}.`;
  return "Pass one of these as monitor, or add the metric to the trainer's metrics.";
}

/** What `trainer.explain()` says of a monitored value, in full where a name alone was written. */
export function explainedMonitor({part, metric}: Monitor, direction?: Direction): string {
  const better = direction && `, where ${direction === 'min' ? 'smaller' : 'larger'} is better`;
  return `it watches ${part}.${metric}${better ?? ''}`;
}

/** The monitored value of a report, which has it if {@link checkMonitored} let the run pass. */
export function readMonitor({part, metric}: Monitor, report: EpochReport): number {
  return report[part]?.[metric] ?? Number.NaN;
}
