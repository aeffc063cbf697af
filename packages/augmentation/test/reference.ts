// Float64 references in plain JavaScript, written from the definitions and not from the code.

export interface Pixels {
  readonly values: ArrayLike<number>;
  readonly shape: readonly number[];
}

export type Mode = 'constant' | 'reflect' | 'nearest' | 'wrap';

/** A row or column of the endless image that the mode extends a side to; −1 is outside. */
function place(at: number, side: number, mode: Mode): number {
  if (at >= 0 && at < side) return at;
  if (mode === 'constant') return -1;
  if (mode === 'nearest') return at < 0 ? 0 : side - 1;
  const period = mode === 'wrap' ? side : 2 * side;
  const within = ((at % period) + period) % period;
  return within < side ? within : period - 1 - within;
}

export function pixel(
  {values, shape}: Pixels,
  image: number,
  y: number,
  x: number,
  channel: number,
  mode: Mode,
  fill: number,
): number {
  const [, height, width, channels] = shape as [number, number, number, number];
  const row = place(y, height, mode);
  const column = place(x, width, mode);
  if (row < 0 || column < 0) return fill;
  return values[((image * height + row) * width + column) * channels + channel]!;
}

/** Calls `at` for every value of an image batch, in order. */
export function mapPixels(
  {shape}: Pixels,
  at: (image: number, y: number, x: number, channel: number) => number,
): number[] {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  const result: number[] = [];
  for (let b = 0; b < batch; b++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) for (let c = 0; c < channels; c++) result.push(at(b, y, x, c));
  return result;
}

/** Bilinear interpolation in the endless image, at the place that `source` names. */
export function bilinear(
  pixels: Pixels,
  source: (image: number, y: number, x: number) => readonly [y: number, x: number],
  mode: Mode = 'constant',
  fill = 0,
): number[] {
  return mapPixels(pixels, (b, y, x, c) => {
    const [v, u] = source(b, y, x);
    const [top, left] = [Math.floor(v), Math.floor(u)];
    const [down, across] = [v - top, u - left];
    const at = (row: number, column: number) => pixel(pixels, b, row, column, c, mode, fill);
    return (
      (1 - down) * ((1 - across) * at(top, left) + across * at(top, left + 1)) +
      down * ((1 - across) * at(top + 1, left) + across * at(top + 1, left + 1))
    );
  });
}

export interface Affine {
  readonly rotation: number;
  readonly shear: number;
  readonly scale: number;
  readonly right: number;
  readonly down: number;
}

/** Where an output pixel of an affine change comes from: the forward map, inverted by Cramer's rule. */
export function affineSource(
  {rotation, shear, scale, right, down}: Affine,
  height: number,
  width: number,
): (y: number, x: number) => [number, number] {
  const [cos, sin, tan] = [Math.cos(rotation), Math.sin(rotation), Math.tan(shear)];
  // forward = s · [cos −sin; sin cos] · [1 −tan; 0 1]
  const [a, b] = [scale * cos, scale * (-cos * tan - sin)];
  const [c, d] = [scale * sin, scale * (-sin * tan + cos)];
  const determinant = a * d - b * c;
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
  return (y, x) => {
    const [u, v] = [x - cx - right, y - cy - down];
    return [cy + (a * v - c * u) / determinant, cx + (d * u - b * v) / determinant];
  };
}
