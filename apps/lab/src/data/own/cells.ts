import type {Table} from './csv.ts';

/** What stands for a missing value: pandas's words, and the question mark of the UCI repository. */
export const missingWords: readonly string[] = [
  '',
  '?',
  '#N/A',
  '#N/A N/A',
  '#NA',
  '-1.#IND',
  '-1.#QNAN',
  '-NaN',
  '-nan',
  '1.#IND',
  '1.#QNAN',
  '<NA>',
  'N/A',
  'NA',
  'NULL',
  'NaN',
  'None',
  'n/a',
  'nan',
  'null',
];

/** How the cells of a table are read. */
export interface CellReader {
  readonly isMissing: (cell: string) => boolean;
  /** The number that a cell holds, or undefined if it holds something else. */
  readonly numberIn: (cell: string) => number | undefined;
}

const written = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** @param missing words for a missing value, beside the usual ones */
export function cellReader({decimal}: Pick<Table, 'decimal'>, missing: readonly string[] = []): CellReader {
  const words = new Set([...missingWords, ...missing]);
  return {
    isMissing: (cell) => words.has(cell),
    numberIn: (cell) => {
      const plain = decimal === ',' ? cell.replace(',', '.') : cell;
      const value = written.test(plain) ? Number(plain) : Number.NaN;
      return Number.isFinite(value) ? value : undefined;
    },
  };
}

/** Whether a cell holds a day or a time of day, as people write them. */
export const isDate = (cell: string): boolean =>
  /^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ].*)?$/.test(cell) ||
  /^\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})( .*)?$/.test(cell) ||
  /^\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(cell);

/** Whether a cell holds a number whose thousands are set apart, by any of what people set them apart with. */
export const isGrouped = (cell: string): boolean => /^[+-]?\d{1,3}([.,'’\s]\d{3})+([.,]\d+)?$/.test(cell);
