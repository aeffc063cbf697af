import uPlot from 'uplot';
import {roomFor} from './axis.ts';
import {align, type Line, type Quantity} from './series.ts';

/** A chart of curves that follows its element's size and the page's colours. */
export interface Chart {
  show(lines: readonly Line[], epochs: number, logarithmic: boolean): void;
}

interface Shown {
  readonly lines: readonly Line[];
  readonly epochs: number;
  readonly logarithmic: boolean;
}

/**
 * Draws into an element of fixed height.
 *
 * @param onHover told the position under the pointer, or undefined
 */
export function createChart(
  element: HTMLElement,
  quantity: Quantity,
  onHover: (index: number | undefined) => void,
): Chart {
  let plot: uPlot | undefined;
  let shown: Shown = {lines: [], epochs: 10, logarithmic: false};
  let drawn = '';

  const sizeOf = (): {width: number; height: number} => ({
    width: Math.max(120, element.clientWidth),
    height: Math.max(120, element.clientHeight),
  });

  function draw(): void {
    plot?.destroy();
    plot = new uPlot(optionsFor(shown, quantity, sizeOf(), onHover), align(shown.lines), element);
    drawn = shapeOf(shown);
  }

  new ResizeObserver(() => (plot ? plot.setSize(sizeOf()) : draw())).observe(element);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  return {
    show(lines, epochs, logarithmic) {
      shown = {lines, epochs, logarithmic};
      if (plot && drawn === shapeOf(shown)) plot.setData(align(lines));
      else draw();
    },
  };
}

/** What a chart can't change once it is made. */
const shapeOf = ({lines, epochs, logarithmic}: Shown): string =>
  JSON.stringify([epochs, logarithmic, lines.map(({side, colour, isLatest}) => [side, colour, isLatest])]);

function optionsFor(
  {lines, epochs, logarithmic}: Shown,
  quantity: Quantity,
  size: {width: number; height: number},
  onHover: (index: number | undefined) => void,
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
  return {
    ...size,
    legend: {show: false},
    // The last epoch's number stands half beside the chart.
    padding: [8, 6 + measure(String(epochs)) / 2, 0, 0],
    cursor: {y: false, points: {size: 7}, drag: {x: false, y: false}},
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
    series: [{}, ...lines.map((line) => seriesFor(line, colour))],
    hooks: {setCursor: [({cursor}) => onHover(cursor.idx ?? undefined)]},
  };
}

function seriesFor({side, colour: index, isLatest}: Line, colour: (name: string) => string): uPlot.Series {
  return {
    stroke: colour(`--run-${index}`),
    width: isLatest ? 2 : 1.25,
    alpha: isLatest ? 1 : 0.75,
    spanGaps: true,
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
