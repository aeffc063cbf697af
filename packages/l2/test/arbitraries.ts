import fc from 'fast-check';

/** Float32 numbers in [−size, size], with neither −0 nor numbers so small that a GPU makes zero of them. */
export function numbers(size: number): fc.Arbitrary<number> {
  return fc.integer({min: -1000, max: 1000}).map((n) => Math.fround((n * size) / 1000 + 0));
}
