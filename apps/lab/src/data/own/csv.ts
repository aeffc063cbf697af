import Papa from 'papaparse';
import {gunzip, isGzip} from '../idx.ts';
import {listed, ownError, shown} from './own-error.ts';

/** A table as its file holds it: text. */
export interface Table {
  /** What a person calls the file. */
  readonly file: string;
  readonly columns: readonly string[];
  /** A cell per column, without blanks around it. */
  readonly rows: readonly (readonly string[])[];
  /** The place of each row in the file, as a spreadsheet counts. */
  readonly places: readonly number[];
  readonly delimiter: string;
  /** What stands before the decimals. */
  readonly decimal: '.' | ',';
}

const mostBytes = 2 ** 28;

/**
 * The text of a file: UTF-8, or UTF-16 that says so, packed with gzip or not.
 *
 * @throws RegularizerError with code `too-large`, `not-text` or `bad-gzip`
 */
export async function textOf(bytes: Uint8Array, file: string): Promise<string> {
  const plain = isGzip(bytes) ? await gunzip(bytes, file) : bytes;
  if (plain.length > mostBytes) {
    throw ownError('too-large', file, `it has ${plain.length} bytes, and a table has at most ${mostBytes}`, {
      hint: 'Take a part of its rows.',
    });
  }
  const isWide = (plain[0] === 0xff && plain[1] === 0xfe) || (plain[0] === 0xfe && plain[1] === 0xff);
  const encoding = isWide ? (plain[0] === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8';
  try {
    return new TextDecoder(encoding, {fatal: true}).decode(plain);
  } catch (cause) {
    throw ownError('not-text', file, 'it is no text in UTF-8', {hint: 'Save it as CSV in UTF-8.', cause});
  }
}

/**
 * Reads a table: a row of names, then the rows, between commas, semicolons, tabs or bars.
 *
 * @param text the whole file
 * @param file its name, for messages
 * @throws RegularizerError with code `empty-file`, `not-text`, `bad-quotes`, `no-header`, `duplicate-column` or `ragged-row`
 */
export function parseCsv(text: string, file: string): Table {
  if (text.includes('\0')) throw ownError('not-text', file, 'it holds zeros, which no text has');
  const {data, errors, meta} = Papa.parse<string[]>(text, {delimitersToGuess: [',', ';', '\t', '|']});
  const broken = errors.find(({type}) => type === 'Quotes');
  if (broken) {
    throw ownError('bad-quotes', file, 'a quoted text has no end, or goes on after its closing quote', {
      ...(broken.row === undefined ? {} : {row: broken.row + 1}),
      hint: 'A quote within a quoted text is written twice.',
    });
  }
  const cells = data.map((row) => row.map((cell) => cell.trim()));
  const isBlank = (row: readonly string[]): boolean => row.every((cell) => cell === '');
  const header = cells.findIndex((row) => !isBlank(row));
  if (header < 0) throw ownError('empty-file', file, 'it is empty');
  const columns = cells[header]!.map((name, index) => (name === '' ? `column ${index + 1}` : name));
  checkHeader(columns, file, header + 1);
  const rows: (readonly string[])[] = [];
  const places: number[] = [];
  cells.forEach((row, index) => {
    if (index <= header || isBlank(row)) return;
    if (row.length !== columns.length) {
      throw ownError('ragged-row', file, `it has ${row.length} fields, and the header ${columns.length}`, {
        row: index + 1,
        hint: 'A text that holds the separator stands in quotes.',
      });
    }
    rows.push(row);
    places.push(index + 1);
  });
  if (rows.length === 0) throw ownError('empty-file', file, 'it has a header and no rows');
  return {file, columns, rows, places, delimiter: meta.delimiter, decimal: decimalOf(rows, meta.delimiter)};
}

function checkHeader(columns: readonly string[], file: string, row: number): void {
  if (columns.every((name) => /^[+-]?[\d.,]+(e[+-]?\d+)?$/i.test(name))) {
    throw ownError('no-header', file, `its first row holds numbers, not names: ${listed(columns, 5)}`, {
      row,
      hint: 'Put a row with the names of the columns on top.',
    });
  }
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice === undefined) return;
  throw ownError('duplicate-column', file, `two columns are called ${shown(twice)}`, {
    row,
    hint: 'Call one of them something else.',
  });
}

/** Where commas don't separate columns, they may separate decimals. */
function decimalOf(rows: Table['rows'], delimiter: string): '.' | ',' {
  if (delimiter === ',') return '.';
  const has = (pattern: RegExp): boolean => rows.some((row) => row.some((cell) => pattern.test(cell)));
  return has(/^[+-]?\d*,\d+$/) && !has(/^[+-]?\d*\.\d+$/) ? ',' : '.';
}
