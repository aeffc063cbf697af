import {advance, deriveKey, hostUniform} from '@regularizers/random';

const block = 64;

/**
 * Random numbers in [0, 1) in a row, of a seed and a path that names what they are for: the same in every process.
 *
 * @param seed any finite number
 */
export function randomStream(seed: number, ...path: readonly (string | number)[]): () => number {
  const key = deriveKey(seed, 'search', ...path);
  let values: ArrayLike<number> = [];
  let next = 0;
  let blocks = 0;
  return () => {
    if (next === values.length) {
      values = hostUniform(block, advance(key, blocks));
      blocks += 1;
      next = 0;
    }
    const value = values[next]!;
    next += 1;
    return value;
  };
}
