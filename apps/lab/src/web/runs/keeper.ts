import {sendError} from '../../sent-error.ts';
import type {PageState, Store} from '../state.ts';
import {type Kept, keptRuns} from './kept.ts';

/** Keeps the store's runs, and what was chosen, over a reload: loads them at first, then hands over what changes at once, so that whoever leaves the page takes nothing back with it. */
export interface Keeper {
  /** To be called after every change of the store. */
  follow(): void;
  /** Resolves when all is written. */
  settled(): Promise<void>;
}

/** @param isWanted whether a kept run can still be shown: a recipe may name what is no longer there */
export function createKeeper(store: Store, isWanted: (run: Kept['runs'][number]) => boolean): Keeper {
  const kept = keptRuns();
  let written: Kept | undefined;
  let work: Promise<void> = kept.load().then(
    ({runs, pinned, backendChoice}) => {
      const wanted = runs.filter(isWanted);
      written = {runs: wanted, pinned, backendChoice};
      const now = store.get();
      store.set({
        runs: [...now.runs, ...wanted],
        pinned: now.pinned ?? pinned,
        backendChoice: now.backendChoice ?? backendChoice,
      });
    },
    (error) => giveUp(error),
  );

  /** The page works without, and says so once. */
  function giveUp(error: unknown): void {
    written = undefined;
    store.set({notKept: sendError(error).message});
  }

  /** The database does one after the other. */
  async function write(): Promise<void> {
    if (!written) return;
    const {runs, pinned, backendChoice}: PageState = store.get();
    const [before, now] = [written, {runs, pinned, backendChoice}];
    if (isSame(now, before)) return;
    written = now;
    try {
      await kept.save(before, now);
    } catch (error) {
      giveUp(error);
    }
  }

  return {
    follow() {
      const writing = write();
      work = work.then(() => writing);
    },
    settled: () => work,
  };
}

const isSame = (one: Kept, other: Kept): boolean =>
  one.runs === other.runs && one.pinned === other.pinned && one.backendChoice === other.backendChoice;
