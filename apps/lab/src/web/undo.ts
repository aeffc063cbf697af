import type {Draft} from './draft.ts';
import type {EndedRun} from './runs/run.ts';

/** Something that can be undone: the form as it was, or runs that were removed. */
export interface Step {
  /** In words, behind "Undo": `the change of Rate`. */
  readonly what: string;
  readonly draft?: Draft;
  readonly removed?: readonly EndedRun[];
}

/** How many steps back there are. */
const most = 100;

/** The steps with one more. */
export const remembering = (past: readonly Step[], step: Step): readonly Step[] =>
  [...past, step].slice(-most);

/** What a step took away or changed is as it was before. */
export interface Undone {
  readonly past: readonly Step[];
  readonly runs: readonly EndedRun[];
  /** The form as it is to be, which whoever takes it checks. */
  readonly draft: Draft | undefined;
}

/** The last step taken back; nothing changes where there is none. */
export function undone({past, runs}: Omit<Undone, 'draft'>): Undone {
  const step = past.at(-1);
  const {draft, removed = []} = step ?? {};
  const all = removed.length === 0 ? runs : [...runs, ...removed].toSorted((a, b) => b.endedAt - a.endedAt);
  return {past: past.slice(0, -1), runs: all, draft};
}
