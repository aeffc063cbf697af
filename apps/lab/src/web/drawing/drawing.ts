import type {Point} from '../../data/draw.ts';
import type {SentError} from '../../sent-error.ts';

/** A line that was drawn without lifting the pen, in shares of the pad's sides from the top left. */
export type Stroke = readonly Point[];

/** What somebody draws. */
export interface Drawing {
  readonly strokes: readonly Stroke[];
  /** Where the pen is, which arrow keys move. */
  readonly pen: Point;
  /** The pen is on the paper: the last stroke goes on as it moves. */
  readonly isDown: boolean;
}

/** What a picture is made from. */
export type Given = {readonly strokes: readonly Stroke[]} | {readonly photo: Blob};

/** A drawing as a picture, and what it is taken for. */
export interface Drawn {
  readonly picture: Float32Array | undefined;
  /** The probability of each class, by the id of a run. */
  readonly answers: ReadonlyMap<string, Float32Array>;
  readonly error: SentError | undefined;
}

/** An empty pad, with the pen above its middle. */
export const emptyDrawing: Drawing = {strokes: [], pen: [0.5, 0.5], isDown: false};

/** What can be done to a drawing. */
export type Move =
  | {readonly does: 'down' | 'to'; readonly at: Point}
  | {readonly does: 'lift' | 'undo' | 'clear'};

/** The drawing after a move. */
export function drawn(drawing: Drawing, move: Move): Drawing {
  const {strokes, isDown} = drawing;
  switch (move.does) {
    case 'down': {
      const pen = onPad(move.at);
      return {strokes: [...strokes, [pen]], pen, isDown: true};
    }
    case 'to': {
      const pen = onPad(move.at);
      const last = strokes.at(-1);
      if (!isDown || !last) return {...drawing, pen};
      return {...drawing, strokes: strokes.with(-1, [...last, pen]), pen};
    }
    case 'lift':
      return {...drawing, isDown: false};
    case 'undo':
      return {...drawing, strokes: strokes.slice(0, -1), isDown: false};
    case 'clear':
      return emptyDrawing;
  }
}

const step = 1 / 32;
const arrows: Readonly<Record<string, Point>> = {
  ArrowLeft: [-step, 0],
  ArrowRight: [step, 0],
  ArrowUp: [0, -step],
  ArrowDown: [0, step],
};

/**
 * What a key does to a drawing, undefined for keys that mean nothing here.
 *
 * @param isFar arrows go four times as far
 */
export function moveOf(key: string, {pen, isDown}: Drawing, isFar: boolean): Move | undefined {
  const arrow = arrows[key];
  if (arrow) {
    const far = isFar ? 4 : 1;
    return {does: 'to', at: [pen[0] + far * arrow[0], pen[1] + far * arrow[1]]};
  }
  if (key === ' ' || key === 'Enter') return isDown ? {does: 'lift'} : {does: 'down', at: pen};
  if (key === 'Backspace') return {does: 'undo'};
  if (key === 'Delete') return {does: 'clear'};
  return undefined;
}

const inside = (value: number): number => Math.min(1, Math.max(0, value));
const onPad = ([x, y]: Point): Point => [inside(x), inside(y)];
