// Pictures that are said as JSON, drawn: the same on the command line, on the page and in the guides.
import {type ScaleContinuousNumeric, scaleBand, scaleLinear, scaleLog} from 'd3-scale';
import {line} from 'd3-shape';
import type {Axis, BarsPicture, Mark, Picture, PlotPicture, Tile, TilesPicture, Tone} from './picture.ts';
import {bareChart, chart, element, label} from './svg.ts';

/** As wide as a phone shows without making it smaller. */
const width = 380;
const left = 50;
const right = 20;
const plotHeight = 190;
const lineHeight = 16;
/** Pixels of a character, about: fonts differ, and nothing here measures them. */
const character = 6.2;

/** How a picture is drawn. */
export interface PictureOptions {
  /**
   * Whether it brings its style. A page whose policy allows no styles within its text has to have them itself.
   *
   * @defaultValue true
   */
  readonly styled?: boolean;
}

/**
 * Draws a picture, 380 pixels wide.
 *
 * @returns a whole SVG file, light or dark as its reader prefers
 */
export const pictureSvg = (picture: Picture, options: PictureOptions = {}): string =>
  framed(picture.title, picture.description, [drawn(picture)], options);

/** Draws pictures below each other, as one file. */
export const picturesSvg = (title: string, pictures: readonly Picture[]): string =>
  framed(title, pictures.map((one) => `${one.title}: ${one.description}`).join(' '), pictures.map(drawn), {});

interface Drawn {
  readonly height: number;
  readonly content: string;
}

function framed(
  title: string,
  description: string,
  parts: readonly Drawn[],
  {styled = true}: PictureOptions,
): string {
  let height = 0;
  const placed = parts.map((part) => {
    const at = height;
    height += part.height;
    return element('g', {transform: `translate(0,${at})`}, part.content);
  });
  const make = styled ? chart : bareChart;
  return make(width, height, title, label(title, {}, 'title'), label(description, {}, 'desc'), ...placed);
}

function drawn(picture: Picture): Drawn {
  switch (picture.kind) {
    case 'plot':
      return plot(picture);
    case 'bars':
      return bars(picture);
    case 'tiles':
      return tiles(picture);
  }
}

/** Lines of no more than so many characters. */
function wrapped(text: string, characters: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= characters)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

interface Entry {
  readonly label: string;
  readonly tone: Tone;
  readonly shape: 'line' | 'points' | 'bar';
}

/** Title and legend, and the height that they take. What is drawn several times is in the legend once. */
function head(title: string, all: readonly Entry[]): Drawn {
  const entries = all.filter((one, i) => all.findIndex(({label}) => label === one.label) === i);
  const lines = wrapped(title, Math.floor((width - 24) / 7));
  const titles = lines.map((text, i) => label(text, {class: 'title', x: 12, y: 20 + i * lineHeight}));
  let [x, y] = [12, 20 + lines.length * lineHeight];
  const legend = entries.map((entry) => {
    const wide = 28 + entry.label.length * 6.8 + 12;
    if (x > 12 && x + wide > width) [x, y] = [12, y + lineHeight];
    const drawn = swatch(entry, x, y - 4) + label(entry.label, {class: 'soft', x: x + 28, y});
    x += wide;
    return drawn;
  });
  return {height: y + (entries.length > 0 ? 14 : 0), content: [...titles, ...legend].join('')};
}

function swatch({tone, shape}: Entry, x: number, y: number): string {
  if (shape === 'points') return element('circle', {class: `dot ${tone}`, cx: x + 11, cy: y, r: 3.5});
  if (shape === 'bar') return element('rect', {class: `fill ${tone}`, x, y: y - 5, width: 22, height: 10});
  return element('path', {class: `stroke ${tone}`, d: `M${x} ${y}h22`});
}

type Scale = ScaleContinuousNumeric<number, number>;

function scaleOf(axis: Axis, values: readonly number[], range: readonly [number, number]): Scale {
  const isLog = axis.scale === 'log';
  const known = values.filter((value) => Number.isFinite(value) && (!isLog || value > 0));
  let low = axis.min ?? Math.min(...known);
  let high = axis.max ?? Math.max(...known);
  if (!Number.isFinite(low) || !Number.isFinite(high)) [low, high] = [isLog ? 1 : 0, isLog ? 10 : 1];
  if (low === high) [low, high] = isLog ? [low / 2, high * 2] : [low - 0.5, high + 0.5];
  const scale = isLog ? scaleLog([low, high], [...range]) : scaleLinear([low, high], [...range]);
  // What an axis is said to begin or end with, it does; and a logarithmic one would end a power of ten away.
  const isNice = !isLog && axis.min === undefined && axis.max === undefined;
  return (isNice ? scale.nice(5) : scale).clamp(true);
}

