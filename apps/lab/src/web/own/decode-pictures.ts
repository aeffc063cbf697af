import type {PicturesOptions} from '../../data/own/options.ts';
import {pictureHead} from '../../data/own/picture-head.ts';
import {checksumOf, formatOf, labelled, type Pictures, unreadable} from '../../data/own/pictures.ts';
import type {OwnFile} from './kept-data.ts';

/**
 * Decodes pictures by the browser's own decoders: each fills its square and is cut where it is longer; what is transparent
 * is white. Pictures that need no scaling come to the numbers that the command line has, others to nearly those.
 *
 * @throws RegularizerError with code `no-pictures` or `unreadable-picture`
 */
export async function decodePictures(
  all: readonly OwnFile[],
  options: Pick<PicturesOptions, 'folder' | 'size' | 'channels'>,
): Promise<Pictures> {
  const {folder} = options;
  const bytesOf = new Map(all.map(({path, bytes}) => [path, bytes]));
  const files = labelled(folder, [...bytesOf.keys()]).map((one) => ({...one, bytes: bytesOf.get(one.path)!}));
  const heads = files.map(
    ({path, bytes}) => pictureHead(bytes) ?? unreadable(`${folder}/${path}`, undefined),
  );
  const {size, channels} = formatOf(heads, options);
  const length = size * size * (channels === 'grey' ? 1 : 3);
  const pixels = new Uint8Array(files.length * length);
  const toPixels = squaring({size, channels});
  for (const [index, {path, bytes}] of files.entries()) {
    const picture = await createImageBitmap(new Blob([bytes as BlobPart])).catch((cause) =>
      unreadable(`${folder}/${path}`, cause),
    );
    pixels.set(toPixels(picture), index * length);
    picture.close();
  }
  return {size, channels, pixels, labels: files.map(({label}) => label), sha256: await checksumOf(files)};
}

/** Makes pictures what is trained on: row by row, 0 to 255. */
export function squaring({
  size,
  channels,
}: Pick<Pictures, 'size' | 'channels'>): (picture: ImageBitmap) => Uint8Array | Uint8ClampedArray {
  const canvas = new OffscreenCanvas(size, size);
  const pen = canvas.getContext('2d', {willReadFrequently: true})!;
  pen.imageSmoothingQuality = 'high';
  return (picture) => {
    pen.fillStyle = 'white';
    pen.fillRect(0, 0, size, size);
    const side = Math.min(picture.width, picture.height);
    const [left, top] = [(picture.width - side) / 2, (picture.height - side) / 2];
    pen.drawImage(picture, left, top, side, side, 0, 0, size, size);
    const {data} = pen.getImageData(0, 0, size, size);
    return channels === 'grey' ? greyOf(data) : coloursOf(data);
  };
}

/** Red, green and blue. */
const coloursOf = (rgba: Uint8ClampedArray): Uint8Array =>
  Uint8Array.from({length: (rgba.length / 4) * 3}, (_, at) => rgba[4 * Math.floor(at / 3) + (at % 3)]!);

/** Light that each level of sRGB stands for, in [0, 1]: IEC 61966-2-1. */
const light = Float64Array.from({length: 256}, (_, level) => {
  const share = level / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
});

/** The grey that is as light as the colour, by its luminance (ITU-R BT.709), as libvips has it. */
const greyOf = (rgba: Uint8ClampedArray): Uint8ClampedArray =>
  Uint8ClampedArray.from({length: rgba.length / 4}, (_, at) => {
    const [red, green, blue] = [0, 1, 2].map((channel) => light[rgba[4 * at + channel]!]!);
    const sum = 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
    return 255 * (sum <= 0.0031308 ? 12.92 * sum : 1.055 * sum ** (1 / 2.4) - 0.055);
  });
