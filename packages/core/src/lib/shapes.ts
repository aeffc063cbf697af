type Shape = readonly (number | null)[];

/**
 * Whether two shapes have the same lengths; null stands for any length, and equals only itself. What is no shape is like
 * nothing.
 */
export function sameShape(a: Shape, b: Shape): boolean {
  try {
    return a.length === b.length && a.every((length, axis) => length === b[axis]);
  } catch {
    return false;
  }
}

/** A shape as messages show it: `[2, 3]`, with a word for any length. Messages are also about what is none. */
export function showShape(shape: Shape, any: string = 'null'): string {
  try {
    return `[${shape.map((length) => length ?? any).join(', ')}]`;
  } catch {
    return 'no shape';
  }
}
