// The pictures of a search.
import {placeOf, type SearchResult} from '@regularizers/search';
import {scaleLinear} from 'd3-scale';
import {placeOn, type SearchAxis, triedPoints} from '../search/axes.ts';
import {importances} from '../search/importance.ts';
import type {RecipeSearch} from '../search/search-recipes.ts';
import type {Measure} from './rows.ts';
import {chart, element, label, percent, shortened, wideChart} from './svg.ts';

type Found = Pick<RecipeSearch, 'history' | 'seeds' | 'measure' | 'curves' | 'axes' | 'winner' | 'baseline'>;

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Errors from the least to what all but a twentieth stay below: what diverged would flatten the rest. */
function heights(
  errors: readonly number[],
  from: number,
  to: number,
): ReturnType<typeof scaleLinear<number, number>> {
  const order = errors.toSorted((a, b) => a - b);
  const [low = 0, high = 1] = [order[0], order[Math.floor(0.95 * (order.length - 1))]];
  const pad = 0.08 * Math.max(high - low, 1e-9);
  return scaleLinear([Math.max(0, low - pad), high + pad], [from, to])
    .nice(5)
    .clamp(true);
}

const tick = (value: number, measure: Measure): string =>
  measure === 'error' ? `${Number((100 * value).toPrecision(3))} %` : String(Number(value.toPrecision(3)));

function leftAxis(
  y: ReturnType<typeof scaleLinear<number, number>>,
  [from, to]: readonly [number, number],
  measure: Measure,
): string {
  return y
    .ticks(5)
    .map(
      (value) =>
        element('line', {class: 'grid', x1: from, x2: to, y1: y(value), y2: y(value)}) +
        label(tick(value, measure), {class: 'soft', x: from - 7, y: y(value) + 4, 'text-anchor': 'end'}),
    )
    .join('');
}

/** Each trial of the search by when it was done, and the least mean over all of its seeds so far. */
export function trialsSvg({history, seeds, measure}: Found): string {
  const own = history.filter(({seed, validation}) => validation !== null && !seeds.includes(seed));
  const [width, height, left, right, top, bottom] = [340, 230, 56, 16, 14, 34];
  const last = Math.max(1, ...own.map(({seconds}) => seconds));
  const x = scaleLinear([0, last / 60], [left, width - right]);
  const y = heights(
    own.map(({validation}) => validation!),
    height - bottom,
    top,
  );
  const most = Math.max(...triedPoints(history, seeds).map((one) => one.seeds));
  const errors = new Map<string, number[]>();
  const line: [number, number][] = [];
  for (const {point, seconds, validation} of own) {
    const key = JSON.stringify(point);
    const known = [...(errors.get(key) ?? []), validation!];
    errors.set(key, known);
    const mean = meanOf(known);
    if (known.length < Math.min(most, 3) || mean >= (line.at(-1)?.[1] ?? Infinity)) continue;
    line.push([seconds / 60, mean]);
  }
  const path = line
    .map(([at, error], i) => (i === 0 ? `M${x(at)} ${y(error)}` : `H${x(at)}V${y(error)}`))
    .join('');
  return chart(
    width,
    height,
    'Trials over time',
    leftAxis(y, [left, width - right], measure),
    ...x
      .ticks(5)
      .map((minute) =>
        label(String(minute), {class: 'soft', x: x(minute), y: height - 12, 'text-anchor': 'middle'}),
      ),
    ...own.map(({seconds, validation}) =>
      element('circle', {class: 'equal', cx: x(seconds / 60), cy: y(validation!), r: 2, opacity: 0.5}),
    ),
    line.length > 0 ? element('path', {class: 'validation mean', d: `${path}H${width - right}`}) : '',
  );
}

/** The standard deviation of one run of one point, over all points that ran on several seeds. */
function deviationOf(curves: SearchResult['curves']): number {
  const squares: number[] = [];
  let degrees = 0;
  for (const {errors} of curves.flatMap(({points}) => points)) {
    const whole = errors.filter((error) => error !== null);
    if (whole.length < 2) continue;
    const mean = meanOf(whole);
    squares.push(...whole.map((error) => (error - mean) ** 2));
    degrees += whole.length - 1;
  }
  return degrees === 0 ? 0 : Math.sqrt(squares.reduce((sum, one) => sum + one, 0) / degrees);
}

/**
 * Error over strength, a panel for each technique: the mean over the seeds that a strength came to, in its standard error,
 * and dashed the baseline.
 */
