/** A canvas that is ready to draw on, in the pixels of the page. */
export interface Paper {
  readonly pen: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  /** A colour of the page: `--soft`. */
  colour(name: string): string;
  /** The three channels of one, 0 to 255. */
  channels(name: string): readonly [red: number, green: number, blue: number];
}

/** Makes a canvas as fine as the screen, and empty; undefined while it has no size. */
export function paperOf(canvas: HTMLCanvasElement): Paper | undefined {
  const {clientWidth: width, clientHeight: height} = canvas;
  const pen = canvas.getContext('2d', {willReadFrequently: true}); // in memory: small, and drawn anew as a whole
  if (!pen || width === 0 || height === 0) return undefined;
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  pen.scale(devicePixelRatio, devicePixelRatio);
  const style = getComputedStyle(canvas);
  pen.font = `11px ${style.fontFamily}`;
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  return {
    pen,
    width,
    height,
    colour,
    channels: (name) => {
      const hex = colour(name);
      return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as [number, number, number];
    },
  };
}

/**
 * A small picture, as large as it is asked for.
 *
 * @param pixelAt red, green and blue of each pixel, row by row
 */
export function paintPixels(
  {pen}: Paper,
  {columns, rows, isSmooth}: {readonly columns: number; readonly rows: number; readonly isSmooth: boolean},
  place: {readonly x: number; readonly y: number; readonly width: number; readonly height: number},
  pixelAt: (index: number) => readonly [number, number, number],
): void {
  const tile = new OffscreenCanvas(columns, rows);
  const image = new ImageData(columns, rows);
  for (let index = 0; index < columns * rows; index++) image.data.set([...pixelAt(index), 255], 4 * index);
  tile.getContext('2d', {willReadFrequently: true})?.putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = isSmooth;
  pen.drawImage(tile, place.x, place.y, place.width, place.height);
}

/** A colour between two, the second from a share of 0 to 1. */
export const mixed = (
  [r, g, b]: readonly [number, number, number],
  [red, green, blue]: readonly [number, number, number],
  share: number,
): readonly [number, number, number] => [
  r + (red - r) * share,
  g + (green - g) * share,
  b + (blue - b) * share,
];

/** A filled circle, or a ring. */
export function dot(
  pen: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  isRing = false,
): void {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  if (isRing) pen.stroke();
  else pen.fill();
}
