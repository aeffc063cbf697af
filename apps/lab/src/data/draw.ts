/** A place: x to the right, y down. */
export type Point = readonly [x: number, y: number];

/** A small grey picture. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** `[height, width]`, row by row; 0 is empty, 1 full ink. */
  readonly pixels: Float32Array;
}

const piecesPerCurve = 6;

/**
 * Straightens a stroke: a start, then pairs of (control, end) of quadratic curves, as points close enough
 * together that the corners don't show at this size.
 */
export function flatten(points: readonly Point[]): Point[] {
  const flat: Point[] = [points[0]!];
  for (let i = 1; i + 1 < points.length; i += 2) {
    const [x0, y0] = points[i - 1]!;
    const [x1, y1] = points[i]!;
    const [x2, y2] = points[i + 1]!;
    for (let piece = 1; piece <= piecesPerCurve; piece++) {
      const t = piece / piecesPerCurve;
      const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t ** 2];
      flat.push([a * x0 + b * x1 + c * x2, a * y0 + b * y1 + c * y2]);
    }
  }
  return flat;
}

/**
 * Draws a line through the points (in pixels) with round ends and soft edges. Ink doesn't add up where
 * strokes cross: the darker wins.
 *
 * @param thickness width of the pen in pixels
 * @param ink darkness in [0, 1]
 */
export function drawLine(
  {width, height, pixels}: Canvas,
  points: readonly Point[],
  thickness: number,
  ink: number,
): void {
  const radius = thickness / 2 + 0.5; // half a pixel of soft edge
  for (let i = 1; i < points.length; i++) {
    const [x0, y0] = points[i - 1]!;
    const [x1, y1] = points[i]!;
    const left = Math.max(0, Math.floor(Math.min(x0, x1) - radius));
    const right = Math.min(width - 1, Math.ceil(Math.max(x0, x1) + radius));
    const top = Math.max(0, Math.floor(Math.min(y0, y1) - radius));
    const bottom = Math.min(height - 1, Math.ceil(Math.max(y0, y1) + radius));
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const covered = Math.min(1, radius - distance(x, y, x0, y0, x1, y1));
        const at = y * width + x;
        if (covered > 0) pixels[at] = Math.max(pixels[at]!, ink * covered);
      }
    }
  }
}

/** From a point to the nearest point of a segment. */
function distance(x: number, y: number, x0: number, y0: number, x1: number, y1: number): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const lengthSquared = dx * dx + dy * dy;
  const along = lengthSquared === 0 ? 0 : ((x - x0) * dx + (y - y0) * dy) / lengthSquared;
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(x - x0 - t * dx, y - y0 - t * dy);
}
