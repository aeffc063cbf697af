import type {Recording} from './recorder.ts';
import {View} from './simplify/view.ts';

/** A leaf of the state that moves toward a value: old + (value − old) · rate. */
export interface Blend {
  /** value − old. */
  readonly difference: number;
  /** 0-D. */
  readonly rate: number;
}

/**
 * The leaves, by their place, that a step blends and uses for nothing else: a moving average of weights. They can be
 * moved where they are, in one pass instead of two and no new tensor.
 *
 * @param state - the old leaves
 * @param next - the new leaves
 */
export function blendsOf(
  recording: Recording,
  state: readonly number[],
  next: readonly number[],
): ReadonlyMap<number, Blend> {
  const view = View.of(recording);
  const inputsOf = (id: number | undefined, name: string): readonly number[] =>
    view.made(id, name)?.inputs ?? [];
  // What an optimizer may move in place has no longer its old value when the blend's turn comes.
  const moved = new Set(recording.ops.flatMap(({update}) => update?.slots ?? []));
  const found = new Map<number, Blend>();
  for (const [i, id] of next.entries()) {
    const old = state[i];
    const [first, change] = inputsOf(id, 'Add');
    const [difference, rate] = inputsOf(change, 'Mul');
    const [, subtracted] = inputsOf(difference, 'Sub');
    if (old === undefined || moved.has(old) || difference === undefined || rate === undefined) continue;
    const isBlend = first === old && subtracted === old && view.shape(rate)?.length === 0;
    const isUsedElsewhere = view.users(id).length > 0 || next.indexOf(id) !== next.lastIndexOf(id);
    const isWhole = view.haveSameShape(difference, old);
    if (isBlend && isWhole && !isUsedElsewhere) found.set(i, {difference, rate});
  }
  return found;
}
