import {deriveKey, hostUniform} from '@regularizers/random';

/**
 * Pairs out of so many things, each with itself among them: all, or a sample in which each has its turn as early as it
 * can, and then again. Of 15 things and more, each of up to four shares of them has each too.
 *
 * @param count how many things
 * @param most how many pairs at the most
 * @param seed says which
 * @returns pairs of positions, the smaller one first
 */
export function coveringPairs(
  count: number,
  most: number,
  seed: number,
): readonly (readonly [number, number])[] {
  const draws = hostUniform(count, deriveKey(seed, 'pairs'));
  const ring = Array.from(draws.keys()).sort((a, b) => draws[a]! - draws[b]!);
  // Neighbours in the ring first, every second pair of them at first; then each with itself; then those further apart.
  const offsets = [1, 0, ...Array.from({length: Math.floor(count / 2)}, (_, index) => index + 2)];
  const found = new Map<string, readonly [number, number]>();
  for (const offset of offsets) {
    for (const parity of offset === 1 ? [0, 1] : [0]) {
      const step = offset === 1 ? 2 : 1;
      for (let place = parity; place < count; place += step) {
        if (found.size >= most) return [...found.values()];
        const [a, b] = [ring[place]!, ring[(place + offset) % count]!];
        const pair = [Math.min(a, b), Math.max(a, b)] as const;
        found.set(pair.join(), pair);
      }
    }
  }
  return [...found.values()];
}
