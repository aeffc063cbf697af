// Node only: the table of a search, for a terminal.
import type {SearchResult} from '@regularizers/search';
import Table from 'cli-table3';
import type {Measure} from './rows.ts';
import {searchCells, searchHead} from './search-cells.ts';

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
