import {scaleLinear} from 'd3-scale';
import {baselineOf, formatEstimate, formatMeasure, type Measure, type TableReport} from './rows.ts';
import {chart, element, label} from './svg.ts';

const rowHeight = 30;
const top = 56;
const right = 130;
const plotWidth = 420;

/**
 * Test errors side by side: a dot per recipe with a bar of one standard error to each side, and a dashed line at the
 * row `baseline`. Green is what helps, red what hurts, grey what has no verdict or is within chance.
 *
 * @returns a whole SVG file, light or dark as its reader prefers
 */
export function comparisonSvg({rows, measure}: TableReport): string {
  const baseline = baselineOf(rows);
  const longest = Math.max(8, ...rows.map(({name}) => [...name].length));
  const left = Math.min(320, 24 + 6.8 * longest);
  const width = left + plotWidth + right;
  const height = top + rows.length * rowHeight + 34;
  const highest = Math.max(1e-6, ...rows.map(({test}) => test.mean + test.standardError));
  const lowest = Math.min(highest, ...rows.map(({test}) => test.mean - test.standardError));
  const x = scaleLinear(
    [Math.max(0, lowest - 0.25 * (highest - lowest)), highest],
    [left, left + plotWidth],
  ).nice(6);
  const bottom = top + rows.length * rowHeight;
  return chart(
    width,
    height,
    `Test ${measure} of ${rows.length} recipes`,
    label(`test ${measure}, mean ± standard error`, {class: 'title', x: 14, y: 22}),
    ...x
      .ticks(6)
      .flatMap((value) => [
        element('line', {class: 'grid', x1: x(value), x2: x(value), y1: top - 8, y2: bottom}),
        label(tick(value, measure), {class: 'soft', x: x(value), y: bottom + 18, 'text-anchor': 'middle'}),
      ]),
    baseline
      ? element('line', {
          class: 'baseline',
          x1: x(baseline.test.mean),
          x2: x(baseline.test.mean),
          y1: top - 8,
          y2: bottom,
        })
      : '',
    ...rows.map((row, index) => {
      const y = top + (index + 0.5) * rowHeight;
      const {mean, standardError: error} = row.test;
      const word = row.againstBaseline?.word ?? 'within chance';
      const kind = word === 'within chance' ? 'equal' : word;
      return [
        label(row.name, {x: left - 14, y: y + 4, 'text-anchor': 'end'}),
        element('line', {
          class: kind,
          x1: x(mean - error),
          x2: x(mean + error),
          y1: y,
          y2: y,
          'stroke-width': 2,
        }),
        element('circle', {class: kind, cx: x(mean), cy: y, r: 4.5}),
        label(formatEstimate(row.test, row.seeds, measure), {
          class: kind,
          x: left + plotWidth + 14,
          y: y + 4,
        }),
      ].join('');
    }),
  );
}

const tick = (value: number, measure: Measure): string =>
  measure === 'error' ? `${Number((100 * value).toPrecision(3))} %` : formatMeasure(value, measure);
