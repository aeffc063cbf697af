// Node only: the table of the terminal.
import Table from 'cli-table3';
import {
  baselineOf,
  type ComparisonRow,
  comparisonCells,
  comparisonHead,
  type FailureRow,
  formatFailure,
  formatMeasure,
  type Measure,
} from './rows.ts';

/** How {@link comparisonTable} looks. */
export interface TableOptions {
  /** @defaultValue `'error'` */
  readonly measure?: Measure;
  /** Escape codes for bold and green; off for files and pipes. @defaultValue true */
  readonly colour?: boolean;
  /** Recipes of which runs failed. @defaultValue none */
  readonly failures?: readonly FailureRow[];
}

/**
 * The comparison for a terminal: what each recipe did to the test error; the lowest error is marked, and what
 * failed says why.
 */
export function comparisonTable(
  rows: readonly ComparisonRow[],
  {measure = 'error', colour = true, failures = []}: TableOptions = {},
): string {
  const baseline = baselineOf(rows);
  const best = rows.reduce<ComparisonRow | undefined>(
    (low, row) => (low === undefined || row.testErrorMean < low.testErrorMean ? row : low),
    undefined,
  );
  const [headOfError, ...head] = comparisonHead(measure);
  const table = new Table({
    head: ['', headOfError, 'against baseline', ...head],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
    style: {head: colour ? ['bold'] : [], border: colour ? ['gray'] : [], compact: true},
  });
  for (const row of rows) {
    const mark = (text: string): string => (colour && row === best ? `\u001b[32m${text}\u001b[39m` : text);
    const [error, ...cells] = comparisonCells(row, measure);
    table.push([
      mark(row === best ? `${row.name} *` : row.name),
      mark(error),
      row === baseline || !baseline ? '' : formatChange(row, baseline, measure),
      ...cells,
    ]);
  }
  for (const failure of failures) {
    table.push([failure.name, {colSpan: 5, content: formatFailure(failure)}]);
  }
  return table.toString();
}

/** `-3.21 %` in points of the error: how much lower than the baseline's. */
function formatChange(row: ComparisonRow, baseline: ComparisonRow, measure: Measure): string {
  const change = row.testErrorMean - baseline.testErrorMean;
  return `${change < 0 ? '−' : '+'}${formatMeasure(Math.abs(change), measure)}`;
}
