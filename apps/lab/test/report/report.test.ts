import {describe, expect, test} from 'vitest';
import {comparisonSvg} from '../../src/report/comparison.ts';
import {curveLegend, curvePanels} from '../../src/report/curves.ts';
import {reportHtml} from '../../src/report/html.ts';
import {notesOf} from '../../src/report/notes.ts';
import {
  formatEstimate,
  formatMeasure,
  formatSeconds,
  formatVerdict,
  type HistoryPoint,
  type Measure,
  type RunCurves,
} from '../../src/report/rows.ts';
import {escapeText} from '../../src/report/svg.ts';
import {reportOf, row, verdict} from './rows.ts';

const rows = [
  row('baseline', 0.071),
  row('dropout', 0.052, {againstBaseline: verdict(-0.019, 0.004)}),
  row('label <noise> & more', 0.09, {againstBaseline: verdict(0.019, 0.004)}),
  row('l2', 0.07, {againstBaseline: verdict(-0.001, 0.004)}),
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
  const estimate = {mean: 0.0712, standardError: 0.00123};
  expect(formatEstimate(estimate, 5, 'error')).toBe('7.12 ± 0.12 %');
  expect(formatEstimate(estimate, 1, 'error')).toBe('7.12 %');
  expect(formatEstimate(estimate, 5, 'loss')).toBe('0.07120 ± 0.001230');
  expect(formatVerdict(verdict(-0.019, 0.004), 'error')).toBe('−1.90 ± 0.40 helps');
  expect(formatVerdict(verdict(0.019, 0.004), 'error')).toBe('+1.90 ± 0.40 hurts');
  expect(formatVerdict(verdict(-0.001, 0.004), 'error')).toBe('−0.10 ± 0.40 within chance (from 0.60)');
  expect(formatVerdict(verdict(-0.019, 0.004), 'loss')).toBe('−0.01900 ± 0.004000 helps');
  expect(formatMeasure(0.5, 'error')).toBe('50.00 %');
  expect([0.853, 12.34, 99.4, 99.6, 245].map(formatSeconds)).toEqual([
    '0.85 s',
    '12.3 s',
    '99.4 s',
    '1 min 40 s',
    '4 min 05 s',
  ]);
});

describe('curvePanels', () => {
  const panels = (runs: readonly RunCurves[], quantity: Measure = 'loss'): string =>
    curvePanels(runs, quantity).join('');

  test('draws each seed, their mean, and the lowest mean', () => {
    const svg = panels([{name: 'a', histories: [history(8), history(8, 1), history(6)]}]);
    expect(count(svg, /class="train seed"/g)).toBe(3);
    expect(count(svg, /class="validation seed"/g)).toBe(3);
    // Lowest mean of validation, over 0.5 + |e − 4|/10 twice and 0.5 + |e − 5|/10, at epoch 4: 0.5 + 0.1/3
    expect(svg).toContain('>0.533</text>');
    expect(numbersIn(svg)).toEqual([]);
  });

  test('draws a single seed once', () => {
    expect(count(panels([{name: 'a', histories: [history(8)]}]), /class="train seed"/g)).toBe(0);
  });

  test('shows errors where there is accuracy', () => {
    const svg = panels([{name: 'a', histories: [history(8)]}], 'error');
    expect(svg).toContain('20.0 %');
  });

  test('is a picture for each run, with a ring where training ends as it is evaluated', () => {
    const evaluated = [
      {loss: 0.25, accuracy: 1},
      {loss: 0.35, accuracy: 0.9},
    ];
    const runs = ['a', 'b'].map((name) => ({name, histories: [history(8), history(8)], evaluated}));
    const all = curvePanels(runs, 'loss');
    expect(all.map((svg) => count(svg, /<circle class="train"/g))).toEqual([1, 1]);
    expect(count(panels([{name: 'a', histories: [history(8)]}]), /<circle class="train"/g)).toBe(0);
    // At the mean, 0.3: as high as a validation curve that stays there.
    const flat = history(8).map((point) => ({...point, validation: {loss: 0.3}}));
    const [both = ''] = curvePanels([{name: 'a', histories: [flat], evaluated}], 'loss');
    const heights = ['train', 'validation'].map(
      (side) => new RegExp(`<circle class="${side}"[^>]* cy="([\\d.]+)"`).exec(both)?.[1],
    );
    expect(heights[0]).toBe(heights[1]);
    expect(curveLegend('loss')).toMatch(/validation.*training.*evaluated/s);
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
    expect(numbersIn(panels(runs))).toEqual([]);
  });
});

