// Node only: the table of a search, for a terminal.
import type {ReportRow, SearchResult} from '@regularizers/search';
import Table from 'cli-table3';
import {formatMeasure, type Measure} from './rows.ts';

type Found = Pick<SearchResult, 'baseline' | 'rows' | 'leftOut'> & {readonly measure: Measure};

/** Baseline, winner, and the best of each family alone, by errors on seeds that nothing was chosen by. */
export function searchTable(
  {baseline, rows, leftOut, measure}: Found,
  {colour}: {readonly colour: boolean},
): string {
  const table = new Table({
    head: searchHead(measure),
    colAligns: ['left', 'right', 'right', 'right', 'left'],
    style: {head: colour ? ['bold'] : [], border: colour ? ['gray'] : [], compact: true},
  });
  for (const row of [baseline, ...rows, ...leftOut]) table.push([...searchCells(row, measure)]);
  return table.toString();
}

/** What a table of a search says of each row. */
export const searchHead = (measure: Measure): string[] => [
  '',
  `validation ${measure}`,
  `test ${measure}`,
  'difference',
  'verdict',
];

/** A row under {@link searchHead}; what leaves a part out is held against the winner. */
export function searchCells(
  {name, family, validation, test, verdict}: ReportRow,
  measure: Measure,
): readonly string[] {
  const shown = (value: number | null): string => (value === null ? 'failed' : formatMeasure(value, measure));
  return [
    family === undefined ? name : `${name} (${family})`,
    shown(validation),
    shown(test),
    verdict ? formatInterval(verdict, measure) : '',
    verdict ? verdict.word : '',
  ];
}

/** `−13.4 ± 0.9`: a difference and half of its interval, in points of an error, or as a loss is. */
export function formatInterval(
  {mean, interval: [low, high]}: Pick<NonNullable<ReportRow['verdict']>, 'mean' | 'interval'>,
  measure: Measure,
): string {
  const shown = (value: number): string =>
    measure === 'error' ? (100 * value).toFixed(2) : value.toPrecision(3);
  return `${mean < 0 ? '−' : '+'}${shown(Math.abs(mean))} ± ${shown((high - low) / 2)}`;
}
