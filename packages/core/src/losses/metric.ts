import type * as tf from '@tensorflow/tfjs-core';
import type {LossInfo, PortInfo} from '../info.ts';

/** A metric: the mean over examples of a value of each, or a function of several such means. */
export interface Metric {
  readonly name: string;
  /**
   * How many numbers of each example are averaged, for a metric that is a function of their means, such as precision:
   * what is right of what is called yes. @defaultValue one
   */
  readonly parts?: number;
  /** From a target and an output, `[batch, ...]` each, values `[batch]`, or `[batch, parts]`. */
  perExample(target: tf.Tensor, output: tf.Tensor, loss: LossInfo): tf.Tensor;
  /** What the means of the parts come to, whatever they are scaled by; NaN is reported as 0. */
  value?(means: readonly number[]): number;
  /**
   * Throws where the metric has no meaning for an output; returns nothing.
   *
   * @throws RegularizerError with code `metric-mismatch`
   */
  check?(loss: LossInfo, output: PortInfo): void;
}

/** A metric bound to one output. */
export interface BoundMetric extends Metric {
  readonly output: number;
  readonly loss: LossInfo;
  /** Examples count by their weights, as in the loss. */
  readonly isWeighted: boolean;
}

/** How many sums it is computed of: those of its parts, and of the weights where it is weighted. */
export function sumsWidth({parts = 1, isWeighted}: BoundMetric): number {
  return parts + Number(isWeighted);
}

/** The metric's value from those sums, all scaled by one number. */
export function metricValue({value, isWeighted}: BoundMetric, sums: readonly number[]): number {
  const total = isWeighted ? (sums.at(-1) ?? 0) : 1;
  const means = (isWeighted ? sums.slice(0, -1) : sums).map((sum) => (total === 0 ? 0 : sum / total));
  if (!value) return means[0] ?? 0;
  const result = value(means);
  return Number.isNaN(result) ? 0 : result;
}
