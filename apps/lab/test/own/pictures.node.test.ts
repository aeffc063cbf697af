// A folder of pictures becomes data.
import {mkdir, writeFile} from 'node:fs/promises';
import {dirname} from 'node:path';
import sharp from 'sharp';
import {expect, test} from 'vitest';
import {type PicturesOptions, picturesSchema} from '../../src/data/own/options.ts';
import {ownFiles} from '../../src/data/own/own-files.ts';
import {useFolder} from '../cli/folder.ts';
import {lab} from '../cli/terminal.ts';

const folder = useFolder();

type Format = 'png' | 'jpeg' | 'webp';

async function put(path: string, content: Uint8Array): Promise<void> {
  await mkdir(dirname(folder.path(path)), {recursive: true});
  await writeFile(folder.path(path), content);
}

/** A picture of one colour. */
const plain = (
  background: object,
  [width, height]: readonly [number, number] = [8, 8],
  format: Format = 'png',
) =>
  sharp({create: {width, height, channels: 4, background: {alpha: 1, ...background}}})
    .toFormat(format)
    .toBuffer();

const red = {r: 255, g: 0, b: 0};
const blue = {r: 0, g: 0, b: 255};

async function putAll(count = 6, sizes?: readonly [number, number], format?: Format): Promise<void> {
  for (let at = 0; at < count; at++) {
    await put(`red/${at}.${format ?? 'png'}`, await plain(red, sizes, format));
    await put(`blue/${at}.${format ?? 'png'}`, await plain(blue, sizes, format));
  }
}

const load = (options: Partial<PicturesOptions> = {}) =>
  ownFiles()(picturesSchema.parse({name: 'pictures', folder: folder.path(''), ...options}));

test.each(['png', 'jpeg', 'webp'] as const)(
  '%s: a class for each subfolder, pixels in [0, 1]',
  async (format) => {
    await putAll(6, [8, 8], format);
    await put('red/.hidden.png', new Uint8Array([1]));
    await put('red/notes.txt', new Uint8Array([1]));
    const {data, options} = await load();
    expect(data).toMatchObject({kind: 'classification', classNames: ['blue', 'red'], inputShape: [8, 8, 3]});
    expect(options).toMatchObject({size: 8, channels: 'rgb', train: 8, validation: 2, test: 2});
    if (data.kind !== 'classification') throw new Error('they have classes');
    for (const {x, y, size} of [data.train, data.validation, data.test]) {
      for (let at = 0; at < size; at++) {
        const expected = y[at] === 1 ? [1, 0, 0] : [0, 0, 1];
        for (let channel = 0; channel < 3; channel++) {
          expect(Math.abs(x[at * 192 + 96 + channel]! - expected[channel]!)).toBeLessThan(0.03); // JPEG is not exact
        }
      }
    }
  },
);

test('are resized as asked; what is transparent is white; grey as asked', async () => {
  await putAll(4, [40, 20]);
  await put('blue/none.png', await plain({...blue, alpha: 0}, [40, 20]));
  const {data} = await load({size: 6, channels: 'grey'});
  expect(data.inputShape).toEqual([6, 6, 1]);
  const values = [data.train, data.validation, data.test].flatMap(({x}) => [...x]);
  expect(values.filter((value) => value === 1)).toHaveLength(36);
  expect((await load()).data.inputShape).toEqual([32, 32, 3]);
});

test('grey pictures are grey, without a word', async () => {
  for (let at = 0; at < 5; at++) {
    for (const [label, level] of [
      ['dark', 40],
      ['light', 200],
    ] as const) {
      const pixels = new Uint8Array(64).fill(level);
      const png = sharp(pixels, {raw: {width: 8, height: 8, channels: 1}})
        .toColourspace('b-w')
        .png();
      await put(`${label}/${at}.png`, await png.toBuffer());
    }
  }
  const {data} = await load();
  expect(data.inputShape).toEqual([8, 8, 1]);
  expect(new Set(data.train.x)).toEqual(new Set(Float32Array.of(40 / 255, 200 / 255)));
});

test('a file that is no picture is named, as is a folder without subfolders', async () => {
  await putAll(2);
  await put('red/broken.jpg', new TextEncoder().encode('no picture'));
  await expect(load()).rejects.toThrow(/broken.jpg: it is no picture that can be read/);
  await put('alone/only/1.png', await plain(red));
  const alone = folder.path('alone');
  await expect(load({folder: alone})).rejects.toThrow(/alone: it has no two subfolders with pictures/);
  await expect(load({folder: folder.path('none')})).rejects.toThrow(/none: there is no such folder/);
});

test('a change of any picture is a change of the data', async () => {
  await putAll();
  const {options} = await load();
  await put('red/0.png', await plain({r: 250, g: 0, b: 0}));
  await expect(load(options as PicturesOptions)).rejects.toThrow(/it is not what the recipe was made with/);
});

test('lab run trains on a folder', async () => {
  await putAll(10);
  const words = ['run', '--data', folder.path(''), '--epochs', '2', '--out', folder.path('results')];
  const done = await lab([...words, '--model', 'mlp']);
  expect(done.stderr).toMatch(
    /20 pictures of .* 8 × 8 pixels in colour\.\n.*divided by 255\n.*the target: blue, red\n12 to train on/,
  );
  expect(done.code).toBe(0);
  expect(done.stdout).toMatch(/test error/);
});
