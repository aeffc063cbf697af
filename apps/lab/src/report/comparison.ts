import {scaleLinear} from 'd3-scale';
import {baselineOf, formatEstimate, formatMeasure, type Measure, type TableReport} from './rows.ts';
import {element, label, percent, shortened, wideChart} from './svg.ts';

const rowHeight = 44;
const top = 40;
/** Room at both sides for half a dot, and half a number of the axis. */
const [left, right] = [0.06, 0.94];

/**
 * Test errors one under another, as wide as there is room: a dot per recipe with a bar of one standard error to each side,
 * under its name, and a dashed line at the row `baseline`. Green is what helps, red what hurts, grey what has no verdict or
 * is within chance or the same.
 *
 * @returns a whole SVG file, light or dark as its reader prefers
 */
export function comparisonSvg({rows, measure}: TableReport): string {
  const baseline = baselineOf(rows);
  const highest = Math.max(1e-6, ...rows.map(({test}) => test.mean + test.standardError));
  const lowest = Math.min(highest, ...rows.map(({test}) => test.mean - test.standardError));
  const scale = scaleLinear([Math.max(0, lowest - 0.25 * (highest - lowest)), highest], [left, right]).nice(
    5,
  );
  const x = (value: number): string => percent(scale(value));
  const bottom = top + rows.length * rowHeight;
  return wideChart(
    bottom + 26,
    `Test ${measure} of ${rows.length} recipes`,
    label(`test ${measure}, mean ± standard error`, {class: 'title', x: 0, y: 18}),
    ...scale
      .ticks(5)
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
      const y = top + index * rowHeight;
      const {mean, standardError: error} = row.test;
      const word = row.againstBaseline?.word;
      const kind = word === 'helps' || word === 'hurts' ? word : 'equal';
      return [
        label(shortened(row.name, 34), {class: 'over', x: 0, y: y + 14}),
        label(formatEstimate(row.test, row.seeds, measure), {
          class: `${kind} over`,
          x: '100%',
          y: y + 14,
          'text-anchor': 'end',
        }),
        element('line', {
          class: kind,
          x1: x(mean - error),
          x2: x(mean + error),
          y1: y + 28,
          y2: y + 28,
          'stroke-width': 2,
        }),
        element('circle', {class: kind, cx: x(mean), cy: y + 28, r: 4.5}),
      ].join('');
    }),
  );
}

const tick = (value: number, measure: Measure): string =>
  measure === 'error' ? `${Number((100 * value).toPrecision(3))} %` : formatMeasure(value, measure);
