import {scaleLinear} from 'd3-scale';
import {line} from 'd3-shape';
import type {Evaluated, HistoryPoint, Measure, RunCurves} from './rows.ts';
import {chart, element, label, shortened} from './svg.ts';

type Side = 'train' | 'validation';
type Series = readonly (readonly [epoch: number, value: number])[];

interface Panel {
  readonly name: string;
  readonly seeds: Readonly<Record<Side, readonly Series[]>>;
  /** Training as it is evaluated at the end, per seed. */
  readonly ends: readonly number[];
}

const sides: readonly Side[] = ['train', 'validation'];
const size = {width: 300, height: 210, left: 46, right: 14, top: 34, bottom: 34} as const;

/**
 * Training and validation curves of several runs, one panel each on shared axes so that they compare, drawn as the page
 * draws them: validation solid, training dashed, a ring for training as it is evaluated at the end; a thin line per seed, a
 * thick one for their mean, a dot on the lowest validation value.
 *
 * @param quantity data loss, without penalties, or the share of wrong answers
 * @returns whole SVG files, light or dark as their reader prefers
 */
export function curvePanels(runs: readonly RunCurves[], quantity: Measure): readonly string[] {
  const panels = runs.map((run) => toPanel(run, quantity));
  const scales = sharedScales(panels);
  return panels.map((panel) =>
    chart(
      size.width,
      size.height,
      `${quantity === 'loss' ? 'Loss' : 'Error'} by epoch: ${panel.name}`,
      drawPanel(panel, scales, quantity),
    ),
  );
}

/** What the lines of {@link curvePanels} are. */
export const curveLegend = (quantity: Measure): string =>
  chart(
    340,
    44,
    `${quantity} by epoch: validation solid, training dashed, a ring for training evaluated at the end`,
    ...[['validation', 0] as const, ['train', 104] as const].flatMap(([side, at]) => [
      element('path', {class: `${side} mean`, d: `M${at} 14h22`}),
      label(side === 'train' ? 'training' : side, {x: at + 28, y: 18}),
    ]),
    element('circle', {class: 'train', cx: 197, cy: 14, r: 4}),
    label('training, evaluated', {x: 208, y: 18}),
    label(`${quantity} by epoch; a thin line for each seed or member`, {class: 'soft', x: 0, y: 38}),
  );

function toPanel({name, histories, evaluated = []}: RunCurves, quantity: Measure): Panel {
  const seriesOf = (side: Side): readonly Series[] =>
    histories
      .map((history) =>
        history.flatMap((point) => {
          const value = quantityAt(point, side, quantity);
          return value === undefined || !Number.isFinite(value) ? [] : [[point.epoch, value] as const];
        }),
      )
      .filter((series) => series.length > 0);
  const ends = evaluated.flatMap((part) => measuredBy(part, quantity) ?? []).filter(Number.isFinite);
  return {name, seeds: {train: seriesOf('train'), validation: seriesOf('validation')}, ends};
}

function quantityAt(point: HistoryPoint, side: Side, quantity: Measure): number | undefined {
  return measuredBy(point[side], quantity);
}

function measuredBy(part: Evaluated | undefined, quantity: Measure): number | undefined {
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

function drawPanel({name, seeds, ends}: Panel, {x, y}: Scales, quantity: Measure): string {
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
  return [
    axes({x, y}, quantity),
    ...thin,
    ...thick,
    ringAtEnd(seeds.train, ends, {x, y}),
    lowest(meanOf(seeds.validation), {x, y}, quantity),
    label(shortened(name, 38), {class: 'title', x: size.left, y: size.top - 14}),
  ].join('');
}

function axes({x, y}: Scales, quantity: Measure): string {
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
function lowest(series: Series, {x, y}: Scales, quantity: Measure): string {
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

/** Where training ended, evaluated without what is on while it trains. */
function ringAtEnd(training: readonly Series[], ends: readonly number[], {x, y}: Scales): string {
  const last = Math.max(...training.map((series) => series.at(-1)?.[0] ?? 0), 0);
  if (ends.length === 0 || last === 0) return '';
  const mean = ends.reduce((sum, value) => sum + value, 0) / ends.length;
  return element('circle', {class: 'train', cx: x(last), cy: y(mean), r: 4});
}

const formatValue = (value: number, quantity: Measure): string =>
  quantity === 'error' ? `${Number((100 * value).toPrecision(3))} %` : String(Number(value.toPrecision(3)));

const formatBest = (value: number, quantity: Measure): string =>
  quantity === 'error' ? `${(100 * value).toFixed(1)} %` : value.toPrecision(3);
