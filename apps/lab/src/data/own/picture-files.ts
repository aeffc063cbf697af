// Node only: pictures of a folder, decoded by sharp.
import {readdir, readFile} from 'node:fs/promises';
import {join, sep} from 'node:path';
import {RegularizerError} from '@regularizers/core';
import type {PicturesOptions} from './options.ts';
import {ownError} from './own-error.ts';
import {checksumOf, formatOf, labelled, type Pictures, unreadable} from './pictures.ts';

type Sharp = typeof import('sharp').default;

/** How many pictures are decoded at once. */
const atOnce = 8;

/**
 * Reads a folder of pictures with a subfolder for each class. Each fills its square and is cut where it is longer; what is
 * transparent is white.
 *
 * @throws RegularizerError with code `unreadable`, `no-pictures`, `unreadable-picture` or `not-installed`
 */
export async function readPictures(options: PicturesOptions): Promise<Pictures> {
  const {folder} = options;
  const {default: sharp} = await loadSharp();
  const files = await labelledIn(folder);
  const bytes = await each(files, ({path}) => readFile(join(folder, path)));
  const heads = await each(files, async ({path}, index) => {
    const {width, height, space, autoOrient} = await decoding(join(folder, path), () =>
      sharp(bytes[index]!).metadata(),
    );
    return {width: autoOrient?.width ?? width, height: autoOrient?.height ?? height, isGrey: space === 'b-w'};
  });
  const {size, channels} = formatOf(heads, options);
  const length = size * size * (channels === 'grey' ? 1 : 3);
  const pixels = new Uint8Array(files.length * length);
  await each(files, async ({path}, index) => {
    const picture = sharp(bytes[index]!)
      .autoOrient()
      .flatten({background: 'white'})
      .resize(size, size, {fit: 'cover'})
      .toColourspace(channels === 'grey' ? 'b-w' : 'srgb');
    pixels.set(await decoding(join(folder, path), () => picture.raw().toBuffer()), index * length);
  });
  return {
    size,
    channels,
    pixels,
    labels: files.map(({label}) => label),
    sha256: await checksumOf(files.map(({path}, index) => ({path, bytes: bytes[index]!}))),
  };
}

/**
 * The pictures of a folder, with their classes.
 *
 * @throws RegularizerError with code `unreadable` or `no-pictures`
 */
export async function labelledIn(folder: string): Promise<ReturnType<typeof labelled>> {
  let paths: string[];
  try {
    paths = await readdir(folder, {recursive: true});
  } catch (cause) {
    throw ownError('unreadable', folder, 'there is no such folder', {cause});
  }
  return labelled(
    folder,
    paths.map((path) => path.split(sep).join('/')),
  );
}

async function loadSharp(): Promise<{readonly default: Sharp}> {
  try {
    return await import('sharp');
  } catch (cause) {
    throw new RegularizerError({
      where: 'data',
      code: 'not-installed',
      message: 'pictures are decoded by sharp, which is not there',
      hint: 'Install it: npm install sharp',
      cause,
    });
  }
}

async function decoding<Value>(path: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (cause) {
    return unreadable(path, cause);
  }
}

/** What comes of each, some at once. */
async function each<Item, Value>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Value>,
): Promise<readonly Value[]> {
  const results: Value[] = [];
  for (let from = 0; from < items.length; from += atOnce) {
    const batch = items.slice(from, from + atOnce);
    results.push(...(await Promise.all(batch.map((item, at) => work(item, from + at)))));
  }
  return results;
}
