import type {LossInfo, PortInfo} from '../info.ts';
import {describeValue} from '../lib/describe-value.ts';
import {RegularizerError} from '../lib/errors.ts';
import {looking, memberOf} from '../lib/given.ts';
import {isPlainObject} from '../lib/json.ts';
import {whyReserved} from '../lib/reserved.ts';
import {zip} from '../lib/zip.ts';
import {accuracy, topKAccuracy} from './accuracy.ts';
import {perOutput} from './by-output.ts';
import {auc, precision, recall} from './confusion.ts';
import {isLossName, type LossName, lossNames, resolveLoss} from './losses.ts';
import type {BoundMetric, Metric} from './metric.ts';
import {toProbabilities} from './outputs.ts';
import {checkingPerExample} from './per-example.ts';
import {nearestName} from './short-names.ts';

/** The metrics that go by name: losses are metrics too. */
export type MetricName = OwnName | LossName;

type OwnName = 'accuracy' | 'top5Accuracy' | 'precision' | 'recall' | 'auc';

const byName: Readonly<Record<OwnName, () => Metric>> = {
  accuracy: () => accuracy,
  top5Accuracy: () => topKAccuracy({k: 5}),
  precision,
  recall,
  auc,
};

const metricNames: readonly string[] = [...Object.keys(byName), ...lossNames];

/** One metric, or several. */
export type MetricList = readonly (MetricName | Metric)[];

/** Metrics for every output, or by the names of outputs. */
export type Metrics = MetricList | Readonly<Record<string, MetricName | Metric | MetricList>>;

/** The metric that a name of Keras's or TensorFlow.js's means, or else the name. */
export const nearestMetric = (name: string): string => nearestName(name, metricNames) ?? name;

/** What a report holds already. */
const reserved = ['loss', 'penalty', 'objective'];

/** Metrics as they are asked for. */
export interface MetricsRequest {
  readonly metrics: Metrics;
  /** Metrics that count examples by their weights; reported as `weightedAccuracy`. */
  readonly weightedMetrics: Metrics;
}

/**
 * The metrics of each output; with several outputs their names carry the output's: `digit/accuracy`. What is given for
 * all of several outputs is taken where it has a meaning.
 *
 * @param others names under which losses of outputs and penalties of plugins are reported
 * @throws RegularizerError with code `unknown-metric`, `metric-name` for a name that is taken, or
 *   `metric-mismatch` for accuracy of real values
 */
export function resolveMetrics(
  {metrics, weightedMetrics}: MetricsRequest,
  losses: readonly LossInfo[],
  outputs: readonly PortInfo[],
  others: readonly string[],
): readonly BoundMetric[] {
  const bound = [
    ...boundTo(outputs, losses, listed('metrics', metrics, outputs), false),
    ...boundTo(outputs, losses, listed('weightedMetrics', weightedMetrics, outputs), true),
  ];
  const taken = new Set([...reserved, ...others]);
  for (const {name} of bound) {
    checkName(name, taken);
    taken.add(name);
  }
  return bound;
}

/** What is given for each output, and whether it was given for that output by name. */
interface Listed {
  readonly metrics: readonly Metric[];
  readonly isNamed: boolean;
}

function listed(option: string, given: Metrics, outputs: readonly PortInfo[]): readonly Listed[] {
  return looking('trainer', option, () => {
    if (Array.isArray(given)) {
      const metrics = [...given].map(toMetric);
      return outputs.map(() => ({metrics, isNamed: outputs.length === 1}));
    }
    return perOutput(option, {...given}, outputs).map((entry) => ({
      metrics: (Array.isArray(entry) ? [...entry] : entry === undefined ? [] : [entry]).map(toMetric),
      isNamed: true,
    }));
  });
}

