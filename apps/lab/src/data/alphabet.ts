import type {Point} from './draw.ts';

/** One stroke: its start, then pairs of (control, end); a straight piece has its control in the middle. */
export type Stroke = readonly Point[];

// Drawn on a 10 × 10 grid, y down. M starts a stroke, L goes straight, Q bends towards its first point.
const letters: Readonly<Record<string, string>> = {
  A: 'M1 10 L5 0 L9 10 M2.8 6.5 L7.2 6.5',
  B: 'M2 0 L2 10 M2 0 L5 0 Q8.5 0 8.5 2.4 Q8.5 4.8 5 4.8 L2 4.8 M5 4.8 Q9 4.8 9 7.4 Q9 10 5 10 L2 10',
  C: 'M9 2 Q7.5 0 5.5 0 Q1 0 1 5 Q1 10 5.5 10 Q7.5 10 9 8',
  D: 'M2 0 L2 10 L4.5 10 Q9 10 9 5 Q9 0 4.5 0 L2 0',
  E: 'M8.5 0 L2 0 L2 10 L8.5 10 M2 5 L7 5',
  F: 'M8.5 0 L2 0 L2 10 M2 5 L7 5',
  G: 'M9 2 Q7.5 0 5.5 0 Q1 0 1 5 Q1 10 5.5 10 Q9 10 9 6 L6 6',
  H: 'M1.5 0 L1.5 10 M8.5 0 L8.5 10 M1.5 5 L8.5 5',
  I: 'M5 0 L5 10 M3 0 L7 0 M3 10 L7 10',
  J: 'M7.5 0 L7.5 7 Q7.5 10 4.5 10 Q1.5 10 1.5 7',
  K: 'M2 0 L2 10 M8.5 0 L2 6 M4.2 4 L9 10',
  L: 'M2 0 L2 10 L8.5 10',
  M: 'M1 10 L1 0 L5 6 L9 0 L9 10',
  N: 'M1.5 10 L1.5 0 L8.5 10 L8.5 0',
  O: 'M5 0 Q1 0 1 5 Q1 10 5 10 Q9 10 9 5 Q9 0 5 0',
  P: 'M2 10 L2 0 L5 0 Q9 0 9 2.8 Q9 5.6 5 5.6 L2 5.6',
  Q: 'M5 0 Q1 0 1 5 Q1 10 5 10 Q9 10 9 5 Q9 0 5 0 M6 7 L9 10',
  R: 'M2 10 L2 0 L5 0 Q9 0 9 2.8 Q9 5.6 5 5.6 L2 5.6 M5 5.6 L9 10',
  S: 'M8.5 1.8 Q7.5 0 5 0 Q1.5 0 1.5 2.5 Q1.5 4.6 5 5 Q8.8 5.4 8.8 7.6 Q8.8 10 5 10 Q2 10 1.2 8',
  T: 'M1 0 L9 0 M5 0 L5 10',
  U: 'M1.5 0 L1.5 6.5 Q1.5 10 5 10 Q8.5 10 8.5 6.5 L8.5 0',
  V: 'M1 0 L5 10 L9 0',
  W: 'M0.5 0 L2.8 10 L5 3 L7.2 10 L9.5 0',
  X: 'M1.5 0 L8.5 10 M8.5 0 L1.5 10',
  Y: 'M1 0 L5 5 L9 0 M5 5 L5 10',
  Z: 'M1.5 0 L8.5 0 L1.5 10 L8.5 10',
};

/** The letters that glyphs are drawn from, in the alphabet's order. */
export const alphabet: readonly string[] = Object.keys(letters);

/** A letter's strokes, centred on the origin, with sides of 1. */
export function strokesOf(letter: string): readonly Stroke[] {
  const strokes: Point[][] = [];
  for (const [, command, numbers] of letters[letter]!.matchAll(/([MLQ])([\d. ]+)/g)) {
    const [x1, y1, x2, y2] = numbers!
      .trim()
      .split(' ')
      .map((text) => Number(text) / 10 - 0.5);
    const stroke = strokes.at(-1);
    if (command === 'M' || !stroke) strokes.push([[x1!, y1!]]);
    else if (command === 'Q') stroke.push([x1!, y1!], [x2!, y2!]);
    else {
      const [x0, y0] = stroke.at(-1)!;
      stroke.push([(x0 + x1!) / 2, (y0 + y1!) / 2], [x1!, y1!]);
    }
  }
  return strokes;
}
