// What charts are drawn on: a canvas of the page, or the SVG of a report.

/** How many colours there are for runs and classes: `--run-0` and so on. */
export const colours = 10;

/** What is drawn with: of a canvas's context as much as the charts need. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'fillStyle'
  | 'strokeStyle'
  | 'globalAlpha'
  | 'lineWidth'
  | 'textAlign'
  | 'textBaseline'
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'arc'
  | 'fill'
  | 'stroke'
  | 'fillRect'
  | 'strokeRect'
  | 'fillText'
  | 'setLineDash'
>;

/** The colour of a pixel: red, green and blue from 0 to 255, or a colour of the page, as deep as is said, 0 to 1. */
export type Shade =
  | readonly [red: number, green: number, blue: number]
  | {readonly ink: string; readonly depth: number};

/** A small picture's pixels, row by row. */
interface Grid {
  readonly columns: number;
  readonly rows: number;
  /** Whether it is smooth where it is larger than it has pixels, on a paper that can do it. */
  readonly isSmooth: boolean;
}

/** Where something is drawn. */
interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Something to draw on, in pixels of the page. */
export interface Paper {
  readonly pen: Pen;
  readonly width: number;
  readonly height: number;
  /** A colour of the page: `--soft`. */
  colour(name: string): string;
  /** Draws a small picture, as large as its place. */
  paint(grid: Grid, place: Place, shadeAt: (index: number) => Shade): void;
}

/** A filled circle, or a ring. */
export function dot(pen: Pen, x: number, y: number, radius: number, isRing = false): void {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  if (isRing) pen.stroke();
  else pen.fill();
}