export function strengthPanels({curves, axes, measure, baseline}: Found): readonly string[] {
  const deviation = deviationOf(curves);
  const panels = curves.flatMap(({name, parameter: key, points}) => {
    const parameter = axes.find((axis) => axis.parameter?.key === key)?.parameter;
    if (!parameter || !('from' in parameter.search)) return [];
    const known = points
      .map(({value, errors}) => ({value: Number(value), errors: errors.filter((error) => error !== null)}))
      .filter(({errors}) => errors.length > 0)
      .map(({value, errors}) => ({
        place: placeOf(parameter, value),
        value,
        mean: meanOf(errors),
        doubt: deviation / Math.sqrt(errors.length),
      }))
      .toSorted((a, b) => a.place - b.place);
    return known.length > 0 ? [{title: `${name}, ${key!.slice(name.length + 1)}`, known}] : [];
  });
  const [wide, high] = [300, 190];
  const errors = panels.flatMap(({known}) => known.map(({mean}) => mean));
  const none = baseline.validation ?? errors[0] ?? 0;
  const y = heights([...errors, none], high - 34, 34);
  return panels.map(({title, known}) => {
    const [first, last] = [known[0]!.place, known.at(-1)!.place];
    const x = scaleLinear(first === last ? [first - 1, last + 1] : [first, last], [56, wide - 16]);
    const edge = (sign: 1 | -1): string[] =>
      known.map(({place, mean, doubt}) => `${x(place)} ${y(mean + sign * doubt)}`);
    const band = `M${edge(1).join('L')}L${edge(-1).toReversed().join('L')}Z`;
    return chart(
      wide,
      high,
      `Validation ${measure} over strength: ${title}`,
      label(title, {class: 'title', x: 14, y: 22}),
      leftAxis(y, [56, wide - 16], measure),
      element('line', {class: 'baseline', x1: 56, x2: wide - 16, y1: y(none), y2: y(none)}),
      element('path', {class: 'band', d: band}),
      element('path', {
        class: 'validation mean',
        d: `M${known.map(({place, mean}) => `${x(place)} ${y(mean)}`).join('L')}`,
      }),
      ...known.map(({place, mean}) =>
        element('circle', {class: 'validation', cx: x(place), cy: y(mean), r: 3}),
      ),
      ...[known[0]!, known.at(-1)!].map(({place, value}, end) =>
        label(String(Number(value.toPrecision(2))), {
          class: 'soft',
          x: x(place),
          y: high - 16,
          'text-anchor': end === 0 ? 'start' : 'end',
        }),
      ),
    );
  });
}

const mostAxes = 12;

/** The axes that compositions differ in most: all settings, and the techniques that are on most often, or in the winner. */
function axesShown({axes, history, seeds, winner}: Found): readonly SearchAxis[] {
  const tried = triedPoints(history, seeds);
  const often = ({name}: SearchAxis): number =>
    tried.filter(({point}) => point[name] === true).length + (winner[name] === true ? tried.length : 0);
  const settings = axes.filter(({kind}) => kind === 'setting');
  const techniques = axes
    .filter((axis) => axis.kind === 'technique' && often(axis) > 0)
    .toSorted((a, b) => often(b) - often(a))
    .slice(0, mostAxes - settings.length);
  return [...settings, ...techniques];
}

/**
 * A line per composition, from axis to axis below each other: the best tenth green, the winner thick. As wide as there is
 * room; what is stretched has lines that are not.
 */
export function parallelSvg(found: Found): string {
  const {history, seeds, winner} = found;
  const axes = axesShown(found);
  const tried = triedPoints(history, seeds).toSorted((a, b) => b.error - a.error);
  const [top, step] = [32, 44];
  const height = top + (axes.length - 1) * step + 12;
  // Off is at the left end of an axis, and the weakest beside it.
  const shareOf = (axis: SearchAxis, point: TriedPointOf): number => {
    const place = Math.min(1, Math.max(0, placeOn(axis, point) ?? 0));
    const isOn = axis.kind === 'technique' && placeOn(axis, point) !== undefined;
    return 0.01 + 0.98 * (isOn ? 0.15 + 0.85 * place : place);
  };
  const pathOf = (point: TriedPointOf): string =>
    `M${axes.map((axis, i) => `${(1000 * shareOf(axis, point)).toFixed(0)} ${top + i * step}`).join('L')}`;
  const good = Math.ceil(tried.length / 10);
  const lineOf = (kind: string, point: TriedPointOf): string =>
    element('path', {class: `line ${kind}`, d: pathOf(point), 'vector-effect': 'non-scaling-stroke'});
  return wideChart(
    height,
    'What was tried, and what was best',
    ...axes.map((_, i) =>
      element('line', {class: 'axis', x1: '1%', x2: '99%', y1: top + i * step, y2: top + i * step}),
    ),
    element(
      'svg',
      {width: '100%', height, viewBox: `0 0 1000 ${height}`, preserveAspectRatio: 'none'},
      ...tried.map(({point}, i) => lineOf(i >= tried.length - good ? 'helps' : 'equal', point)),
      lineOf('helps mean', winner),
    ),
    ...axes.map(({name}, i) =>
      label(shortened(name, 38), {class: 'title over', x: '1%', y: top + i * step - 8}),
    ),
  );
}

type TriedPointOf = Found['winner'];

/** The share of the variance of the error that each axis has by itself, the largest first. */
export function importanceSvg(found: Found): string {
  const axes = axesShown(found);
  const tried = triedPoints(found.history, found.seeds);
  // A technique's axis is off in its lower half.
  const trials = tried.map(({point, error}) => ({
    error,
    places: axes.map((axis) => {
      const place = placeOn(axis, point);
      if (axis.kind === 'setting') return place ?? 0.5;
      return place === undefined ? 0.25 : 0.5 + 0.5 * Math.min(1, Math.max(0, place));
    }),
  }));
  const shares = importances(trials);
  if (!shares) return '';
  const rows = axes.map(({name}, i) => ({name, part: shares[i]!})).toSorted((a, b) => b.part - a.part);
  const rowHeight = 40;
  const longest = Math.max(...shares, 0.01);
  return wideChart(
    12 + rows.length * rowHeight,
    'Importance',
    ...rows.flatMap(({name, part}, i) => {
      const y = 4 + i * rowHeight;
      return [
        label(shortened(name, 38), {x: 0, y: y + 12}),
        label(`${(100 * part).toFixed(1)} %`, {class: 'soft', x: '100%', y: y + 12, 'text-anchor': 'end'}),
        element('rect', {
          class: 'bar',
          x: 0,
          y: y + 18,
          width: percent(Math.max(0.003, part / longest)),
          height: 10,
        }),
      ];
    }),
  );
}