function boundTo(
  outputs: readonly PortInfo[],
  losses: readonly LossInfo[],
  perOutput: readonly Listed[],
  isWeighted: boolean,
): readonly BoundMetric[] {
  const refusals = new Map<Metric, unknown>();
  const bound = zip(outputs, losses, perOutput).flatMap(([port, loss, {metrics, isNamed}], output) => {
    return metrics.flatMap((metric): readonly BoundMetric[] => {
      try {
        metric.check?.(loss, port);
      } catch (error) {
        if (isNamed || !RegularizerError.isInstance(error) || error.code !== 'metric-mismatch') throw error;
        refusals.set(metric, error);
        return [];
      }
      return [{...metric, name: nameOf(metric, isWeighted, port, outputs), output, loss, isWeighted}];
    });
  });
  for (const [metric, refusal] of refusals) {
    if (!bound.some(({perExample}) => perExample === metric.perExample)) throw refusal;
  }
  return bound;
}

function nameOf({name}: Metric, isWeighted: boolean, port: PortInfo, outputs: readonly PortInfo[]): string {
  const own = isWeighted ? `weighted${name.charAt(0).toUpperCase()}${name.slice(1)}` : name;
  return outputs.length > 1 ? `${port.name}/${own}` : own;
}

function checkName(name: string, taken: ReadonlySet<string>): void {
  const why = whyReserved(name);
  if (why === undefined && !taken.has(name)) return;
  throw new RegularizerError({
    where: 'trainer',
    code: 'metric-name',
    message:
      why === undefined ? `the name ${name} of a metric is taken` : `a metric cannot be named so: ${why}`,
    hint: 'Give the metric another name.',
  });
}

function toMetric(given: unknown): Metric {
  if (typeof given === 'object' && given !== null) return own(given);
  if (typeof given === 'string' && Object.hasOwn(byName, given)) return byName[given as OwnName]();
  if (isLossName(given)) return ofLoss(given);
  const meant = nearestName(given, metricNames);
  throw new RegularizerError({
    where: 'trainer',
    code: 'unknown-metric',
    message: `unknown metric ${describeValue(given)}`,
    hint:
      meant === undefined
        ? `The metrics are: ${metricNames.join(', ')}; or pass {name, perExample}.`
        : `Write metrics: ['${meant}'].`,
    option: 'metrics',
    received: given,
    allowed: {enum: metricNames},
  });
}

/** A loss as a metric. Targets are probabilities where outputs are logits, so that these are made probabilities. */
function ofLoss(name: LossName): Metric {
  const {perExample} = resolveLoss('trainer', name);
  return {name, perExample: (target, output, loss) => perExample(target, toProbabilities(output, loss))};
}

function own(given: object): Metric {
  const [name, perExample, parts, value, check] = ['name', 'perExample', 'parts', 'value', 'check'].map(
    (key) => memberOf(given, key),
  );
  const isFunction = (part: unknown): boolean => part === undefined || typeof part === 'function';
  const hasParts = parts === undefined ? value === undefined : Number.isInteger(parts) && Number(parts) >= 1;
  if (
    typeof name === 'string' &&
    name !== '' &&
    typeof perExample === 'function' &&
    hasParts &&
    (parts === undefined) === (value === undefined) &&
    isFunction(value) &&
    isFunction(check)
  ) {
    const metric = given as Metric;
    return {
      name,
      perExample: checkingPerExample('trainer', `the metric ${name}`, metric, metric.parts),
      ...(metric.parts === undefined ? {} : {parts: metric.parts}),
      ...(metric.value ? {value: metric.value.bind(metric)} : {}),
      ...(metric.check ? {check: metric.check.bind(metric)} : {}),
    };
  }
  throw new RegularizerError({
    where: 'trainer',
    code: 'bad-metric',
    message: `a metric is a name, {name, perExample} or {name, parts, perExample, value}; received ${describeValue(given)}`,
    option: 'metrics',
    received: given,
  });
}

/** Whether metrics are given by the names of outputs. */
export const areByOutput = (given: unknown): boolean =>
  isPlainObject(given) && typeof given['perExample'] !== 'function';