describe('comparisonSvg', () => {
  test('has a mark and a number for every row', () => {
    const svg = comparisonSvg(reportOf(rows));
    expect(count(svg, /<circle/g)).toBe(4);
    expect(svg).toContain('5.20 ± 0.20 %');
    expect(svg).toContain('label &lt;noise&gt; &amp; more');
    expect(numbersIn(svg)).toEqual([]);
  });

  test.each([
    ['no row', []],
    ['one row', [row('a', 0.1)]],
    ['no error at all', [row('a', 0), row('b', 0)]],
  ])('stands %s', (_, some) => {
    expect(numbersIn(comparisonSvg(reportOf(some)))).toEqual([]);
  });

  test('is green where there is a verdict that something helps, and red where it hurts', () => {
    const svg = comparisonSvg(reportOf(rows));
    expect(
      ['helps', 'hurts', 'equal'].map((kind) => count(svg, new RegExp(`<circle class="${kind}"`, 'g'))),
    ).toEqual([1, 1, 2]);
    // However low: without a verdict there is none.
    expect(comparisonSvg(reportOf([row('baseline', 0.5), row('l2', 0.01)]))).not.toContain(
      '<circle class="helps"',
    );
  });
});

describe('reportHtml', () => {
  const html = reportHtml({
    title: 'A <report>',
    parts: [{table: reportOf(rows), runs: [{name: 'baseline', histories: [history(4)]}]}],
    recipes: [
      {
        name: 'baseline',
        recipe: {data: {name: '</pre><script>'}, seed: 3},
        file: 'a "b".json',
        command: 'lab run a.json',
      },
    ],
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

  test('says what a terminal says: both errors, verdicts, and how to read them', () => {
    expect(html).toContain('<th>validation error</th><th>test error</th><th>against baseline</th>');
    expect(html).toContain('<td class="helps">−1.90 ± 0.40 helps</td>');
    for (const note of notesOf(reportOf(rows)))
      expect(html).toContain(`<p class="note">${escapeText(note)}</p>`);
  });

  test('has the recipe as a file to save, and what runs it', () => {
    const [, file, address = ''] = /<a download="([^"]*)" href="([^"]*)">/.exec(html) ?? [];
    expect(file).toBe('a &quot;b&quot;.json');
    const [type, text = ''] = address.split(',');
    expect(type).toBe('data:application/json;charset=utf-8');
    expect(JSON.parse(decodeURIComponent(text))).toEqual({data: {name: '</pre><script>'}, seed: 3});
    expect(html).toContain('<pre>lab run a.json</pre>');
  });

  test('leaves out the parts that there are not', () => {
    expect(count(html, /<h2>/g)).toBe(5);
    expect(count(reportHtml({title: 'a', parts: [{table: reportOf([]), runs: []}]}), /<h2>/g)).toBe(0);
  });
});

test('a report lets no script run and nothing be loaded, whatever is in it', () => {
  const nasty = '</title><script src="https://example.com"></script><img src=x onerror=alert(1)>';
  const html = reportHtml({
    title: nasty,
    subtitle: nasty,
    parts: [
      {
        table: {
          ...reportOf([row(nasty, 0.1), row('baseline', 0.2)]),
          name: nasty,
          reference: nasty,
          labelNoise: 0.2,
          failures: [{name: nasty, seeds: 1, failure: nasty}],
        },
        runs: [{name: nasty, histories: [history(3)]}],
      },
    ],
    recipes: [0, 1].map(() => ({name: nasty, recipe: {name: nasty}, file: nasty, command: nasty})),
    command: nasty,
  });
  const [policy = ''] = html.match(/<meta http-equiv="content-security-policy" content="([^"]*)">/) ?? [];
  expect(html.indexOf(policy)).toBeLessThan(html.indexOf('<title>'));
  expect(policy).toMatch(/default-src 'none'/);
  expect(policy).not.toMatch(/script-src|connect-src|img-src|\*/);
  expect(html).not.toMatch(/<script|<img|<link|url\(/);
});
