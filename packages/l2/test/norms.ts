// Norms of units in plain JavaScript and float64, by counting indices: no code shared with the package.

/** For each element of a tensor in row-major order, which unit it belongs to: its position on the other axes. */
export function unitOf(shape: readonly number[], axes: readonly number[]): readonly string[] {
  const size = shape.reduce((product, n) => product * n, 1);
  return Array.from({length: size}, (_, element) => {
    const position: number[] = [];
    let rest = element;
    for (const n of [...shape].reverse()) {
      position.unshift(rest % n);
      rest = Math.floor(rest / n);
    }
    return position.filter((_, axis) => !axes.includes(axis)).join();
  });
}

/** Each element times the factor that its unit's norm asks for. */
export function scaleUnits(
  values: readonly number[],
  shape: readonly number[],
  axes: readonly number[],
  factor: (norm: number) => number,
): readonly number[] {
  const units = unitOf(shape, axes);
  const squares = new Map<string, number>();
  values.forEach((x, i) => {
    squares.set(units[i]!, (squares.get(units[i]!) ?? 0) + x * x);
  });
  return values.map((x, i) => x * factor(Math.sqrt(squares.get(units[i]!)!)));
}
