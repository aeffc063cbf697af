import {type DataSet, splitNames} from '../data/data-set.ts';
import type {TableEncoding} from '../data/encoding.ts';
import {labelNoiseOf} from '../data/label-noise.ts';
import {mostCategories} from '../data/own/encoding.ts';
import type {CsvOptions} from '../data/own/options.ts';
import type {Recipe} from '../recipe.ts';
import {literal} from './literal.ts';
import {type Imports, needs} from './regularizers-code.ts';

/** The CSV file that a recipe's program reads itself; undefined where what it trains on is written beside it. */
export const csvRead = ({data}: Recipe): CsvOptions | undefined =>
  // Labels that were made wrong are in no file.
  data.name === 'csv' && labelNoiseOf(data) === 0 ? data : undefined;

/** A table that a program reads. */
interface TableInput {
  readonly options: CsvOptions;
  /** Where its file is, as a URL that begins at the program's. */
  readonly url: string;
  /** As the model sees it. */
  readonly data: DataSet;
  readonly encoding: TableEncoding;
}

/**
 * Lines that make `train`, `validation` and `test` of a CSV file, as the lab does, to the bit: the same rows in each part, and
 * all constants of the rows to train on, so that the program is right of a file with more rows, too.
 */
export function tableCode(
  {options, url, data, encoding}: TableInput,
  imports: Imports,
  comment: (text: string) => string,
): readonly string[] {
  needs(imports, 'papaparse', 'default as Papa');
  needs(imports, '@regularizers/random', 'deriveKey');
  needs(imports, '@regularizers/random', 'hostPermutation');
  const isPacked = /\.gz$/i.test(options.file);
  if (isPacked) needs(imports, 'node:zlib', 'gunzipSync');
  const {columns, delimiter, decimal, missing, target} = encoding;
  const named = (use: string): readonly string[] =>
    columns.filter((column) => column.use === use && column.name !== target.name).map(({name}) => name);
  const categories = columns.filter((column) => column.use === 'category');
  const isCut = categories.some(({values}) => values.length === mostCategories);
  return [
    `// ${comment(data.description)}`,
    `const csv = new URL(${literal(url)}, import.meta.url);`,
    `const target = ${literal(target.name)};`,
    `const categories: string[] = ${literal(named('category'))};`,
    `const ignored: string[] = ${literal(named('ignored'))}; // all other columns are numbers`,
    `const missing = new Set(${literal(missing)});`,
    '',
    '// A row of names, then the rows; those without a target are left out.',
    `const bytes = ${isPacked ? 'gunzipSync(await readFile(csv))' : 'await readFile(csv)'};`,
    "const charset = bytes[0] === 0xff ? 'utf-16le' : bytes[0] === 0xfe ? 'utf-16be' : 'utf-8';",
    `const parsed = Papa.parse<string[]>(new TextDecoder(charset).decode(bytes), {delimiter: ${literal(delimiter)}});`,
    'const [header, ...lines] = parsed.data',
    '  .map((line) => line.map((cell) => cell.trim()))',
    "  .filter((line) => line.some((cell) => cell !== ''));",
    "const columns = header.map((name, at) => name || 'column ' + (at + 1));",
    'const goal = columns.indexOf(target);',
    'const rows = lines.filter((line) => !missing.has(line[goal]));',
    `const numberIn = (cell: string): number => Number(${decimal === ',' ? "cell.replace(',', '.')" : 'cell'});`,
    '',
    ...targetCode(target),
    ...splitCode(options, data),
    '',
    ...encoderCode(isCut),
    '',
    ...tensorCode(target, data.kind === 'autoencoding'),
  ];
}

/** `targets` of all rows, and the `strata` that each part has in proportion. */
function targetCode(target: TableEncoding['target']): readonly string[] {
  if (target.use === 'classes') {
    const nameOf = target.numeric ? 'String(numberIn(line[goal]))' : 'line[goal]';
    return [
      `const classNames = ${literal(target.classes)};`,
      `const targets = rows.map((line) => classNames.indexOf(${nameOf}));`,
      "if (targets.includes(-1)) throw new Error(target + ' has a value that is none of the classes');",
      'const strata = targets;',
    ];
  }
  return [
    'const targets = rows.map((line) => numberIn(line[goal]));',
    'const strata: number[] = []; // tenths, from the lowest to the highest',
    'const ranked = [...targets.keys()].sort((a, b) => targets[a] - targets[b]);',
    'for (const [rank, row] of ranked.entries()) strata[row] = Math.floor((10 * rank) / rows.length);',
  ];
}