/** At most so many, evenly: a logarithmic scale has nine for each power of ten, of which 1, 2 and 5 are read best. */
function ticksOf(scale: Scale, most: number, isLog: boolean): readonly number[] {
  const all = scale.ticks(most);
  if (!isLog || all.length <= most) return all;
  const led = (digits: string): readonly number[] =>
    all.filter((value) => digits.includes(value.toExponential().charAt(0)));
  const [powers, some] = [led('1'), led('125')];
  if (powers.length < 3) return some.slice(0, most + 2);
  const every = Math.ceil(powers.length / most);
  return powers.filter((_, i) => i % every === 0);
}

/** A number as it stands beside an axis. */
function tick(value: number): string {
  if (value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5)) {
    return value.toExponential(1).replace('.0e', 'e').replace('e+', 'e').replace('-', '−');
  }
  return String(Number(value.toPrecision(3))).replace('-', '−');
}

function leftAxis(axis: Axis, y: Scale): string {
  return ticksOf(y, 5, axis.scale === 'log')
    .map(
      (value) =>
        element('line', {
          class: value === 0 ? 'axis' : 'grid',
          x1: left,
          x2: width - right,
          y1: y(value),
          y2: y(value),
        }) + label(tick(value), {class: 'soft', x: left - 6, y: y(value) + 4, 'text-anchor': 'end'}),
    )
    .join('');
}

/** What the left axis is, above it; and what the lower one is, below it. */
const axisNames = (top: number, bottom: number, up: string, across: string): string =>
  label(up, {class: 'soft', x: 12, y: top - 12}) +
  label(across, {class: 'soft', x: width - right, y: bottom + 34, 'text-anchor': 'end'});

function plot({title, x: across, y: up, series, marks = []}: PlotPicture): Drawn {
  const {height: above, content} = head(
    title,
    series.map(({label, tone, draw = 'line'}) => ({label, tone, shape: draw})),
  );
  const [top, bottom] = [above + 22, above + 22 + plotHeight];
  const marked = (side: 'x' | 'y'): readonly number[] => marks.flatMap((mark) => mark[side] ?? []);
  const x = scaleOf(across, [...series.flatMap((one) => one.x), ...marked('x')], [left, width - right]);
  const y = scaleOf(up, [...series.flatMap((one) => one.y), ...marked('y')], [bottom, top]);
  const draw = line<readonly [number, number]>(
    (point) => x(point[0]),
    (point) => y(point[1]),
  ).digits(1);
  const curves = series.map(({x: xs, y: ys, tone, draw: how = 'line'}) => {
    const points = xs.flatMap((value, i): (readonly [number, number])[] =>
      Number.isFinite(value) && Number.isFinite(ys[i]) ? [[value, ys[i]!]] : [],
    );
    if (how === 'line') return element('path', {class: `stroke ${tone}`, d: draw(points) ?? ''});
    return points
      .map(([px, py]) => element('circle', {class: `dot ${tone}`, cx: x(px), cy: y(py), r: 3.5}))
      .join('');
  });
  return {
    height: bottom + 44,
    content: [
      content,
      leftAxis(up, y),
      ...ticksOf(x, 5, across.scale === 'log').map((value) =>
        label(tick(value), {class: 'soft', x: x(value), y: bottom + 17, 'text-anchor': 'middle'}),
      ),
      axisNames(top, bottom, up.label, across.label),
      ...marks.map((mark) => markOf(mark, x, y, top, bottom).line),
      ...curves,
      ...marks.map((mark) => markOf(mark, x, y, top, bottom).name),
    ].join(''),
  };
}

/** A line below the curves, and its name above them. */
function markOf(
  mark: Mark,
  x: Scale,
  y: Scale,
  top: number,
  bottom: number,
): {readonly line: string; readonly name: string} {
  const name = (x: number, y: number, anchor: 'start' | 'end'): string =>
    label(mark.label, {class: 'soft over', x, y, 'text-anchor': anchor});
  if (mark.x !== undefined) {
    const at = x(mark.x);
    const isRight = at > (left + width - right) / 2;
    return {
      line: element('line', {class: 'baseline', x1: at, x2: at, y1: top, y2: bottom}),
      name: name(at + (isRight ? -4 : 4), top + 12, isRight ? 'end' : 'start'),
    };
  }
  const at = y(mark.y ?? 0);
  return {
    line: element('line', {class: 'baseline', x1: left, x2: width - right, y1: at, y2: at}),
    // Above the line, where there is room for it.
    name: name(width - right, at - top < 14 ? at + 14 : at - 5, 'end'),
  };
}

