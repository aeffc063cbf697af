// A table of the user's becomes data: what is read, what is inferred, and what is refused where.
import {readFileSync} from 'node:fs';
import {RegularizerError} from '@regularizers/core';
import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {checkDataSet} from '../../src/data/data-set.ts';
import type {TableEncoding} from '../../src/data/encoding.ts';
import {cellReader} from '../../src/data/own/cells.ts';
import {columnKinds} from '../../src/data/own/columns.ts';
import {parseCsv, textOf} from '../../src/data/own/csv.ts';
import {encodeRows, fitColumns, inputNames} from '../../src/data/own/encoding.ts';
import {type TableOptions, tableData} from '../../src/data/own/table.ts';
import {readTargets} from '../../src/data/own/target.ts';

const made = (text: string, options: Partial<TableOptions> = {}) =>
  tableData('t', parseCsv(text, 't.csv'), {target: 'y', seed: 0, ...options});
function encodingOf(text: string, options: Partial<TableOptions> = {}): TableEncoding {
  const {encoding} = made(text, options).data;
  if (encoding?.kind !== 'table') throw new Error('a table is encoded as one');
  return encoding;
}

/** A table of columns, each a value per row. */
function csv(columns: Readonly<Record<string, (row: number) => unknown>>, rows = 60): string {
  const names = Object.keys(columns);
  const lines = Array.from({length: rows}, (_, row) => names.map((name) => columns[name]!(row)).join(','));
  return [names.join(','), ...lines].join('\n');
}
const classOf = (row: number): string => ['a', 'b', 'c'][row % 3]!;

test('numbers whose mean or deviation cannot be written are refused, inputs and targets alike', () => {
  for (const column of ['x', 'y']) {
    const values = {x: (row: number) => row / 7, y: (row: number) => row / 3};
    const text = csv({...values, [column]: (row: number) => (row % 2 === 0 ? '1e308' : '-1e308')});
    expect(() => made(text, {task: 'regression'})).toThrow(
      `t.csv, column "${column}": its numbers are too large to be standardized`,
    );
  }
});

test('a small table is encoded as scikit-learn does it', () => {
  const path = new URL('./reference/encoding.json', import.meta.url);
  const {text, fitted, x, classes, y} = JSON.parse(readFileSync(path, 'utf8'));
  const table = parseCsv(text, 'reference.csv');
  const reader = cellReader(table);
  const kinds = columnKinds(table, 'kind', {}, reader);
  const columns = fitColumns(
    table,
    kinds,
    Int32Array.from({length: fitted}, (_, row) => row),
    reader,
  );
  expect(inputNames(columns)).toEqual([
    'age',
    'age missing',
    'height',
    'height missing',
    'colour = blue',
    'colour = green',
    'colour = red',
    'colour missing',
    'city = Berlin',
    'city = Paris, Texas',
    'city = Rome',
    'city = the "old" town',
    'city missing',
  ]);
  const rows = Int32Array.from(x, (_, row) => row);
  expect(encodeRows(table, columns, rows, reader)).toEqual(Float32Array.from(x.flat()));
  const targets = readTargets(table, 4, undefined, reader);
  expect(targets.classes).toEqual(classes);
  expect([...targets.values]).toEqual(y);
});

describe('kinds of columns', () => {
  const usesOf = (columns: Parameters<typeof csv>[0], options: Partial<TableOptions> = {}) =>
    encodingOf(csv({...columns, y: classOf, x: (row) => row % 7}), options).columns.map(
      (column) => column.use + ('why' in column ? `: ${column.why}` : ''),
    );
  test.each([
    ['numbers', (row: number) => row * 1.5, /^numeric$/],
    ['whole numbers that come again', (row: number) => row % 5, /^numeric$/],
    ['numbers, some missing', (row: number) => (row % 4 ? row / 7 : ''), /^numeric$/],
    ['words', (row: number) => ['red', 'green'][row % 2], /^category$/],
    ['truths', (row: number) => row % 2 === 0, /^category$/],
    ['the number of the row', (row: number) => row + 17, /^ignored: an id: it counts the rows/],
    ['days', (row: number) => `2024-03-${1 + (row % 30)}`, /^ignored: dates/],
    ['German days', (row: number) => `${1 + (row % 28)}.3.2024`, /^ignored: dates/],
    ['texts', (row: number) => `text ${row}`, /^ignored: an id or free text: 60 different values in 60 rows/],
    ['one value', () => 5, /^ignored: it is always "5"/],
    ['nothing', () => '', /^ignored: it is empty/],
  ] as const)('%s', (_, of, expected) => {
    expect(usesOf({c: of})[0]).toMatch(expected);
  });

  test('an id by its name, whatever its numbers', () => {
    expect(usesOf({user_id: (row) => (row * 7919) % 1009})[0]).toMatch(/^ignored: an id/);
  });

  test('are what the user says', () => {
    const columns = {a: 'category', b: 'ignored', id: 'numeric'} as const;
    expect(
      usesOf({a: (row) => row % 4, b: (row) => row % 3, id: (row) => row}, {columns}).slice(0, 3),
    ).toEqual(['category', 'ignored: as asked', 'numeric']);
  });

  test('decimals after a comma, where semicolons separate', () => {
    const text = csv({a: (row) => `${row},5`, y: classOf})
      .replace(/a,y/, 'a;y')
      .replaceAll(/,(?=[abc]$)/gm, ';');
    expect(encodingOf(text)).toMatchObject({delimiter: ';', decimal: ',', inputs: ['a']});
  });

  test('tabs, carriage returns, a byte order mark, UTF-16', async () => {
    const text = csv({a: (row) => row * 2, y: classOf})
      .replaceAll(',', '\t')
      .replaceAll('\n', '\r\n');
    const utf8 = new TextEncoder().encode(`\ufeff${text}`);
    const utf16 = Uint8Array.from([0xff, 0xfe, ...Buffer.from(text, 'utf16le')]);
    for (const bytes of [utf8, utf16]) {
      expect(encodingOf(await textOf(bytes, 't.csv'))).toMatchObject({delimiter: '\t', inputs: ['a']});
    }
  });
});