/** `rowsOf`: the positions of the rows of each part. */
function splitCode({folds, fold = 0, seed}: CsvOptions, data: DataSet): readonly string[] {
  const [train, validation, test] = [data.train.size, data.validation.size, data.test.size];
  const lines = [
    '',
    '// One order at random in which every stratum is spread out evenly: each piece of it has all in proportion.',
    `const drawn = Array.from(hostPermutation(rows.length, deriveKey(${seed}, 'own data', 'split')));`,
    'const counts = new Map<number, number>();',
    'const places: number[] = [];',
    'for (const row of drawn) {',
    '  const before = counts.get(strata[row]) ?? 0;',
    '  counts.set(strata[row], before + 1);',
    '  places[row] = before + 0.5;',
    '}',
    'const placeOf = (row: number): number => places[row] / counts.get(strata[row])!;',
    'const order = drawn.sort((a, b) => placeOf(a) - placeOf(b));',
  ];
  if (folds === undefined) {
    return [
      ...lines,
      'const rowsOf = {',
      `  test: order.slice(0, ${test}),`,
      `  validation: order.slice(${test}, ${test + validation}),`,
      `  train: order.slice(${test + validation}, ${test + validation + train}),`,
      '};',
    ];
  }
  const pool = train + validation;
  const [from, to] = [fold, fold + 1].map((edge) => Math.floor((edge * pool) / folds));
  return [
    ...lines,
    `const pool = order.slice(${test}, ${test + pool});`,
    'const rowsOf = {',
    `  test: order.slice(0, ${test}),`,
    `  validation: pool.slice(${from}, ${to}), // of ${folds} folds the one with number ${fold}`,
    `  train: [...pool.slice(0, ${from}), ...pool.slice(${to})],`,
    '};',
  ];
}

/** `encode`, which makes numbers of a row. */
const encoderCode = (isCut: boolean): readonly string[] => [
  'function standard(values: number[]): {mean: number; deviation: number} {',
  '  const mean = values.reduce((sum, value) => sum + value, 0) / (values.length || 1);',
  '  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);',
  '  const deviation = Math.sqrt(squares / (values.length || 1));',
  '  return {mean, deviation: deviation > 10 * Number.EPSILON * Math.abs(mean) ? deviation : 1};',
  '}',
  ...(isCut
    ? [
        'function mostFrequent(cells: string[]): string[] {',
        '  const counts = new Map<string, number>();',
        '  for (const cell of cells) counts.set(cell, (counts.get(cell) ?? 0) + 1);',
        '  const sorted = [...counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));',
        `  return sorted.slice(0, ${mostCategories}).map(([value]) => value).sort();`,
        '}',
      ]
    : []),
  '// What becomes of a cell: all constants are of the rows to train on alone.',
  'const encoders = columns.flatMap((name, at) => {',
  '  if (at === goal || ignored.includes(name)) return [];',
  '  const cells = rowsOf.train.map((row) => rows[row][at]);',
  '  const present = cells.filter((cell) => !missing.has(cell));',
  '  const flag = (cell: string): number[] => (present.length < cells.length ? [Number(missing.has(cell))] : []);',
  '  if (categories.includes(name)) {',
  `    const values = ${isCut ? 'mostFrequent(present)' : '[...new Set(present)].sort()'};`,
  '    return [{at, encode: (cell: string) => [...values.map((value) => Number(value === cell)), ...flag(cell)]}];',
  '  }',
  '  const {mean, deviation} = standard(present.map(numberIn));',
  '  const scaled = (cell: string): number => (missing.has(cell) ? 0 : (numberIn(cell) - mean) / deviation);',
  '  return [{at, encode: (cell: string) => [scaled(cell), ...flag(cell)]}];',
  '});',
  'const encode = (line: string[]): number[] => encoders.flatMap(({at, encode}) => encode(line[at]));',
  'const width = encode(rows[0]).length;',
];

/** `train`, `validation` and `test` as tensors. */
function tensorCode(target: TableEncoding['target'], isMirrored: boolean): readonly string[] {
  const y =
    target.use === 'classes'
      ? "tf.tensor1d(of.map((row) => targets[row]), 'int32')"
      : 'tf.tensor2d(of.map((row) => [(targets[row] - scale.mean) / scale.deviation]))';
  return [
    ...(target.use === 'value' && !isMirrored
      ? [
          '// The model answers in deviations from the mean.',
          'const scale = standard(rowsOf.train.map((row) => targets[row]));',
        ]
      : []),
    'function examples(of: number[]): {x: tf.Tensor; y: tf.Tensor} {',
    '  const values = new Float32Array(of.length * width);',
    '  for (const [i, row] of of.entries()) values.set(encode(rows[row]), i * width);',
    "  if (!values.every(Number.isFinite)) throw new Error(csv.pathname + ' has a cell that is no number');",
    '  const x = tf.tensor2d(values, [of.length, width]);',
    isMirrored ? '  return {x, y: x}; // the target is the input' : `  return {x, y: ${y}};`,
    '}',
    ...splitNames.map((name) => `const ${name} = examples(rowsOf.${name});`),
  ];
}
