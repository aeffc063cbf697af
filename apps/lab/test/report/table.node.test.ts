import {expect, test} from 'vitest';
import {comparisonTable} from '../../src/report/table.ts';

const rows = [
  {name: 'baseline', seeds: 5, testErrorMean: 0.071, testErrorStandardError: 0.001, gap: 0.07, seconds: 3},
  {name: 'dropout', seeds: 5, testErrorMean: 0.052, testErrorStandardError: 0.002, gap: 0.03, seconds: 125},
  {name: 'inputNoise', seeds: 5, testErrorMean: 0.08, testErrorStandardError: 0.002, gap: 0.03, seconds: 4},
];

test('the table marks the lowest error and compares with the first row', () => {
  const lines = comparisonTable(rows, {colour: false}).split('\n');
  const cells = lines.map((line) => line.split('│').map((cell) => cell.trim()));
  expect(cells[1]).toEqual(['', '', 'test error', 'against baseline', 'gap', 'seeds', 'time per run', '']);
  expect(cells[3]).toEqual(['', 'baseline', '7.10 ± 0.10 %', '', '7.00 %', '5', '3.00 s', '']);
  expect(cells[4]).toEqual(['', 'dropout *', '5.20 ± 0.20 %', '−1.90 %', '3.00 %', '5', '2 min 05 s', '']);
  expect(cells[5]?.[3]).toBe('+0.90 %');
  expect(new Set(lines.map((line) => [...line].length)).size).toBe(1);
});

test('escape codes only where they are wanted', () => {
  expect(comparisonTable(rows, {colour: false})).not.toContain('\u001b');
  expect(comparisonTable(rows)).toContain('\u001b[32m');
  expect(() => comparisonTable([])).not.toThrow();
});
