import uPlot from 'uplot';
import {roomFor} from './axis.ts';
import {align, type Line, type Quantity, rowsIn} from './series.ts';

/** A chart of curves that follows its element's size and the page's colours. */
export interface Chart {
  show(lines: readonly Line[], epochs: number, logarithmic: boolean): void;
  /** Draws the others than those of a row fainter; undefined: all alike. */
  light(key: string | undefined): void;
}

/** What a chart tells of the pointer. */
export interface ChartEvents {
  /** The position under the pointer, or undefined. */
  onHover(index: number | undefined): void;
  /** The row whose line is near the pointer, or undefined. */
  onLight(key: string | undefined): void;
}

interface Shown {
  readonly lines: readonly Line[];
  readonly epochs: number;
  readonly logarithmic: boolean;
}

/** Draws into an element of fixed height. */
export function createChart(element: HTMLElement, quantity: Quantity, events: ChartEvents): Chart {
  let plot: uPlot | undefined;
  let shown: Shown = {lines: [], epochs: 10, logarithmic: false};
  let drawn = '';
  let lit: string | undefined;

  const sizeOf = (): {width: number; height: number} => ({
    width: Math.max(120, element.clientWidth),
    height: Math.max(120, element.clientHeight),
  });

  const isDim = (line: Line): boolean => lit !== undefined && line.key !== lit;

  function draw(): void {
    plot?.destroy();
    plot = new uPlot(optionsFor(shown, quantity, sizeOf(), {...events, isDim}), align(shown.lines), element);
    drawn = shapeOf(shown);
    dim();
  }

  function dim(): void {
    if (!plot) return;
    for (const [index, {line}] of seriesOf(shown.lines).entries()) {
      const series = plot.series[index + 1];
      if (series) series.alpha = lit === undefined ? alphaOf(line) : isDim(line) ? 0.15 : 1;
    }
    plot.redraw(false);
  }

  new ResizeObserver(() => (plot ? plot.setSize(sizeOf()) : draw())).observe(element);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  return {
    show(lines, epochs, logarithmic) {
      shown = {lines, epochs, logarithmic};
      if (plot && drawn === shapeOf(shown)) plot.setData(align(lines));
      else draw();
    },
    light(key) {
      if (key === lit) return;
      lit = key;
      dim();
    },
  };
}

/** What a chart can't change once it is made. */
const shapeOf = ({lines, epochs, logarithmic}: Shown): string =>
  JSON.stringify([
    epochs,
    logarithmic,
    lines.map((line) => [line.key, line.side, line.colour, line.isLatest, rowsIn(line).length]),
  ]);

/** Every series with its line: a line with a band has three, the second and third its edges. */
const seriesOf = (lines: readonly Line[]): readonly {readonly line: Line; readonly isEdge: boolean}[] =>
  lines.flatMap((line) => rowsIn(line).map((_, index) => ({line, isEdge: index > 0})));

function optionsFor(
  {lines, epochs, logarithmic}: Shown,
  quantity: Quantity,
  size: {width: number; height: number},
  {onHover, onLight, isDim}: ChartEvents & {readonly isDim: (line: Line) => boolean},
): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const font = `12px ${style.fontFamily}`;
  const measure = measureIn(font);
  const axis = {
    stroke: colour('--soft'),
    font,
    grid: {stroke: colour('--line'), width: 1},
    ticks: {show: false},
  };
  const series = seriesOf(lines);
  const keyAt = (index: number | null): string | undefined =>
    index === null ? undefined : series[index - 1]?.line.key;
  return {
    ...size,
    legend: {show: false},
    // The last epoch's number stands half beside the chart.
    padding: [8, 6 + measure(String(epochs)) / 2, 0, 0],
    cursor: {y: false, points: {size: 7}, drag: {x: false, y: false}, focus: {prox: 16}},
    focus: {alpha: 1},
    scales: {
      x: {time: false, range: [0, Math.max(epochs, 1)]},
      y: {distr: logarithmic ? 3 : 1, ...(logarithmic ? {} : {range: fromZero})},
    },
    axes: [
      {...axis, size: 30, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 10_000]},
      {
        ...axis,
        size: (_, ticks) => roomFor(ticks, measure),
        values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : tickText(tick, quantity))),
      },
    ],
    series: [{}, ...series.map(({line, isEdge}) => (isEdge ? edge : seriesFor(line, colour)))],
    bands: series.flatMap(({line, isEdge}, index) =>
      isEdge || rowsIn(line).length < 3
        ? []
        : [
            {
              series: [index + 2, index + 3] as [number, number],
              fill: () => `${colour(`--run-${line.colour}`)}${isDim(line) ? '08' : '26'}`,
            },
          ],
    ),
    hooks: {
      setCursor: [({cursor}) => onHover(cursor.idx ?? undefined)],
      setSeries: [(_, index) => onLight(keyAt(index))],
    },
  };
}

const alphaOf = ({isLatest, side}: Line): number => (isLatest || side === 'evaluated' ? 1 : 0.75);

/** The upper or lower edge of a band: it is filled in between, and not drawn. */
const edge: uPlot.Series = {stroke: 'transparent', width: 0, points: {show: false}, spanGaps: true};

function seriesFor(line: Line, colour: (name: string) => string): uPlot.Series {
  const {side, colour: index, isLatest} = line;
  const stroke = colour(`--run-${index}`);
  const look = {stroke, alpha: alphaOf(line), width: isLatest ? 2 : 1.25, spanGaps: true};
  if (side === 'evaluated')
    return {...look, points: {show: true, size: 9, width: 2, fill: colour('--paper')}};
  return {
    ...look,
    points: {show: (plot) => plot.data[0].length < 2},
    ...(side === 'train' ? {dash: [5, 4]} : {}),
  };
}

/** Tells how wide a text is. */
function measureIn(font: string): (text: string) => number {
  const pen = new OffscreenCanvas(1, 1).getContext('2d')!;
  pen.font = font;
  return (text) => pen.measureText(text).width;
}

const fromZero: uPlot.Range.Function = (_, __, max) => [0, max > 0 ? max * 1.05 : 1];

const tickText = (value: number, quantity: Quantity): string =>
  quantity === 'error' ? `${Number((100 * value).toPrecision(3))} %` : String(Number(value.toPrecision(3)));
