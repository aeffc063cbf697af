/** Mean and variance in float64. */
export function moments(values: ArrayLike<number>): {mean: number; variance: number} {
  const mean = sum(values, (x) => x) / values.length;
  return {mean, variance: sum(values, (x) => (x - mean) ** 2) / values.length};
}

function sum(values: ArrayLike<number>, of: (x: number) => number): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += of(values[i]!);
  return total;
}
