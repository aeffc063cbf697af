import {colours} from '../../looks/paper.ts';
import type {EndedRun} from '../runs/run.ts';
import {keyOf, rowsOf} from './rows.ts';

/**
 * The same runs with a row's curves shown or not. No two rows that are shown have one colour: where all are taken, the
 * oldest other row gives its own away.
 *
 * @param key of the row
 * @param spared a row that stays shown: the baseline
 */
export function withShown(
  runs: readonly EndedRun[],
  key: string,
  shown: boolean,
  spared?: string,
): readonly EndedRun[] {
  const rows = rowsOf(runs);
  const row = rows.find((one) => one.key === key);
  if (!row) return runs;
  if (!shown) return looking(runs, key, {shown});
  const others = rows.filter((one) => one.shown && one.key !== key);
  const gives =
    others.length < colours ? undefined : (others.findLast((one) => one.key !== spared) ?? others.at(-1));
  const staying = others.filter((one) => one !== gives);
  const taken = new Set(staying.map(({colour}) => colour));
  const colour = taken.has(row.colour) ? freeColour(taken) : row.colour;
  const without = gives ? looking(runs, gives.key, {shown: false}) : runs;
  return looking(without, key, {shown, colour});
}

/** The first colour that none of the shown rows has. */
export function freeColourAmong(runs: readonly EndedRun[]): number {
  return freeColour(new Set(rowsOf(runs).flatMap(({shown, colour}) => (shown ? [colour] : []))));
}

function freeColour(taken: ReadonlySet<number>): number {
  const all = Array.from({length: colours}, (_, colour) => colour);
  return all.find((colour) => !taken.has(colour)) ?? 0;
}

const looking = (
  runs: readonly EndedRun[],
  key: string,
  look: Partial<Pick<EndedRun, 'shown' | 'colour'>>,
): readonly EndedRun[] => runs.map((run) => (keyOf(run) === key ? {...run, ...look} : run));
