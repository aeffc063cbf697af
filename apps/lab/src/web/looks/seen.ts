import type {EpochReport} from '@regularizers/core';
import {byMember} from '../../histories.ts';
import type {AddedLook, Look} from '../../looks/look.ts';
import type {Recipe} from '../../recipe.ts';
import {labelOf} from '../draft.ts';
import {baselineAmong} from '../runs/baseline.ts';
import {rowsOf} from '../runs/rows.ts';
import type {EndedRun} from '../runs/run.ts';
import type {PageState} from '../state.ts';

/** One side of the panel: what a model sees, and which one it is. */
export interface Seen {
  /** The run's. */
  readonly id: string;
  readonly title: string;
  readonly recipe: Recipe;
  readonly look: Look;
  /** What penalties add to its loss, where there are any. */
  readonly added: AddedLook | undefined;
}

/** The baseline and the latest run, of those that have something to show; one where they are the same. */
export function seenIn({
  runs,
  running,
  pinned,
}: Pick<PageState, 'runs' | 'running' | 'pinned'>): readonly Seen[] {
  const rows = rowsOf(runs);
  const baseline = baselineAmong(rows, pinned);
  const base = baseline?.runs.find(({look}) => look);
  const newest = rows.flatMap((row) => row.runs.toReversed().filter(({look}) => look))[0];
  const added = running && addedIn(running.history);
  const latest: Seen | undefined =
    running && (running.look || added)
      ? {
          id: running.id,
          title: `${labelOf(running.recipe)}, training`,
          recipe: running.recipe,
          look: running.look ?? {},
          added,
        }
      : newest && seenOf(newest, '');
  if (!latest) return [];
  const isOther = base && base.id !== latest.id && base.recipe.data.name === latest.recipe.data.name;
  return isOther ? [seenOf(base, ', the baseline'), latest] : [latest];
}

const seenOf = ({id, recipe, look, history}: EndedRun, suffix: string): Seen => ({
  id,
  title: `${labelOf(recipe)}${suffix}`,
  recipe,
  look: look ?? {},
  added: addedIn(history),
});

/** What each penalty adds to the loss by epoch; of several members the first one's. */
export function addedIn(history: readonly EpochReport[]): AddedLook | undefined {
  const [rows = []] = byMember(history);
  const [first] = rows;
  if (!first || rows.every(({train}) => train.penalty === 0)) return undefined;
  const own = Object.keys(first.train).filter((name) => name.endsWith('/penalty'));
  const keys = own.length > 0 ? own : ['penalty'];
  return {
    epochs: rows.map(({epoch}) => epoch),
    loss: rows.map(({train}) => train.loss),
    penalties: keys.map((key) => ({
      name: key.replace(/\/penalty$/, ''),
      values: rows.map(({train}) => train[key] ?? 0),
    })),
  };
}
