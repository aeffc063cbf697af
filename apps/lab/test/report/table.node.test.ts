import type {Verdict} from '@regularizers/search';
import {expect, test} from 'vitest';
import {searchCells} from '../../src/report/search-cells.ts';
import {comparisonTable} from '../../src/report/table.ts';
import {reportOf, row, verdict} from './rows.ts';

const rows = [
  row('baseline', 0.071),
  row('dropout', 0.052, {
    againstBaseline: verdict(-0.019, 0.004),
    againstReference: verdict(-0.028, 0.003),
    seconds: 125,
  }),
  // The least test error of all, and not the least validation error.
  row('inputNoise', 0.051, {
    againstBaseline: verdict(-0.02, 0.03),
    againstReference: verdict(-0.029, 0.003),
    validation: {mean: 0.06, standardError: 0.001},
  }),
  row('earlyStopping', 0.08, {againstBaseline: verdict(0.009, 0.004)}),
];

const cellsOf = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line.includes('│'))
    .map((line) => line.split('│').map((cell) => cell.trim()));

test('the table has both errors and a verdict for each row, and marks what one would choose', () => {
  const cells = cellsOf(comparisonTable(reportOf(rows), {colour: false}));
  const head = ['', '', 'validation error', 'test error', 'against baseline', 'gap', 'time per run', ''];
  expect(cells[0]).toEqual(head);
  expect(cells[1]).toEqual(['', 'baseline', '6.10 ± 0.10 %', '7.10 ± 0.20 %', '', '7.00 %', '3.20 s', '']);
  const dropout = ['4.20 ± 0.10 %', '5.20 ± 0.20 %', '−1.90 ± 0.40 helps', '5.10 %', '2 min 05 s'];
  expect(cells[2]).toEqual(['', 'dropout *', ...dropout, '']);
  expect(cells[3]?.slice(1, 5)).toEqual([
    'inputNoise',
    '6.00 ± 0.10 %',
    '5.10 ± 0.20 %',
    '−2.00 ± 3.00 within chance (from 4.50)',
  ]);
  expect(cells[4]?.[4]).toBe('+0.90 ± 0.40 hurts');
});

test('where labels are wrong, early stopping is held against, too, and both are said', () => {
  const noisy = {...reportOf(rows), labelNoise: 0.3, reference: 'earlyStopping', name: 'wrong labels'};
  const text = comparisonTable(noisy, {colour: false});
  const cells = cellsOf(text);
  expect(cells[0]?.slice(4, 7)).toEqual(['against baseline', 'against earlyStopping', 'gap to given labels']);
  expect(cells[2]?.[5]).toBe('−2.80 ± 0.30 helps');
  expect(cells[4]?.[5]).toBe('');
  expect(text).toMatch(/^wrong labels\n/);
  expect(text).toMatch(/^30 % of the labels of training and validation are wrong, and none of the test/m);
  expect(text).toMatch(/earlyStopping alone does that, too: it is the line to beat/);
});

test('what is the same on every seed is said to be, and how that is to be read', () => {
  const same: Verdict = {...verdict(0, 0), word: 'same', standardError: 0, p: 1};
  const {smallest: _, ...known} = same;
  const text = comparisonTable(reportOf([rows[0]!, row('idle', 0.071, {againstBaseline: known})]));
  expect(text).toContain('the same on all 5 seeds');
  expect(text).toMatch(/^The same: what was added changed nothing, or nothing that so many test examples/m);
  expect(text).not.toMatch(/within chance|\(from|helps/);
  const cells = searchCells({name: 'idle', point: {}, validation: 0.1, test: 0.1, verdict: known}, 'error');
  expect(cells).toEqual(['idle', '10.00 %', '10.00 %', '', 'the same on all 5 seeds']);
  expect(comparisonTable(reportOf(rows), {colour: false})).not.toMatch(/^The same:/m);
});

test('one seed has differences and no verdict, and the table says so', () => {
  const once = rows.map(({againstBaseline: _, againstReference: __, ...rest}) => ({...rest, seeds: 1}));
  const text = comparisonTable(reportOf(once), {colour: false});
  expect(cellsOf(text)[2]?.slice(1, 5)).toEqual(['dropout *', '4.20 %', '5.20 %', '−1.90, no verdict']);
  expect(text).toMatch(/^No verdicts: they need a baseline and two seeds or more/m);
  expect(text).not.toMatch(/helps|hurts|within chance/);
});

test('test errors decide nothing: however they are, the same row is marked', () => {
  const marked = (changed: typeof rows): readonly string[] =>
    cellsOf(comparisonTable(reportOf(changed), {colour: false})).flatMap((cells) =>
      cells[1]?.endsWith('*') ? [cells[1]] : [],
    );
  const reversed = rows.map((one, at) => ({...one, test: rows.at(-1 - at)!.test}));
  expect(marked(rows)).toEqual(['dropout *']);
  expect(marked(reversed)).toEqual(['dropout *']);
  // What was not run on all seeds is not compared with what was.
  const fewer = rows.map((one) => (one.name === 'dropout' ? {...one, seeds: 2} : one));
  expect(marked(fewer)).toEqual(['inputNoise *']);
});

test('escape codes only where they are wanted', () => {
  expect(comparisonTable(reportOf(rows), {colour: false})).not.toContain('\u001b');
  expect(comparisonTable(reportOf(rows))).toContain('\u001b[32m−1.90 ± 0.40 helps');
  expect(comparisonTable(reportOf(rows))).toContain('\u001b[31m+0.90 ± 0.40 hurts');
  expect(() => comparisonTable(reportOf([]))).not.toThrow();
});
