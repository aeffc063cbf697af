import type {DataSet} from '../data-set.ts';
import type {SplitSizes} from '../splits.ts';
import {checksum} from './checksum.ts';
import {examplesData} from './examples.ts';
import type {PicturesOptions} from './options.ts';
import {ownError, shown} from './own-error.ts';

/** The pictures of a folder, decoded. */
export interface Pictures {
  /** Width and height. */
  readonly size: number;
  readonly channels: 'rgb' | 'grey';
  /** `[count, size, size, channels]`, 0 to 255. */
  readonly pixels: Uint8Array;
  /** The folder that each is in. */
  readonly labels: readonly string[];
  /** Of all files and their names. */
  readonly sha256: string;
}

/** Whether a file is one of a picture, by its name. */
export const isPictureFile = (path: string): boolean =>
  /\.(png|jpe?g|webp)$/i.test(path) && !/(^|\/)\./.test(path);

/**
 * The pictures among the files of a folder, each with the subfolder that it is in, which is its class.
 *
 * @param folder its name, for messages
 * @param paths of files, from the folder, between slashes
 * @throws RegularizerError with code `no-pictures`
 */
export function labelled(
  folder: string,
  paths: readonly string[],
): readonly {readonly path: string; readonly label: string}[] {
  const pictures = paths
    .filter((path) => isPictureFile(path) && path.includes('/'))
    .map((path) => ({path, label: path.slice(0, path.indexOf('/'))}))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  if (new Set(pictures.map(({label}) => label)).size > 1) return pictures;
  throw ownError('no-pictures', folder, 'it has no two subfolders with pictures, one for each class', {
    hint: `PNG, JPEG and WebP are read: ${folder}/cat/1.png, ${folder}/dog/1.png, …`,
  });
}

/** Pictures are taken as they are where all are squares of one size, and no larger than this; else they come to the usual size. */
const largestAsIs = 64;
const usualSize = 32;

/** What is known of a picture before it is decoded. */
export interface PictureHead {
  readonly width: number;
  readonly height: number;
  readonly isGrey: boolean;
}

/** Size and channels, where the user doesn't say. */
export function formatOf(
  heads: readonly PictureHead[],
  {size, channels}: Pick<PicturesOptions, 'size' | 'channels'>,
): Pick<Pictures, 'size' | 'channels'> {
  const {width = usualSize} = heads[0] ?? {};
  const asIs = width <= largestAsIs && heads.every((head) => head.width === width && head.height === width);
  return {
    size: size ?? (asIs ? width : usualSize),
    channels: channels ?? (heads.every(({isGrey}) => isGrey) ? 'grey' : 'rgb'),
  };
}

/** SHA-256 of pictures and their paths, which are sorted: of a folder, wherever it is. */
export async function checksumOf(
  files: readonly {readonly path: string; readonly bytes: Uint8Array}[],
): Promise<string> {
  const sums: {path: string; sha256: string}[] = [];
  for (const {path, bytes} of files) sums.push({path, sha256: await checksum(bytes)});
  return checksum(new TextEncoder().encode(sumsOf(sums)));
}

/** Checksums as `sha256sum` prints them: what that of a folder is taken of. */
export const sumsOf = (files: readonly {readonly path: string; readonly sha256: string}[]): string =>
  files.map(({path, sha256}) => `${sha256}  ${path}\n`).join('');

/** @throws RegularizerError with code `unreadable-picture` */
export function unreadable(path: string, cause: unknown): never {
  throw ownError(
    'unreadable-picture',
    path,
    'it is no picture that can be read: damaged, or of another format than its name says',
    {
      hint: 'Put it right, or take it out of the folder.',
      cause,
    },
  );
}

/** Pictures as data to learn from: pixels in [0, 1], a class for each subfolder. */
export function picturesData(
  name: string,
  {size, channels, pixels, labels}: Pictures,
  options: PicturesOptions,
): {readonly data: DataSet; readonly sizes: SplitSizes} {
  const classes = [...new Set(labels)].sort();
  const places = new Map(classes.map((label, at) => [label, at]));
  return examplesData(name, {
    file: options.folder,
    kind: 'pictures',
    description: `${labels.length} pictures of ${shown(options.folder)}, ${size} × ${size} ${channels === 'grey' ? 'grey pixels' : 'pixels in colour'}.`,
    shape: [size, size, channels === 'grey' ? 1 : 3],
    values: pixels,
    scalingOf: () => ({mean: [0], deviation: [255]}),
    target: 'folder',
    targets: {
      task: 'classification',
      values: Float64Array.from(labels, (label) => places.get(label)!),
      classes,
      numeric: false,
    },
    options,
  });
}
