import {describe, expect, test} from 'vitest';
import {comparisonSvg, verdict} from '../../src/report/comparison.ts';
import {curvesSvg} from '../../src/report/curves.ts';
import {reportHtml} from '../../src/report/html.ts';
import {
  type ComparisonRow,
  formatMean,
  formatMeasure,
  formatSeconds,
  type HistoryPoint,
} from '../../src/report/rows.ts';

const row = (
  name: string,
  testErrorMean: number,
  testErrorStandardError = 0.002,
  seeds = 5,
): ComparisonRow => ({
  name,
  seeds,
  testErrorMean,
  testErrorStandardError,
  gap: testErrorMean - 0.001,
  seconds: 3.2,
});
const rows = [
  row('baseline', 0.071),
  row('dropout', 0.052),
  row('label <noise> & more', 0.09),
  row('l2', 0.07),
];

const history = (epochs: number, shift = 0): HistoryPoint[] =>
  Array.from({length: epochs}, (_, index) => ({
    epoch: index + 1,
    train: {loss: 2 / (index + 1), penalty: 0, objective: 2 / (index + 1), accuracy: 1 - 0.5 / (index + 1)},
    validation: {loss: 0.5 + Math.abs(index - 3 - shift) / 10, accuracy: 0.8},
    seconds: 0.5,
  }));

const numbersIn = (svg: string): string[] => svg.match(/\b(NaN|Infinity|undefined)\b/g) ?? [];
const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

test('numbers are written for people', () => {
  expect(formatMean(row('a', 0.0712, 0.00123), 'error')).toBe('7.12 ± 0.12 %');
  expect(formatMean(row('a', 0.0712, 0, 1), 'error')).toBe('7.12 %');
  expect(formatMean(row('a', 0.0712, 0.00123), 'loss')).toBe('0.07120 ± 0.001230');
  expect(formatMeasure(0.5, 'error')).toBe('50.00 %');
  expect([0.853, 12.34, 99.4, 99.6, 245].map(formatSeconds)).toEqual([
    '0.85 s',
    '12.3 s',
    '99.4 s',
    '1 min 40 s',
    '4 min 05 s',
  ]);
});

describe('curvesSvg', () => {
  test('draws each seed, their mean, and the lowest mean', () => {
    const svg = curvesSvg([{name: 'a', histories: [history(8), history(8, 1), history(6)]}]);
    expect(count(svg, /class="train seed"/g)).toBe(3);
    expect(count(svg, /class="validation seed"/g)).toBe(3);
    // Lowest mean of validation, over 0.5 + |e − 4|/10 twice and 0.5 + |e − 5|/10, at epoch 4: 0.5 + 0.1/3
    expect(svg).toContain('>0.533</text>');
    expect(numbersIn(svg)).toEqual([]);
  });

  test('draws a single seed once', () => {
    expect(count(curvesSvg([{name: 'a', histories: [history(8)]}]), /class="train seed"/g)).toBe(0);
  });

  test('shows errors where there is accuracy', () => {
    const svg = curvesSvg([{name: 'a', histories: [history(8)]}], {quantity: 'error'});
    expect(svg).toContain('20.0 %');
  });

  test.each([
    ['no run', []],
    ['no history', [{name: 'a', histories: []}]],
    ['an empty history', [{name: 'a', histories: [[]]}]],
    ['one epoch', [{name: 'a', histories: [history(1)]}]],
    ['no validation', [{name: 'a', histories: [history(3).map(({validation: _, ...rest}) => rest)]}]],
    [
      'a run that diverged',
      [
        {
          name: 'a',
          histories: [history(3).map((point) => ({...point, train: {...point.train, loss: Number.NaN}}))],
        },
      ],
    ],
  ])('stands %s', (_, runs) => {
    expect(numbersIn(curvesSvg(runs))).toEqual([]);
  });
});

describe('comparisonSvg', () => {
  test('has a mark and a number for every row', () => {
    const svg = comparisonSvg(rows);
    expect(count(svg, /<circle/g)).toBe(4);
    expect(svg).toContain('5.20 ± 0.20 %');
    expect(svg).toContain('label &lt;noise&gt; &amp; more');
    expect(numbersIn(svg)).toEqual([]);
  });

  test.each([
    ['no row', []],
    ['one row', [row('a', 0.1)]],
    ['no error at all', [row('a', 0, 0), row('b', 0, 0)]],
  ])('stands %s', (_, some) => {
    expect(numbersIn(comparisonSvg(some))).toEqual([]);
  });

  test('calls a difference one only beyond twice its standard error', () => {
    // √(0.002² + 0.002²) = 0.0028; twice that is 0.0057
    expect(rows.map((one) => verdict(one, rows[0]!))).toEqual(['equal', 'better', 'worse', 'equal']);
    expect(verdict(row('a', 0.071 - 0.0055), rows[0]!)).toBe('equal');
    expect(verdict(row('a', 0.071 - 0.0059), rows[0]!)).toBe('better');
    expect(verdict(row('a', 0.01, 0, 1), rows[0]!)).toBe('equal');
  });
});

describe('reportHtml', () => {
  const html = reportHtml({
    title: 'A <report>',
    rows,
    runs: [{name: 'baseline', histories: [history(4)]}],
    recipe: {data: {name: '</pre><script>'}},
    command: 'lab compare',
  });

  test('needs nothing but itself', () => {
    expect(html).not.toMatch(/<script|<link|<img|@import|url\(/);
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:/);
  });

  test('escapes what it is given', () => {
    expect(html).toContain('<h1>A &lt;report&gt;</h1>');
    expect(html).toContain('&lt;/pre&gt;&lt;script&gt;');
  });

  test('leaves out the parts that there are not', () => {
    expect(count(html, /<h2>/g)).toBe(5);
    expect(count(reportHtml({title: 'a', rows: [], runs: []}), /<h2>/g)).toBe(0);
  });
});

test('a report lets no script run and nothing be loaded, whatever is in it', () => {
  const nasty = '</title><script src="https://example.com"></script><img src=x onerror=alert(1)>';
  const html = reportHtml({
    title: nasty,
    subtitle: nasty,
    rows: [row(nasty, 0.1)],
    runs: [{name: nasty, histories: [history(3)]}],
    recipe: {name: nasty},
    command: nasty,
  });
  const [policy = ''] = html.match(/<meta http-equiv="content-security-policy" content="([^"]*)">/) ?? [];
  expect(html.indexOf(policy)).toBeLessThan(html.indexOf('<title>'));
  expect(policy).toMatch(/default-src 'none'/);
  expect(policy).not.toMatch(/script-src|connect-src|img-src|\*/);
  expect(html).not.toMatch(/<script|<img|<link|url\(/);
});
