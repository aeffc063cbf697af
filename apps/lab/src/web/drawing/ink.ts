import {type Canvas, drawLine, type Point} from '../../data/draw.ts';
import type {Stroke} from './drawing.ts';

/** Height, width and channels of pictures. */
export type PictureShape = readonly [height: number, width: number, channels: number];

/** How the pictures of some data are drawn, in their pixels, so that others can be drawn alike. */
export interface InkStyle {
  readonly background: number;
  /** The value of what is drawn. */
  readonly ink: number;
  /** The larger side of the box around what is drawn. */
  readonly size: number;
  /** How wide lines are. */
  readonly thickness: number;
  /** What of each picture lies at the same place: its centre of mass, or the middle of its box. */
  readonly align: 'mass' | 'box';
  /** That place, counted from the middle of the pixel at the top left. */
  readonly centre: Point;
}

const most = 300; // pictures that are measured

/**
 * How pictures are drawn, measured on the first of them: what differs from the background by more than half as much as
 * whatever does most.
 *
 * @param x `[pictures, height, width, channels]`
 */
export function inkStyleOf(x: Float32Array, shape: PictureShape): InkStyle {
  const [height, width, channels] = shape;
  const count = Math.min(most, Math.floor(x.length / (height * width * channels)));
  const pictures = Array.from({length: count}, (_, at) => greyOf(x, at, shape));
  const background = median(pictures.flatMap((pixels) => borderOf(pixels, height, width)));
  const measured = pictures.flatMap((pixels) => measure(pixels, width, background) ?? []);
  const over = (of: (one: Measured) => number): Stats => statsOf(measured.map(of));
  const mass = [over((one) => one.mass[0]), over((one) => one.mass[1])] as const;
  const box = [over((one) => one.box[0]), over((one) => one.box[1])] as const;
  const align = mass[0].spread + mass[1].spread < box[0].spread + box[1].spread ? 'mass' : 'box';
  const [across, down] = align === 'mass' ? mass : box;
  return {
    background,
    ink: over(({ink}) => ink).mean,
    size: over(({size}) => size).mean,
    thickness: over(({thickness}) => thickness).mean,
    align,
    centre: [across.mean, down.mean],
  };
}

/**
 * A drawing as a picture like those of the data: as large, in the same place, with lines as wide.
 *
 * @returns `[height, width, channels]`; all background where nothing is drawn
 */
export function inked(strokes: readonly Stroke[], style: InkStyle, shape: PictureShape): Float32Array {
  const [height, width, channels] = shape;
  const {background, ink, align, centre} = style;
  const first = placed(strokes, style, centre, [height, width]);
  const [x, y] = align === 'mass' ? massOf(first, width) : centre;
  const off: Point = [2 * centre[0] - x, 2 * centre[1] - y];
  const covered = align === 'mass' ? placed(strokes, style, off, [height, width]) : first;
  return Float32Array.from(
    {length: height * width * channels},
    (_, at) => background + (ink - background) * covered[Math.floor(at / channels)]!,
  );
}

/** How much of each pixel is covered when the middle of the drawing's box lies at a place. */
function placed(
  strokes: readonly Stroke[],
  {size, thickness}: InkStyle,
  [middleX, middleY]: Point,
  [height, width]: readonly [number, number],
): Float32Array {
  const canvas: Canvas = {width, height, pixels: new Float32Array(width * height)};
  const points = strokes.flat();
  const [left, right] = [Math.min(...points.map(([x]) => x)), Math.max(...points.map(([x]) => x))];
  const [top, bottom] = [Math.min(...points.map(([, y]) => y)), Math.max(...points.map(([, y]) => y))];
  // A dot stays one: it is not blown up to a letter's size.
  const scale = Math.max(1, size - thickness) / Math.max(0.05, right - left, bottom - top);
  for (const stroke of strokes) {
    const line = stroke.map(
      ([x, y]): Point => [
        middleX + scale * (x - (left + right) / 2),
        middleY + scale * (y - (top + bottom) / 2),
      ],
    );
    drawLine(canvas, line.length > 1 ? line : [...line, ...line], thickness, 1);
  }
  return canvas.pixels;
}

interface Measured extends Pick<InkStyle, 'ink' | 'size' | 'thickness'> {
  readonly mass: Point;
  readonly box: Point;
}

/** Undefined for a picture that is empty. */
function measure(pixels: Float32Array, width: number, background: number): Measured | undefined {
  const strength = pixels.map((value) => Math.abs(value - background));
  const top = strength.reduce((far, value) => Math.max(far, value), 0);
  if (top < 0.05) return undefined;
  const isInk = (at: number): boolean => strength[at]! >= top / 2;
  const at = [...pixels.keys()].filter(isInk);
  const [xs, ys] = [at.map((one) => one % width), at.map((one) => Math.floor(one / width))];
  const [left, right, up, down] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const rows = pixels.length / width;
  // Sides of pixels between ink and none; a slanted line has 4/π times as many as it is long, on average.
  const sides = at.reduce((sum, one) => {
    const [x, y] = [one % width, Math.floor(one / width)];
    const isOut = (nextX: number, nextY: number): number =>
      nextX < 0 || nextY < 0 || nextX >= width || nextY >= rows || !isInk(nextY * width + nextX) ? 1 : 0;
    return sum + isOut(x - 1, y) + isOut(x + 1, y) + isOut(x, y - 1) + isOut(x, y + 1);
  }, 0);
  // The strongest quarter is ink from edge to edge of its pixels.
  const strongest = at
    .toSorted((one, other) => strength[other]! - strength[one]!)
    .slice(0, Math.ceil(at.length / 4));
  const full = meanOf(strongest.map((one) => strength[one]!));
  // Half-covered pixels at edges count by half; what is less than a quarter is grain.
  const area = strength.reduce((sum, value) => sum + (value < full / 4 ? 0 : Math.min(1, value / full)), 0);
  const weight = at.reduce((sum, one) => sum + strength[one]!, 0);
  const weighed = (of: (one: number) => number): number =>
    at.reduce((sum, one) => sum + strength[one]! * of(one), 0) / weight;
  return {
    ink: meanOf(strongest.map((one) => pixels[one]!)),
    size: Math.max(right - left, down - up) + 1,
    thickness: (2 * area) / ((Math.PI / 4) * sides),
    mass: [weighed((one) => one % width), weighed((one) => Math.floor(one / width))],
    box: [(left + right) / 2, (up + down) / 2],
  };
}

function massOf(covered: Float32Array, width: number): Point {
  let [sum, x, y] = [0, 0, 0];
  covered.forEach((value, at) => {
    sum += value;
    x += value * (at % width);
    y += value * Math.floor(at / width);
  });
  return sum === 0 ? [0, 0] : [x / sum, y / sum];
}

/** A picture's pixels, each the mean of its channels. */
function greyOf(x: Float32Array, picture: number, [height, width, channels]: PictureShape): Float32Array {
  const size = height * width;
  return Float32Array.from({length: size}, (_, pixel) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++)
      sum += x[(picture * size + pixel) * channels + channel]!;
    return sum / channels;
  });
}

const borderOf = (pixels: Float32Array, height: number, width: number): readonly number[] =>
  [...pixels].filter((_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    return x === 0 || y === 0 || x === width - 1 || y === height - 1;
  });

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

interface Stats {
  readonly mean: number;
  /** The variance. */
  readonly spread: number;
}

function statsOf(values: readonly number[]): Stats {
  const mean = meanOf(values);
  const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length);
  return {mean, spread};
}
