// Rows and verdicts as comparisons have them.
import type {Verdict} from '@regularizers/search';
import type {ComparisonRow, TableReport} from '../../src/report/rows.ts';

/** A row over five seeds; validation errors are lower by 0.01, at least 0. */
export const row = (name: string, mean: number, changes: Partial<ComparisonRow> = {}): ComparisonRow => ({
  name,
  seeds: 5,
  validation: {mean: Math.max(0, mean - 0.01), standardError: 0.001},
  test: {mean, standardError: mean === 0 ? 0 : 0.002},
  gap: mean - 0.001,
  seconds: 3.2,
  ...changes,
});

/** A verdict with an interval of so much to each side. */
export const verdict = (mean: number, half: number): Verdict => ({
  name: '',
  instances: 5,
  mean,
  standardError: half / 3,
  degrees: 4,
  p: 0.01,
  error: 0.1,
  baseline: 0.1 - mean,
  word: Math.abs(mean) <= half ? 'within chance' : mean < 0 ? 'helps' : 'hurts',
  interval: [mean - half, mean + half],
  corrected: 0.02,
  better: 4,
  smallest: 1.5 * half,
});

export const reportOf = (rows: readonly ComparisonRow[]): TableReport => ({
  name: '',
  measure: 'error',
  labelNoise: 0,
  testExamples: 2000,
  rows,
  failures: [],
});
