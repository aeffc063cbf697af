import {looking} from './given.ts';

type Shape = readonly (number | null)[];

/** Whether two shapes have the same lengths; null stands for any length, and equals only itself. */
export function sameShape(a: Shape, b: Shape): boolean {
  return looking(
    'sameShape',
    'a shape',
    () => a.length === b.length && a.every((length, axis) => length === b[axis]),
  );
}

/** A shape as messages show it: `[2, 3]`, with a word for any length. */
export function showShape(shape: Shape, any: string = 'null'): string {
  return looking('showShape', 'the shape', () => `[${shape.map((length) => length ?? any).join(', ')}]`);
}
