/**
 * What a line, a bar or a point is: that decides its colour and its dashes, the same in every picture.
 *
 * - `measured`: what training came to
 * - `expected`: what a formula says
 * - `control`: what must not fit
 * - `without`: the same without a regularizer
 * - `other`: one more that is measured
 */
export type Tone = 'measured' | 'expected' | 'control' | 'without' | 'other';

/** One side of a plot. */
export interface Axis {
  readonly label: string;
  /** @defaultValue `'linear'` */
  readonly scale?: 'linear' | 'log';
  /** @defaultValue what the data takes */
  readonly min?: number;
  readonly max?: number;
}

/** Points, or a line through them in their order. */
export interface Series {
  readonly label: string;
  readonly tone: Tone;
  /** @defaultValue `'line'` */
  readonly draw?: 'line' | 'points';
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** A value on an axis that is marked by a line across the plot: one of both. */
export interface Mark {
  readonly label: string;
  readonly x?: number;
  readonly y?: number;
}

interface Titled {
  readonly title: string;
  /** What there is to see, for who can't: a sentence or two. */
  readonly description: string;
}

/** Lines and points over two axes. */
export interface PlotPicture extends Titled {
  readonly kind: 'plot';
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  readonly marks?: readonly Mark[];
}

/** A group of bars for each category: one bar of each series. */
export interface BarsPicture extends Titled {
  readonly kind: 'bars';
  /** What the categories are. */
  readonly across: string;
  readonly categories: readonly string[];
  readonly y: Axis;
  readonly series: readonly {
    readonly label: string;
    readonly tone: Tone;
    readonly values: readonly number[];
  }[];
}

/** Small grids of numbers as heat: pictures, weights, masks, and what a model makes of a plane. */
export interface TilesPicture extends Titled {
  readonly kind: 'tiles';
  /** Tiles in a row, 1 to 12. */
  readonly perRow: number;
  readonly tiles: readonly Tile[];
  /** The value of the deepest colour; one of the other sign has another colour. */
  readonly reach: number;
  /**
   * `groups`: values above 0 have the colour of the first group of points, those below of the second.
   *
   * @defaultValue `'ink'`: values above 0 are dark
   */
  readonly heat?: 'ink' | 'groups';
}

/** One grid. */
export interface Tile {
  readonly label?: string;
  readonly rows: number;
  readonly columns: number;
  /** Row by row from the top. */
  readonly values: readonly number[];
  readonly points?: readonly TilePoint[];
}

/** A point on a grid, measured in cells from its upper left corner. */
interface TilePoint {
  readonly column: number;
  readonly row: number;
  readonly group: 'first' | 'second';
  /** Is ringed. */
  readonly isMissed: boolean;
}

/** A picture, said as plain JSON: {@link pictureSvg} draws it. */
export type Picture = PlotPicture | BarsPicture | TilesPicture;
