import {scaleLinear} from 'd3-scale';
import {baselineOf, type ComparisonRow, formatMean, formatMeasure, type Measure} from './rows.ts';
import {chart, element, label} from './svg.ts';

const rowHeight = 30;
const top = 56;
const right = 130;
const plotWidth = 420;

/**
 * Test errors side by side: a dot per recipe with a bar of one standard error to each side, and a dashed line at the
 * row `baseline`. Green is clearly below the baseline, red clearly above: see {@link verdict}.
 *
 * @returns a whole SVG file, light or dark as its reader prefers
 */
export function comparisonSvg(rows: readonly ComparisonRow[], measure: Measure = 'error'): string {
  const baseline = baselineOf(rows);
  const longest = Math.max(8, ...rows.map(({name}) => [...name].length));
  const left = Math.min(320, 24 + 6.8 * longest);
  const width = left + plotWidth + right;
  const height = top + rows.length * rowHeight + 34;
  const highest = Math.max(1e-6, ...rows.map((row) => row.testErrorMean + row.testErrorStandardError));
  const lowest = Math.min(highest, ...rows.map((row) => row.testErrorMean - row.testErrorStandardError));
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
          x1: x(baseline.testErrorMean),
          x2: x(baseline.testErrorMean),
          y1: top - 8,
          y2: bottom,
        })
      : '',
    ...rows.map((row, index) => {
      const y = top + (index + 0.5) * rowHeight;
      const [mean, error] = [row.testErrorMean, row.testErrorStandardError];
      const kind = baseline ? verdict(row, baseline) : 'equal';
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
        label(formatMean(row, measure), {class: kind, x: left + plotWidth + 14, y: y + 4}),
      ].join('');
    }),
  );
}

/** A difference counts when it is more than twice its standard error, which takes several seeds. */
export function verdict(row: ComparisonRow, baseline: ComparisonRow): 'better' | 'worse' | 'equal' {
  const difference = row.testErrorMean - baseline.testErrorMean;
  const doubt = Math.hypot(row.testErrorStandardError, baseline.testErrorStandardError);
  if (Math.min(row.seeds, baseline.seeds) < 2 || Math.abs(difference) <= 2 * doubt) return 'equal';
  return difference < 0 ? 'better' : 'worse';
}

const tick = (value: number, measure: Measure): string =>
  measure === 'error' ? `${Number((100 * value).toPrecision(3))} %` : formatMeasure(value, measure);
