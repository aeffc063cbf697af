import {RegularizerError} from '@regularizers/core';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {parseIdx, readIdx} from '../../src/data/idx.ts';
import {gzip, idxFile} from './idx-files.ts';

const codeOf = async (run: () => unknown): Promise<string> => {
  try {
    await run();
  } catch (error) {
    if (RegularizerError.isInstance(error)) return error.code;
    throw error;
  }
  return 'no error';
};

const someFile = fc.array(fc.integer({min: 1, max: 5}), {minLength: 1, maxLength: 4}).chain((shape) => {
  const size = shape.reduce((product, side) => product * side, 1);
  return fc
    .uint8Array({minLength: size, maxLength: size})
    .map((data) => ({shape, data, file: idxFile(shape, data)}));
});

describe('parseIdx', () => {
  test('reads what the format says', () => {
    // 2 × 3 bytes: magic 00 00 08 02, then 2 and 3 in four bytes each
    const file = Uint8Array.from([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]);
    expect(parseIdx(file, 'small')).toEqual({shape: [2, 3], data: Uint8Array.from([1, 2, 3, 4, 5, 6])});
  });

  test('gives back any array that was written', () => {
    fc.assert(
      fc.property(someFile, ({shape, data, file}) => {
        const read = parseIdx(file, 'some');
        expect(read.shape).toEqual(shape);
        expect([...read.data]).toEqual([...data]);
      }),
    );
  });

  test('reads a view into a larger buffer', () => {
    const file = idxFile([2], Uint8Array.from([7, 9]));
    const larger = new Uint8Array(file.length + 10);
    larger.set(file, 5);
    expect([...parseIdx(larger.subarray(5, 5 + file.length), 'view').data]).toEqual([7, 9]);
  });

  test('refuses every file that is cut off', async () => {
    await fc.assert(
      fc.asyncProperty(someFile, fc.nat(), async ({file}, cut) => {
        const kept = cut % file.length;
        expect(await codeOf(() => parseIdx(file.subarray(0, kept), 'cut'))).toBe(
          kept === 0 ? 'empty-file' : 'truncated-file',
        );
      }),
    );
  });

  test('refuses bytes after the end', async () => {
    await fc.assert(
      fc.asyncProperty(someFile, fc.uint8Array({minLength: 1, maxLength: 9}), async ({file}, rest) => {
        expect(await codeOf(() => parseIdx(Uint8Array.from([...file, ...rest]), 'long'))).toBe(
          'trailing-bytes',
        );
      }),
    );
  });

  test.each([
    ['a page of HTML', [...'<!doctype html>'].map((letter) => letter.charCodeAt(0))],
    ['floats', [0, 0, 0x0d, 1, 0, 0, 0, 1, 0, 0, 0, 0]],
    ['no dimension', [0, 0, 8, 0]],
  ])('refuses %s by its magic number', async (_, bytes) => {
    expect(await codeOf(() => parseIdx(Uint8Array.from(bytes), 'odd'))).toBe('wrong-magic');
  });

  test('says what is wrong with which file', () => {
    expect(() => parseIdx(Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 4, 1]), 'labels')).toThrow(
      '[lab] labels has 9 bytes of the 12 that its header announces',
    );
  });
});

describe('readIdx', () => {
  test('unpacks gzip', async () => {
    const file = idxFile([2, 2], Uint8Array.from([1, 2, 3, 4]));
    expect(await readIdx(await gzip(file), 'packed')).toEqual(parseIdx(file, 'plain'));
  });

  test('refuses a packed file that is cut off', async () => {
    const packed = await gzip(
      idxFile(
        [64],
        new Uint8Array(64).map((_, at) => (at * 37) % 251),
      ),
    );
    expect(await codeOf(() => readIdx(packed.subarray(0, packed.length - 12), 'cut'))).toBe('bad-gzip');
  });

  test('refuses a packed file with a flipped bit', async () => {
    const packed = await gzip(
      idxFile(
        [64],
        new Uint8Array(64).map((_, at) => (at * 37) % 251),
      ),
    );
    packed[packed.length - 6]! ^= 1; // in the checksum
    expect(await codeOf(() => readIdx(packed, 'flipped'))).toBe('bad-gzip');
  });
});