describe('targets', () => {
  const x = (row: number): number => (row * 31) % 17;
  test.each([
    ['words are classes', classOf, 'classification', ['a', 'b', 'c']],
    [
      'few whole numbers are classes',
      (row: number) => [10, 9, 1][row % 3],
      'classification',
      ['1', '9', '10'],
    ],
    ['1.0 is the class of 1', (row: number) => ['1', '1.0', '2'][row % 3], 'classification', ['1', '2']],
    ['many whole numbers are values', (row: number) => (row * row) % 59, 'regression', undefined],
    ['numbers are values', (row: number) => row / 8, 'regression', undefined],
  ] as const)('%s', (_, of, task, names) => {
    const {data, task: found} = made(csv({x, y: of}));
    expect(found).toBe(task);
    expect(data.kind === 'classification' ? data.classNames : undefined).toEqual(names);
  });

  test('are what the user says', () => {
    expect(made(csv({x, y: (row) => row % 3}), {task: 'regression'}).data.kind).toBe('regression');
    expect(made(csv({x, y: (row) => (row % 3) / 2}), {task: 'classification'}).data).toMatchObject({
      classNames: ['0', '0.5', '1'],
    });
  });

  test('rows without one are left out, and counted', () => {
    const {data} = made(csv({x, y: (row) => (row % 4 ? classOf(row) : 'NA')}));
    expect(data.train.size + data.validation.size + data.test.size).toBe(45);
    expect(data.encoding).toMatchObject({untold: 15});
  });

  test('values are standardized by the training rows', () => {
    const {data} = made(csv({x, y: (row) => 100 + row * 2.5}));
    const mean = (values: ArrayLike<number>): number =>
      Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(data.train.y)).toBeCloseTo(0, 5);
    expect(mean(Float32Array.from(data.train.y, (value) => value ** 2))).toBeCloseTo(1, 5);
  });
});

test('no constant comes from rows to validate or to test with', () => {
  const columns = {a: (row: number) => (row * 13) % 29, b: (row: number) => ['p', 'q', 'r'][(row * 5) % 3]};
  const target = (row: number): number => Math.sin(row);
  const before = csv({...columns, y: target});
  const {data} = made(before);
  // Which rows are trained on shows in what becomes of the encoding when a row is changed.
  const changed = Array.from({length: 60}, (_, changedRow) => {
    const other = csv({
      a: (row) => (row === changedRow ? 1e4 : columns.a(row)),
      b: (row) => (row === changedRow ? 'never seen' : columns.b(row)),
      y: target,
    });
    return JSON.stringify(encodingOf(other)) !== JSON.stringify(data.encoding);
  });
  expect(changed.filter(Boolean)).toHaveLength(data.train.size);
  const {target: own} = encodingOf(before);
  // A target is changed without a change of its place among the others, by which rows are cut into parts.
  const moved = Array.from({length: 60}, (_, changedRow) => {
    const other = encodingOf(csv({...columns, y: (row) => target(row) + (row === changedRow ? 1e-9 : 0)}));
    return JSON.stringify(other.target) !== JSON.stringify(own);
  });
  expect(moved).toEqual(changed);
});

