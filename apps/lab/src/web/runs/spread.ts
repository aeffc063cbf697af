import {formatMeasure, type Measure} from '../../report/rows.ts';

/** A mean over seeds. */
export interface Spread {
  readonly mean: number;
  /** Of the mean; 0 for a single value, which says nothing of it. */
  readonly standardError: number;
  readonly count: number;
}

/** The mean of some values and its standard error, s/√n with s² = Σ(x − x̄)²/(n − 1); undefined for none. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const count = values.length;
  if (count === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {mean, count, standardError: count < 2 ? 0 : Math.sqrt(squares / (count - 1) / count)};
}

/** `12.34 ± 0.56 %`, without the ± for a single value. */
export function spreadText({mean, standardError, count}: Spread, measure: Measure): string {
  if (count < 2) return formatMeasure(mean, measure);
  if (measure === 'error') return `${(100 * mean).toFixed(2)} ± ${(100 * standardError).toFixed(2)} %`;
  return `${mean.toPrecision(4)} ± ${standardError.toPrecision(2)}`;
}
