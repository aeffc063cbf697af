import {advance, deriveKey, hostBits, keyTensor} from '@regularizers/random';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';

describe('deriveKey', () => {
  test('gives int32 pairs, the same ones for the same path', () => {
    fc.assert(
      fc.property(fc.double({noNaN: true, noDefaultInfinity: true}), fc.array(fc.string()), (seed, path) => {
        const [a, b] = deriveKey(seed, ...path);
        expect([a | 0, b | 0]).toEqual([a, b]);
        expect(deriveKey(seed, ...path)).toEqual([a, b]);
      }),
      {seed: 4},
    );
  });

  // So that a change of the hash, which would change every run, doesn't go unseen.
  test('stays what it is', () => {
    expect(deriveKey(0)).toEqual([-1647428133, 137839551]);
    expect(deriveKey(7, 0, 'dropout', 'mask')).toEqual([-1254102289, 1381209596]);
  });

  test('sets paths apart', () => {
    const paths: (string | number)[][] = [
      [],
      [''],
      ['', ''],
      [0],
      [1],
      [-1],
      [0.5],
      ['0'],
      ['1'],
      ['a', 'bc'],
      ['ab', 'c'],
      ['abc'],
      ['a', 'b', 'c'],
      ['abc\0'],
      ['abcd'],
      ['dcba'],
      ['é'],
      ['e\u0301'],
      [1, 'a'],
      ['a', 1],
      [1, 1],
      [11],
    ];
    const keys = [0, 1, -1, 2 ** 40, 0.1].flatMap((seed) =>
      paths.map((path) => deriveKey(seed, ...path).join()),
    );
    expect(new Set(keys).size).toBe(keys.length);
    expect(deriveKey(-0, 'a')).toEqual(deriveKey(0, 'a'));
  });

  test('doesn’t collide among 100,000 paths, nor in one half of the key more than chance has it', () => {
    const halves = [new Set<number>(), new Set<number>()] as const;
    const whole = new Set<string>();
    for (let seed = 0; seed < 10; seed++) {
      for (let member = 0; member < 100; member++) {
        for (let layer = 0; layer < 100; layer++) {
          const [a, b] = deriveKey(seed, member, `dense_${layer}`);
          halves[0].add(a);
          halves[1].add(b);
          whole.add(`${a},${b}`);
        }
      }
    }
    expect(whole.size).toBe(100_000);
    // 100,000²/2³³ = 1.2 pairs are expected to share a half; 8 or more have a probability below 1e-4.
    for (const half of halves) expect(half.size).toBeGreaterThan(100_000 - 8);
  });

  test('changes half of its bits with any change of the path', () => {
    let flipped = 0;
    for (let i = 0; i < 1000; i++) {
      const [a, b] = deriveKey(i, 'plugin', i);
      const [c, d] = deriveKey(i, 'plugin', i + 1);
      flipped += ones(a ^ c) + ones(b ^ d);
    }
    expect(Math.abs(flipped / 1000 - 32)).toBeLessThan(4 * Math.sqrt(16 / 1000)); // 64 fair coins, variance 16
  });

  test('refuses numbers that aren’t', () => {
    expect(() => deriveKey(Number.NaN)).toThrow(
      new TypeError('[random] a seed and the numbers of a path must be finite; received NaN'),
    );
    expect(() => deriveKey(1, Infinity)).toThrow('received Infinity');
  });
});

describe('advance', () => {
  test('adds to the second half, around the end of int32', () => {
    expect(advance([5, 6], 0)).toEqual([5, 6]);
    expect(advance([5, 6], 10)).toEqual([5, 16]);
    expect(advance([5, 2 ** 31 - 1], 1)).toEqual([5, -(2 ** 31)]);
    expect(advance(advance([5, 6], 7), -7)).toEqual([5, 6]);
  });

  test('gives streams that share nothing', () => {
    const key = deriveKey(1, 'stream');
    const words = [0, 1, 2, 3].flatMap((step) => Array.from(hostBits(1000, advance(key, step))));
    expect(new Set(words).size).toBeGreaterThan(3995); // 4000²/2³³ = 0.002 pairs are expected
  });
});

test('keyTensor keeps all 32 bits of both halves', () => {
  const key = keyTensor([-(2 ** 31), 2 ** 31 - 1]);
  expect([key.dtype, key.shape]).toEqual(['int32', [2]]);
  expect(Array.from(key.dataSync())).toEqual([-(2 ** 31), 2 ** 31 - 1]);
});

function ones(word: number): number {
  return (word >>> 0).toString(2).replaceAll('0', '').length;
}
