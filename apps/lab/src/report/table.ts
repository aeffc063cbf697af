// Node only: the table of the terminal.
import Table from 'cli-table3';
import {notesOf} from './notes.ts';
import {
  type CellText,
  chosenOf,
  comparisonCells,
  comparisonHead,
  formatFailure,
  type TableReport,
} from './rows.ts';

/** How {@link comparisonTable} looks. */
export interface TableOptions {
  /** Escape codes for bold, green and red; off for files and pipes. @defaultValue true */
  readonly colour?: boolean;
}

const codes = {helps: 32, hurts: 31} as const;

/**
 * A table of a comparison for a terminal, and how to read it. The row of the least validation error is marked; what failed
 * says why.
 */
export function comparisonTable(report: TableReport, {colour = true}: TableOptions = {}): string {
  const {name, rows, failures} = report;
  const chosen = chosenOf(rows);
  const head = comparisonHead(report);
  const table = new Table({
    head: ['', ...head],
    colAligns: ['left', ...head.map(() => 'right' as const)],
    style: {head: colour ? ['bold'] : [], border: colour ? ['gray'] : [], compact: true},
  });
  const shown = ({text, tone}: CellText): string =>
    colour && tone ? `\u001b[${codes[tone]}m${text}\u001b[39m` : text;
  for (const row of rows) {
    const title = row === chosen && rows.length > 1 ? `${row.name} *` : row.name;
    table.push([title, ...comparisonCells(row, report).map(shown)]);
  }
  for (const failure of failures) {
    table.push([failure.name, {colSpan: head.length, content: formatFailure(failure)}]);
  }
  return [...(name === '' ? [] : [name]), table.toString(), ...notesOf(report)].join('\n');
}
