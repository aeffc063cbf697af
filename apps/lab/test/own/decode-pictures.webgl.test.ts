// The browser's decoders beside sharp, which the command line has: `reference/pictures.mjs` wrote what that says.
import {RegularizerError} from '@regularizers/core';
import {describe, expect, test} from 'vitest';
import {decodePictures} from '../../src/web/own/decode-pictures.ts';
import reference from './reference/pictures.json' with {type: 'json'};

const bytesOf = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** One picture as a class of its own, beside another class. */
const filesOf = (name: string, bytes: Uint8Array) => [
  {path: `a/${name}`, bytes},
  {path: 'b/other.png', bytes: bytesOf(reference.pictures[0]!.bytes)},
];

describe.each(reference.pictures)('$name', ({name, size, bytes, pixels}) => {
  test.each(['rgb', 'grey'] as const)('%s', async (channels) => {
    const found = await decodePictures(filesOf(name, bytesOf(bytes)), {folder: 'f', size, channels});
    const expected = bytesOf(pixels[channels]);
    const off = [...expected].map((value, at) => Math.abs(value - found.pixels[at]!));
    const mean = off.reduce((sum, value) => sum + value, 0) / off.length;
    // Where nothing is scaled, all that differs is how transparency and grey are rounded.
    if (size < 16) {
      expect(Math.max(...off)).toBeLessThanOrEqual(channels === 'rgb' && name !== 'transparent.png' ? 0 : 1);
    } else {
      expect(mean).toBeLessThan(3);
    }
  });
});

test('size and colours are found where nobody says them; what cannot be decoded is named', async () => {
  const [first] = reference.pictures;
  const good = bytesOf(first!.bytes);
  const found = await decodePictures(filesOf('1.png', good), {folder: 'pets'});
  expect(found).toMatchObject({size: 8, channels: 'rgb', labels: ['a', 'b']});
  for (const bytes of [good.slice(0, 60), good.slice(0, 9), new Uint8Array(100)]) {
    const error = await decodePictures(filesOf('1.png', bytes), {folder: 'pets'}).catch((one) => one);
    expect(RegularizerError.isInstance(error) && [error.code, error.message]).toEqual([
      'unreadable-picture',
      expect.stringContaining('pets/a/1.png'),
    ]);
  }
});
