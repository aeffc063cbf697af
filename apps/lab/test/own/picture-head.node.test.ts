// What the first bytes of a picture say, beside what sharp finds.
import sharp from 'sharp';
import {expect, test} from 'vitest';
import {pictureHead} from '../../src/data/own/picture-head.ts';

const made = (channels: 1 | 2 | 3 | 4, [width, height]: readonly [number, number] = [19, 7]) => {
  const pixels = Uint8Array.from({length: width * height * channels}, (_, at) => (at * 37) % 256);
  return sharp(pixels, {raw: {width, height, channels}});
};

const pictures = {
  'png, grey': made(1).toColourspace('b-w').png(),
  'png, grey with alpha': made(2).toColourspace('b-w').png(),
  'png, colours': made(3).png(),
  'png, palette': made(3).png({palette: true}),
  'png, grey of 16 bits': made(1).toColourspace('grey16').png(),
  'png, large': made(4, [700, 300]).png(),
  'jpeg, grey': made(1).toColourspace('b-w').jpeg(),
  'jpeg, colours': made(3).jpeg(),
  'jpeg, progressive, with metadata': made(3, [400, 300]).withMetadata().jpeg({progressive: true}),
  'webp, lossy': made(3, [400, 300]).webp(),
  'webp, lossless': made(3).webp({lossless: true}),
  'webp, with alpha': made(4).webp(),
  'webp, extended': made(3).withMetadata().webp(),
};

test.each(Object.entries(pictures))('%s', async (_, picture) => {
  const bytes = await picture.toBuffer();
  const {width, height, space} = await sharp(bytes).metadata();
  expect(pictureHead(bytes)).toEqual({width, height, isGrey: space === 'b-w'});
});

test('what is no picture, or ends in its head, has none', async () => {
  const all = [made(3).png(), made(3).jpeg(), made(3).webp({lossless: true})];
  for (const picture of all) {
    const bytes = await picture.toBuffer();
    for (const length of [0, 3, 11, 17]) expect(pictureHead(bytes.subarray(0, length))).toBeUndefined();
  }
  expect(pictureHead(new TextEncoder().encode('a,b\n1,2\n'.repeat(9)))).toBeUndefined();
});
