import type {Paper, Shade} from '../../looks/paper.ts';

/** A canvas as paper. */
interface CanvasPaper extends Paper {
  readonly pen: CanvasRenderingContext2D;
}

/** Makes a canvas as fine as the screen, and empty; undefined while it has no size. */
export function paperOf(canvas: HTMLCanvasElement): CanvasPaper | undefined {
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
    paint({columns, rows, isSmooth}, place, shadeAt) {
      const toChannels = mixer(colour);
      const tile = new OffscreenCanvas(columns, rows);
      const image = new ImageData(columns, rows);
      for (let index = 0; index < columns * rows; index++) {
        image.data.set([...toChannels(shadeAt(index)), 255], 4 * index);
      }
      tile.getContext('2d', {willReadFrequently: true})?.putImageData(image, 0, 0);
      pen.imageSmoothingEnabled = isSmooth;
      pen.drawImage(tile, place.x, place.y, place.width, place.height);
    },
  };
}

type Channels = readonly [red: number, green: number, blue: number];

/** Turns shades into red, green and blue: inks into a colour between the paper's and their own. */
function mixer(colour: (name: string) => string): (shade: Shade) => Channels {
  const known = new Map<string, Channels>();
  const channelsOf = (name: string): Channels => {
    const hex = colour(name);
    const channels =
      known.get(name) ??
      ([1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as [number, number, number]);
    known.set(name, channels);
    return channels;
  };
  return (shade) => {
    if (!('ink' in shade)) return shade;
    const [ground, ink] = [channelsOf('--paper'), channelsOf(shade.ink)];
    const at = (index: 0 | 1 | 2): number => ground[index] + (ink[index] - ground[index]) * shade.depth;
    return [at(0), at(1), at(2)];
  };
}
