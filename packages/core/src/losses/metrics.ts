import * as tf from '@tensorflow/tfjs-core';
import type {LossInfo} from '../info.ts';
import {describeValue} from '../lib/describe-value.ts';
import {RegularizerError} from '../lib/errors.ts';
import {looking} from '../lib/given.ts';
import {whyReserved} from '../lib/reserved.ts';
import {meanAbsoluteError, meanSquaredError} from './losses.ts';
import {isYes, toProbabilities} from './outputs.ts';
import {checkingPerExample, perExample} from './per-example.ts';

/** A metric: one value per example, averaged over examples. */
export interface Metric {
  readonly name: string;
  /** Values `[batch]` from a target and an output, `[batch, ...]` each. */
  perExample(target: tf.Tensor, output: tf.Tensor): tf.Tensor1D;
}

/** The metrics that go by name. */
export type MetricName = 'accuracy' | 'meanSquaredError' | 'meanAbsoluteError';

/** What a report holds already. */
const reserved = ['loss', 'penalty', 'objective'];

/** A metric bound to one output. */
export interface BoundMetric extends Metric {
  readonly output: number;
}

/**
 * The metrics of each output; with several outputs their names carry the output's: `digit/accuracy`.
 *
 * @throws RegularizerError with code `unknown-metric`, `metric-name` for a name that is taken, or
 *   `metric-mismatch` for accuracy of real values
 */
export function resolveMetrics(
  given: readonly (MetricName | Metric)[],
  losses: readonly LossInfo[],
  outputNames: readonly string[],
): readonly BoundMetric[] {
  const bound = losses.flatMap((loss, output) => {
    const prefix = losses.length > 1 ? `${outputNames[output]}/` : '';
    return given.flatMap((metric) => {
      if (losses.length > 1 && metric === 'accuracy' && loss.kind === 'values') return [];
      const {name, perExample} =
        looking('trainer', 'a metric', () => own(metric)) ?? named(metric as MetricName, loss);
      return [{name: `${prefix}${name}`, perExample, output}];
    });
  });
  for (const [i, {name}] of bound.entries()) {
    const why = whyReserved(name);
    const isTaken = reserved.includes(name) || bound.findIndex((other) => other.name === name) !== i;
    if (why === undefined && !isTaken) continue;
    throw new RegularizerError({
      where: 'trainer',
      code: 'metric-name',
      message:
        why === undefined ? `the name ${name} of a metric is taken` : `a metric cannot be named so: ${why}`,
      hint: 'Give the metric another name.',
    });
  }
  return bound;
}

function own(metric: MetricName | Metric): Metric | undefined {
  if (typeof metric !== 'object' || metric === null) return undefined;
  if (typeof metric.name === 'string' && metric.name !== '' && typeof metric.perExample === 'function') {
    const {name} = metric;
    return {name, perExample: checkingPerExample('trainer', `the metric ${name}`, metric)};
  }
  throw new RegularizerError({
    where: 'trainer',
    code: 'bad-metric',
    message: `a metric is a name or {name, perExample}; received ${describeValue(metric)}`,
    option: 'metrics',
    received: metric,
  });
}

const metricNames: readonly MetricName[] = ['accuracy', 'meanSquaredError', 'meanAbsoluteError'];

function named(name: MetricName, loss: LossInfo): Metric {
  switch (name) {
    case 'accuracy':
      return {name, perExample: accuracyOf(loss)};
    case 'meanSquaredError':
      return {name, perExample: errorOf(meanSquaredError(), loss)};
    case 'meanAbsoluteError':
      return {name, perExample: errorOf(meanAbsoluteError(), loss)};
    default:
      throw new RegularizerError({
        where: 'trainer',
        code: 'unknown-metric',
        message: `unknown metric ${describeValue(name)}`,
        hint: `The metrics are: ${metricNames.join(', ')}; or pass {name, perExample}.`,
        option: 'metrics',
        received: name,
        allowed: {enum: metricNames},
      });
  }
}

/** Targets are probabilities where outputs are logits, so that these are made probabilities before they are compared. */
function errorOf({perExample}: Metric, loss: LossInfo): Metric['perExample'] {
  return (target, output) => perExample(target, toProbabilities(output, loss));
}

/**
 * The share of right answers, as the loss reads the output: the largest of classes, or each independent one on the
 * target's side of ½.
 *
 * @throws RegularizerError with code `metric-mismatch` where the loss has none
 */
export function accuracyOf(loss: LossInfo): Metric['perExample'] {
  const {kind, name, outputs} = loss;
  if (kind === 'classes') {
    return (target, output) =>
      perExample(tf.cast(tf.equal(tf.argMax(target, -1), tf.argMax(output, -1)), 'float32'));
  }
  if (kind === 'binary' && outputs !== 'values') {
    return (target, output) =>
      perExample(tf.cast(tf.equal(tf.greater(target, 0.5), isYes(output, loss)), 'float32'));
  }
  throw new RegularizerError({
    where: 'trainer',
    code: 'metric-mismatch',
    message: `accuracy has no meaning under the loss ${name}, whose ${kind === 'values' ? 'targets' : 'outputs'} are real values`,
    hint: 'Use meanSquaredError, meanAbsoluteError or {name, perExample}.',
  });
}
