import type {Paper, Pen, Shade} from '../looks/paper.ts';
import {type Attributes, element, label} from './svg.ts';

/** Shades of one colour: enough that a picture is one, few enough that it stays small. */
const shades = 16;

/** A paper for a page that runs no script. */
export interface SvgPaper extends Paper {
  /**
   * What was drawn, as an element of the size of the paper, in the colours that the page has by then.
   *
   * @param title what there is to see, for who can't
   */
  svg(title: string): string;
}

/** An empty paper: what charts draw on it becomes SVG. */
export function svgPaper(width: number, height: number): SvgPaper {
  const parts: string[] = [];
  return {
    pen: penOn(parts),
    width,
    height,
    colour: (name) => `var(${name})`,
    paint({columns, rows}, {x, y, width: wide, height: high}, shadeAt) {
      const paths = new Map<string, string>();
      for (let index = 0; index < columns * rows; ) {
        const fill = fillOf(shadeAt(index));
        const column = index % columns;
        let length = 1;
        while (column + length < columns && fillOf(shadeAt(index + length)) === fill) length++;
        const run = `M${column} ${Math.floor(index / columns)}h${length}v1h-${length}z`;
        paths.set(fill, (paths.get(fill) ?? '') + run);
        index += length;
      }
      parts.push(
        element(
          'g',
          {
            transform: `translate(${short(x)},${short(y)}) scale(${wide / columns},${high / rows})`,
            'shape-rendering': 'crispEdges',
          },
          ...[...paths].map(([fill, d]) => {
            const [colour = '', opacity] = fill.split('@');
            return element('path', {fill: colour, 'fill-opacity': opacity, d});
          }),
        ),
      );
    },
    svg: (title) =>
      element(
        'svg',
        {class: 'look', width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': title},
        ...parts,
      ),
  };
}

/** A shade as one of a few: its colour, and behind an `@` how much of it there is. */
function fillOf(shade: Shade): string {
  if ('ink' in shade) {
    const step = Math.round((shades - 1) * Math.min(1, Math.max(0, shade.depth)));
    return `var(${shade.ink})@${Number((step / (shades - 1)).toFixed(2))}`;
  }
  return `#${shade.map((value) => Math.round(value / 17).toString(16)).join('')}`;
}

const short = (value: number): number => Number(value.toFixed(1));

/** What a pen draws, as elements: each as its colours and lines are by then. */
function penOn(parts: string[]): Pen {
  let path = '';
  /** Of a path that is one circle. */
  let round: Attributes | undefined;
  let dash: readonly number[] = [];
  const add = (name: string, attributes: Attributes): void => {
    parts.push(element(name, {...attributes, opacity: pen.globalAlpha === 1 ? undefined : pen.globalAlpha}));
  };
  const draw = (look: Attributes): void => {
    if (round) add('circle', {...round, ...look});
    else add('path', {d: path, ...look});
  };
  const line = (): Attributes => ({
    fill: 'none',
    stroke: String(pen.strokeStyle),
    'stroke-width': pen.lineWidth,
    'stroke-dasharray': dash.length > 0 ? dash.join(' ') : undefined,
  });
  const pen: Pen = {
    fillStyle: '',
    strokeStyle: '',
    globalAlpha: 1,
    lineWidth: 1,
    textAlign: 'start',
    textBaseline: 'alphabetic',
    beginPath() {
      path = '';
      round = undefined;
    },
    moveTo(x, y) {
      path += `M${short(x)} ${short(y)}`;
    },
    lineTo(x, y) {
      path += `${path === '' ? 'M' : 'L'}${short(x)} ${short(y)}`;
    },
    arc(x, y, radius) {
      round = {cx: short(x), cy: short(y), r: radius};
    },
    fill: () => draw({fill: String(pen.fillStyle)}),
    stroke: () => draw(line()),
    fillRect: (x, y, width, height) => add('rect', {x, y, width, height, fill: String(pen.fillStyle)}),
    strokeRect: (x, y, width, height) => add('rect', {x, y, width, height, ...line()}),
    fillText(text, x, y) {
      const anchor = {left: undefined, start: undefined, center: 'middle', right: 'end', end: 'end'}[
        pen.textAlign
      ];
      const baseline = pen.textBaseline === 'middle' ? 'central' : undefined;
      const place = {x, y, 'text-anchor': anchor, 'dominant-baseline': baseline};
      parts.push(label(text, {...place, fill: String(pen.fillStyle)}));
    },
    setLineDash(lengths) {
      dash = [...lengths];
    },
  };
  return pen;
}