function bars({title, across, categories, y: up, series}: BarsPicture): Drawn {
  const {height: above, content} = head(
    title,
    series.map(({label, tone}) => ({label, tone, shape: 'bar'})),
  );
  const [top, bottom] = [above + 22, above + 22 + plotHeight];
  const x = scaleBand([...categories.keys()], [left, width - right])
    .paddingInner(0.25)
    .paddingOuter(0.1);
  const within = scaleBand([...series.keys()], [0, x.bandwidth()]);
  const y = scaleOf(up, [0, ...series.flatMap(({values}) => values)], [bottom, top]);
  const zero = y(Math.max(0, y.domain()[0]!));
  const drawn = series.flatMap(({tone, values}, s) =>
    values.map((value, c) =>
      element('rect', {
        class: `fill ${tone}`,
        x: x(c)! + within(s)!,
        width: Math.max(1, within.bandwidth() - 1),
        y: Math.min(zero, y(value)),
        height: Math.max(0.5, Math.abs(y(value) - zero)),
      }),
    ),
  );
  // Where not all names have room, every second or third has.
  const longest = Math.max(1, ...categories.map((name) => name.length));
  const every = Math.max(1, Math.ceil((longest * character + 6) / x.step()));
  const names = categories.map((name, c) =>
    c % every === 0
      ? label(name, {class: 'soft', x: x(c)! + x.bandwidth() / 2, y: bottom + 17, 'text-anchor': 'middle'})
      : '',
  );
  return {
    height: bottom + 44,
    content: [content, leftAxis(up, y), ...drawn, ...names, axisNames(top, bottom, up.label, across)].join(
      '',
    ),
  };
}

/** Shades of one colour: enough that a picture is one, few enough that it stays small. */
const shades = 16;

function tiles({title, perRow, tiles: all, reach, heat = 'ink'}: TilesPicture): Drawn {
  const {height: above, content} = head(title, []);
  const gap = 8;
  const side = (width - 24 - gap * (perRow - 1)) / perRow;
  const hasLabels = all.some((tile) => tile.label !== undefined);
  const rowHeights: number[] = [];
  for (let at = 0; at < all.length; at += perRow) {
    const tallest = Math.max(...all.slice(at, at + perRow).map(({rows, columns}) => (side * rows) / columns));
    rowHeights.push(tallest + gap + (hasLabels ? lineHeight : 0));
  }
  const drawn = all.map(({label: name, rows, columns, values, points = []}, i) => {
    const row = Math.floor(i / perRow);
    const y = above + rowHeights.slice(0, row).reduce((sum, one) => sum + one, 0);
    const x = 12 + (i % perRow) * (side + gap);
    const scale = side / columns;
    return (
      element(
        'g',
        {
          transform: `translate(${x.toFixed(1)},${y.toFixed(1)}) scale(${scale.toFixed(3)})`,
          'shape-rendering': 'crispEdges',
        },
        element('rect', {class: 'ground', width: columns, height: rows}),
        ...shadesOf(values, columns, reach, heat),
      ) +
      pointsOf(points, x, y, scale) +
      (name === undefined
        ? ''
        : label(name, {class: 'soft', x: x + side / 2, y: y + scale * rows + 13, 'text-anchor': 'middle'}))
    );
  });
  const height = above + rowHeights.reduce((sum, one) => sum + one, 0) + 6;
  return {height, content: [content, ...drawn].join('')};
}

/** In pixels: points are as large on any grid. */
const pointsOf = (points: NonNullable<Tile['points']>, x: number, y: number, scale: number): string =>
  points
    .map(({column, row, group, isMissed}) => {
      const at = {cx: x + scale * column, cy: y + scale * row};
      const ring = isMissed ? element('circle', {class: 'ring', ...at, r: 5}) : '';
      return ring + element('circle', {class: `dot ${group}`, ...at, r: 2.8});
    })
    .join('');

/** What a cell above and below 0 is drawn as. */
const heats = {ink: ['heat', 'heat cold'], groups: ['heat first', 'heat second']} as const;

/** The cells of a tile as a path for each shade, neighbours in a row as one. */
function shadesOf(
  values: readonly number[],
  columns: number,
  reach: number,
  heat: keyof typeof heats,
): readonly string[] {
  const [above, below] = heats[heat];
  const shadeAt = (index: number): number => {
    const share = Math.max(-1, Math.min(1, values[index]! / reach));
    return Math.round(share * (shades - 1));
  };
  const paths = new Map<number, string>();
  for (let index = 0; index < values.length; ) {
    const shade = shadeAt(index);
    const column = index % columns;
    let length = 1;
    while (column + length < columns && shadeAt(index + length) === shade) length++;
    const run = `M${column} ${Math.floor(index / columns)}h${length}v1h-${length}z`;
    if (shade !== 0) paths.set(shade, (paths.get(shade) ?? '') + run);
    index += length;
  }
  return [...paths].map(([shade, d]) =>
    element('path', {
      class: shade > 0 ? above : below,
      // Points of the same colour are to be seen on it.
      'fill-opacity': (Math.abs(shade) / (shades - 1)) * (heat === 'ink' ? 1 : 0.5),
      d,
    }),
  );
}
