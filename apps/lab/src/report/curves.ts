import {scaleLinear} from 'd3-scale';
import {line} from 'd3-shape';
import type {HistoryPoint, Measure, RunCurves} from './rows.ts';
import {chart, element, label} from './svg.ts';

/** Which quantity a curve shows. */
type CurveQuantity = 'loss' | 'error';

/** How {@link curvesSvg} looks. */
export interface CurvesOptions {
  /** Panels side by side. @defaultValue 3 */
  readonly columns?: number;
  /** Data loss, without penalties, or the share of wrong answers. @defaultValue `'loss'` */
  readonly quantity?: CurveQuantity;
}

type Side = 'train' | 'validation';
type Series = readonly (readonly [epoch: number, value: number])[];

interface Panel {
  readonly name: string;
  readonly seeds: Readonly<Record<Side, readonly Series[]>>;
}

const sides: readonly Side[] = ['train', 'validation'];
const size = {width: 300, height: 210, left: 46, right: 14, top: 34, bottom: 34} as const;

/**
 * Training and validation curves of several runs, one panel each on shared axes so that they compare: a thin line per
 * seed, a thick one for their mean, a dot on the lowest validation value.
 *
 * @returns a whole SVG file, light or dark as its reader prefers
 */
export function curvesSvg(
  runs: readonly RunCurves[],
  {columns = 3, quantity = 'loss'}: CurvesOptions = {},
): string {
  const panels = runs.map((run) => toPanel(run, quantity));
  const across = Math.max(1, Math.min(columns, panels.length));
  const down = Math.max(1, Math.ceil(panels.length / across));
  const scales = sharedScales(panels);
  const title = quantity === 'loss' ? 'Loss by epoch' : 'Error by epoch';
  return chart(
    across * size.width,
    down * size.height + 26,
    title,
    legend(quantity),
    ...panels.map((panel, index) =>
      element(
        'g',
        {
          transform: `translate(${(index % across) * size.width},${26 + Math.floor(index / across) * size.height})`,
        },
        drawPanel(panel, scales, quantity),
      ),
    ),
  );
}

function toPanel({name, histories}: RunCurves, quantity: CurveQuantity): Panel {
  const seriesOf = (side: Side): readonly Series[] =>
    histories
      .map((history) =>
        history.flatMap((point) => {
          const value = quantityAt(point, side, quantity);
          return value === undefined || !Number.isFinite(value) ? [] : [[point.epoch, value] as const];
        }),
      )
      .filter((series) => series.length > 0);
  return {name, seeds: {train: seriesOf('train'), validation: seriesOf('validation')}};
}

function quantityAt(point: HistoryPoint, side: Side, quantity: CurveQuantity): number | undefined {
  const part = point[side];
  if (quantity === 'loss') return part?.loss;
  return part?.accuracy === undefined ? undefined : 1 - part.accuracy;
}

/** Values at each epoch, over the seeds; only as far as all of them go, or the mean would jump. */
function meanOf(seeds: readonly Series[]): Series {
  const shortest = seeds.reduce(
    (least, series) => (series.length < least.length ? series : least),
    seeds[0] ?? [],
  );
  return shortest.map(([epoch], index) => [
    epoch,
    seeds.reduce((sum, series) => sum + series[index]![1], 0) / seeds.length,
  ]);
}

interface Scales {
  readonly x: ReturnType<typeof scaleLinear<number, number>>;
  readonly y: ReturnType<typeof scaleLinear<number, number>>;
}

function sharedScales(panels: readonly Panel[]): Scales {
  const all = panels.flatMap(({seeds}) => [...seeds.train, ...seeds.validation]);
  const epochs = all.flatMap((series) => series.map(([epoch]) => epoch));
  const first = Math.min(...epochs, Number.POSITIVE_INFINITY);
  const last = Math.max(...epochs, Number.NEGATIVE_INFINITY);
  // The first epoch's training loss is far above all that follows and would flatten it.
  const heights = all.flatMap((series) =>
    series.slice(Math.min(1, series.length - 1)).map(([, value]) => value),
  );
  const low = Number.isFinite(first) ? first : 0;
  return {
    x: scaleLinear([low, Math.max(low + 1, last)], [size.left, size.width - size.right]),
    y: scaleLinear([0, Math.max(1e-6, ...heights) * 1.05], [size.height - size.bottom, size.top])
      .nice(5)
      .clamp(true),
  };
}