describe('what is broken says where', () => {
  const many = (row: number, bad: string): string =>
    csv({a: (at) => at * 2, y: classOf}, 40)
      .split('\n')
      .with(row - 1, bad)
      .join('\n');
  test.each([
    ['empty-file', '', /^\[data\] t.csv: it is empty/],
    ['empty-file', 'a,y\n', /header and no rows/],
    ['no-header', '1,2\n3,4', /t.csv, row 1: its first row holds numbers/],
    ['duplicate-column', 'a,a,y\n1,2,3', /two columns are called "a"/],
    ['ragged-row', many(7, '1,2,3'), /t.csv, row 7: it has 3 fields, and the header 2/],
    ['bad-quotes', many(9, '1,"a'), /t.csv, row 9: a quoted text has no end/],
    ['not-a-number', many(12, 'x12,a'), /t.csv, row 12, column "a": "x12" is no finite number/],
    ['not-a-number', many(12, '1e999,a'), /t.csv, row 12, column "a": "1e999"/],
    ['no-such-column', 'a,b\n1,2', /there is no column "y"\n {2}There are "a", "b"/],
    ['one-class', csv({a: (row) => row % 3, y: () => 'a'}), /column "y": it is "a" in every row/],
    ['too-many-classes', csv({a: (row) => row % 3, y: (row) => `t${row}`}), /60 classes in 60 rows/],
    ['too-few-examples', 'a,y\n1,p\n2,p\n', /one-class|to cut into three parts|nothing to predict/],
    [
      'no-inputs',
      csv({a: () => 1, y: classOf}),
      /no column to predict "y" from\n {2}Ignored are "a": it is always/,
    ],
    ['not-text', 'a,y\n\0,1', /zeros/],
  ])('%s', (code, text, message) => {
    const error = (() => {
      try {
        return made(text);
      } catch (caught) {
        return caught;
      }
    })();
    expect(RegularizerError.isInstance(error)).toBe(true);
    if (code !== 'too-few-examples') expect((error as RegularizerError).code).toBe(code);
    expect((error as RegularizerError).message).toMatch(message);
  });

  test('a value of the test rows beyond all numbers', () => {
    const text = csv({a: (row) => (row === 1 ? '1e300' : row * 1e-9), y: classOf});
    const errors = [0, 1, 2, 3, 4, 5, 6, 7].map((seed) => {
      try {
        made(text, {seed});
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    });
    // It depends on the seed which part row 3 is in; wherever it is, it is that row or its column.
    for (const message of errors)
      expect(message).toMatch(/row 3, column "a"|column "a": its numbers are too large|^$/);
    expect(errors.some((message) => message !== '')).toBe(true);
  });

  test('text that is none', async () => {
    await expect(textOf(Uint8Array.from([0x61, 0xe9, 0x2c, 0x62]), 't.csv')).rejects.toThrow(
      /no text in UTF-8/,
    );
  });
});

test('any text is data or a typed error', () => {
  const cell = fc.oneof(
    fc.constantFrom(
      '',
      'NA',
      '?',
      '1',
      '-2.5',
      '3e400',
      '1e308',
      '"',
      '""',
      'a"b',
      '"x,y"',
      '2024-01-01',
      '__proto__',
      'y',
    ),
    fc.double().map(String),
    fc.string({unit: 'binary', maxLength: 4}),
  );
  const row = fc.array(cell, {minLength: 1, maxLength: 4}).map((cells) => cells.join(','));
  const even = fc
    .array(
      fc.tuple(fc.integer(), fc.oneof(fc.constantFrom('', 'u', 'v'), cell), fc.constantFrom('p', 'q', '1')),
      {
        minLength: 3,
        maxLength: 30,
      },
    )
    .map((rows) => rows.map((cells) => cells.join(',')));
  const lines = fc.oneof(fc.array(row, {maxLength: 12}), even);
  const text = fc.oneof(
    fc.string({unit: 'binary', maxLength: 200}),
    lines.map((rows) => ['a,b,y', ...rows].join('\n')),
  );
  const folds = fc.option(
    fc.record({folds: fc.integer({min: 2, max: 5}), fold: fc.integer({min: 0, max: 5})}),
    {nil: {}},
  );
  let fine = 0;
  fc.assert(
    fc.property(text, folds, fc.constantFrom('y', 'a', ''), (content, options, target) => {
      try {
        const {data} = made(content, {target, ...options});
        checkDataSet(data);
        expect(JSON.parse(JSON.stringify(data.encoding))).toEqual(data.encoding);
        expect(data.encoding).toMatchObject({kind: 'table', inputs: {length: data.inputShape[0]}});
        fine += 1;
      } catch (error) {
        if (!RegularizerError.isInstance(error)) throw error;
      }
    }),
    {numRuns: 1000},
  );
  expect(fine).toBeGreaterThan(50);
});

test.each([
  ['1.234,5', ';'],
  ['"1,234"', ','],
  ["1'234.5", ','],
  ['12 345', ','],
])('%s is a number with separators, and said to be', (cell, delimiter) => {
  const lines = Array.from({length: 40}, (_, row) => [
    cell.replace('3', String(row % 10)).replace('4', String(row % 7)),
    row % 9,
    'ab'[row % 2],
  ]);
  const {columns} = encodingOf(
    `${['x', 'z', 'y'].join(delimiter)}\n${lines.map((line) => line.join(delimiter)).join('\n')}`,
  );
  expect(columns[0]).toMatchObject({
    use: 'ignored',
    why: expect.stringMatching(/^numbers with separators of thousands, such as ".*": write them without$/),
  });
});

test('a first row of cells is shown where a column is looked for by name', () => {
  const table = parseCsv('1,a,no\n2,b,yes\n3,a,no', 't.csv');
  expect(() => tableData('t', table, {target: 'y', seed: 0})).toThrow(
    expect.objectContaining({
      hint: 'Its first row is "1", "a", "no": put a row with the names of the columns on top.',
    }),
  );
});
