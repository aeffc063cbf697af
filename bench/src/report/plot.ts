import {scaleLinear, scaleLog} from 'd3-scale';
import {line} from 'd3-shape';

/** A line of a plot. */
export interface Series {
  readonly name: string;
  /** One of the palette's; the same for the same peer in every plot. */
  readonly color: number;
  readonly points: readonly {readonly x: number; readonly y: number}[];
}

/** What a plot shows. */
export interface PlotOptions {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
  /** Both axes count from zero or one, instead of doubling. */
  readonly linear?: boolean;
}

const size = {width: 640, height: 360, left: 56, right: 190, top: 40, bottom: 46};
const colors = [
  '#0969b8',
  '#58a6ff',
  '#c4500a',
  '#8250df',
  '#6e7781',
  '#1a7f37',
  '#3fb950',
  '#7d4e00',
  '#b3261e',
];
const style = `.plot { --ink: #1f2328; --line: #d8dee4; --paper: #ffffff; font: 12px system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { .plot { --ink: #e6edf3; --line: #30363d; --paper: #0d1117; } }
.plot text { fill: var(--ink); } .plot .grid { stroke: var(--line); } .plot .paper { fill: var(--paper); }`;

/** Lines, on logarithmic axes unless it is said otherwise, as a whole SVG file. */
export function plot({title, x, y, series, linear = false}: PlotOptions): string {
  const points = series.flatMap((one) => one.points);
  const scale = (of: 'x' | 'y', range: [number, number]) => {
    const domain = extent(points.map((point) => point[of]));
    return linear ? scaleLinear(domain, range).nice() : scaleLog(domain, range).base(2);
  };
  const across = scale('x', [size.left, size.width - size.right]);
  const up = scale('y', [size.height - size.bottom, size.top]);
  const places = [...new Set(points.map((point) => point.x))];
  const path = line<{readonly x: number; readonly y: number}>(
    (point) => across(point.x),
    (point) => up(point.y),
  );
  const bottom = size.height - size.bottom;
  const right = size.width - size.right;
  const parts = [
    `<rect class="paper" width="${size.width}" height="${size.height}"/>`,
    `<text x="${size.left}" y="22" font-weight="600">${escapeText(title)}</text>`,
    ...up
      .ticks(6)
      .map(
        (tick) =>
          `<line class="grid" x1="${size.left}" x2="${right}" y1="${round(up(tick))}" y2="${round(up(tick))}"/>` +
          `<text x="${size.left - 8}" y="${round(up(tick) + 4)}" text-anchor="end">${Number(tick.toPrecision(3))}</text>`,
      ),
    ...places.map(
      (place) => `<text x="${round(across(place))}" y="${bottom + 18}" text-anchor="middle">${place}</text>`,
    ),
    `<text x="${(size.left + right) / 2}" y="${size.height - 8}" text-anchor="middle">${escapeText(x)}</text>`,
    `<text transform="translate(14 ${(size.top + bottom) / 2}) rotate(-90)" text-anchor="middle">${escapeText(y)}</text>`,
    ...series.map(
      ({points: own, color}) =>
        `<path d="${path(own) ?? ''}" fill="none" stroke="${colors[color % colors.length]}" stroke-width="2"/>` +
        own
          .map(
            (point) =>
              `<circle cx="${round(across(point.x))}" cy="${round(up(point.y))}" r="3" fill="${colors[color % colors.length]}"/>`,
          )
          .join(''),
    ),
    ...labels(series, up).map(
      ({name, y: at, color}) =>
        `<text x="${right + 10}" y="${round(at + 4)}" style="fill: ${colors[color % colors.length]}">${escapeText(name)}</text>`,
    ),
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 ${size.width} ${size.height}" role="img" ` +
    `aria-label="${escapeText(title)}"><style>${style}</style>\n${parts.join('\n')}\n</svg>\n`
  );
}

/** Names beside the lines' ends, moved apart where they would overlap. */
function labels(series: readonly Series[], up: (y: number) => number) {
  const wanted = series
    .map(({name, points, color}) => ({name, color, y: up(points.at(-1)?.y ?? 1)}))
    .sort((a, b) => a.y - b.y);
  let last = Number.NEGATIVE_INFINITY;
  return wanted.map((label) => {
    last = Math.max(label.y, last + 15);
    return {...label, y: last};
  });
}

function extent(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? [low / 2, high * 2] : [low, high];
}

const round = (value: number): number => Math.round(value * 10) / 10;

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll('`', '');
}
