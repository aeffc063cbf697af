import type {PortInfo} from '../info.ts';
import {type BoundMetric, metricValue, sumsWidth} from './metric.ts';

/** What a row says beside the loss and the penalty: each output's own loss where there are several, then metrics. */
export interface Reported {
  /** Names of the outputs' own losses, `digit/loss`; none where the model has one output. */
  readonly ownLosses: readonly string[];
  readonly metrics: readonly BoundMetric[];
}

/** The names under which the losses of several outputs are reported. */
export function ownLossNames(outputs: readonly PortInfo[]): readonly string[] {
  return outputs.length > 1 ? outputs.map(({name}) => `${name}/loss`) : [];
}

/** The names of what is reported, in order. */
export function namesOfReported({ownLosses, metrics}: Reported): readonly string[] {
  return [...ownLosses, ...metrics.map(({name}) => name)];
}

/** How many sums all metrics are computed of. */
export function metricsWidth({metrics}: Reported): number {
  return metrics.reduce((width, metric) => width + sumsWidth(metric), 0);
}

/** What is reported, by name, from each output's mean loss and the means that metrics are computed of. */
export function valuesOfReported(
  {ownLosses, metrics}: Reported,
  means: {readonly losses: readonly number[]; readonly metrics: readonly number[]},
): Readonly<Record<string, number>> {
  const values: Record<string, number> = {};
  for (const [i, name] of ownLosses.entries()) values[name] = means.losses[i] ?? 0;
  let at = 0;
  for (const metric of metrics) {
    const width = sumsWidth(metric);
    values[metric.name] = metricValue(metric, means.metrics.slice(at, at + width));
    at += width;
  }
  return values;
}
