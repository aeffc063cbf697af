import {sendError} from '../../sent-error.ts';
import type {PageState, Store} from '../state.ts';
import {type Kept, loadKept, saveKept} from './kept.ts';

/** Keeps the store's runs over a reload: loads them at first, then writes what changes, one write after the other. */
export interface Keeper {
  /** To be called after every change of the store. */
  follow(): void;
  /** Resolves when all is written. */
  settled(): Promise<void>;
}

/** @param isWanted whether a kept run can still be shown: a recipe may name what is no longer there */
export function createKeeper(store: Store, isWanted: (run: Kept['runs'][number]) => boolean): Keeper {
  let written: Kept | undefined;
  let work: Promise<void> = loadKept().then(
    ({runs, pinned}) => {
      const wanted = runs.filter(isWanted);
      written = {runs: wanted, pinned};
      const {runs: made} = store.get();
      store.set({runs: [...made, ...wanted], pinned: store.get().pinned ?? pinned});
    },
    (error) => giveUp(error),
  );

  /** The page works without, and says so once. */
  function giveUp(error: unknown): void {
    written = undefined;
    store.set({notKept: sendError(error).message});
  }

  async function write(): Promise<void> {
    if (!written) return;
    const {runs, pinned}: Pick<PageState, 'runs' | 'pinned'> = store.get();
    if (runs === written.runs && pinned === written.pinned) return;
    const now = {runs, pinned};
    try {
      await saveKept(written, now);
      written = now;
    } catch (error) {
      giveUp(error);
    }
  }

  return {
    follow() {
      work = work.then(write);
    },
    settled: () => work,
  };
}