function drawPanel({name, seeds}: Panel, {x, y}: Scales, quantity: CurveQuantity): string {
  const draw = line<readonly [number, number]>(
    (point) => x(point[0]),
    (point) => y(point[1]),
  ).digits(2);
  const curve = (series: Series, kind: string): string =>
    element('path', {class: kind, d: draw([...series]) ?? ''});
  const single = sides.every((side) => seeds[side].length < 2);
  const thin = single
    ? []
    : sides.flatMap((side) => seeds[side].map((series) => curve(series, `${side} seed`)));
  const thick = sides.map((side) => curve(meanOf(seeds[side]), `${side} mean`));
  return [axes({x, y}, quantity), ...thin, ...thick, lowest(meanOf(seeds.validation), {x, y}, quantity)]
    .concat(label(shorten(name), {class: 'title', x: size.left, y: size.top - 14}))
    .join('');
}

function axes({x, y}: Scales, quantity: CurveQuantity): string {
  const bottom = size.height - size.bottom;
  const across = y.ticks(4).flatMap((value) => [
    element('line', {
      class: value === 0 ? 'axis' : 'grid',
      x1: size.left,
      x2: size.width - size.right,
      y1: y(value),
      y2: y(value),
    }),
    label(formatValue(value, quantity), {
      class: 'soft',
      x: size.left - 7,
      y: y(value) + 4,
      'text-anchor': 'end',
    }),
  ]);
  const up = x
    .ticks(5)
    .filter(Number.isInteger)
    .map((epoch) =>
      label(String(epoch), {class: 'soft', x: x(epoch), y: bottom + 17, 'text-anchor': 'middle'}),
    );
  return [...across, ...up].join('');
}

/** A dot where validation is at its lowest, with the value beside it. */
function lowest(series: Series, {x, y}: Scales, quantity: CurveQuantity): string {
  const best = series.reduce<Series[number] | undefined>(
    (low, point) => (low === undefined || point[1] < low[1] ? point : low),
    undefined,
  );
  if (!best) return '';
  const [cx, cy] = [x(best[0]), y(best[1])];
  // Below the dot, where by definition the curve isn't, unless that is on the axis.
  const below = cy + 30 < size.height - size.bottom;
  const inside = Math.min(size.width - 26, Math.max(size.left + 20, cx));
  return [
    element('circle', {class: 'validation', cx, cy, r: 4}),
    label(formatBest(best[1], quantity), {
      class: 'validation',
      x: inside,
      y: below ? cy + 19 : cy - 10,
      'text-anchor': 'middle',
    }),
  ].join('');
}

function legend(quantity: CurveQuantity): string {
  const what: Measure = quantity;
  const entry = (side: Side, at: number): string =>
    element('path', {class: `${side} mean`, d: `M${at} 16h22`}) +
    label(side, {class: side, x: at + 28, y: 20});
  return [
    label(`${what} by epoch`, {class: 'soft', x: 12, y: 20}),
    entry('train', 124),
    entry('validation', 196),
  ].join('');
}

const shorten = (name: string): string => (name.length > 38 ? `${name.slice(0, 37)}…` : name);

const formatValue = (value: number, quantity: CurveQuantity): string =>
  quantity === 'error' ? `${Number((100 * value).toPrecision(3))} %` : String(Number(value.toPrecision(3)));

const formatBest = (value: number, quantity: CurveQuantity): string =>
  quantity === 'error' ? `${(100 * value).toFixed(1)} %` : value.toPrecision(3);
