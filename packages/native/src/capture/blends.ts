import type {RecordedOp, Recording} from './recorder.ts';

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
  {ops, shapes}: Recording,
  state: readonly number[],
  next: readonly number[],
): ReadonlyMap<number, Blend> {
  const producers = new Map<number, RecordedOp>();
  const uses = new Map<number, number>();
  for (const op of ops) {
    for (const id of op.outputs) producers.set(id, op);
    for (const id of op.inputs) uses.set(id, (uses.get(id) ?? 0) + 1);
  }
  const made = (id: number | undefined, name: string): readonly number[] => {
    const op = id === undefined ? undefined : producers.get(id);
    return op?.name === name ? op.inputs : [];
  };
  const found = new Map<number, Blend>();
  for (const [i, id] of next.entries()) {
    const old = state[i];
    const [first, moved] = made(id, 'Add');
    const [difference, rate] = made(moved, 'Mul');
    const [, subtracted] = made(difference, 'Sub');
    if (old === undefined || difference === undefined || rate === undefined) continue;
    const isBlend = first === old && subtracted === old && shapes.get(rate)?.length === 0;
    const isUsedElsewhere = (uses.get(id) ?? 0) > 0 || next.indexOf(id) !== next.lastIndexOf(id);
    const isWhole = shapes.get(difference)?.join() === shapes.get(old)?.join();
    if (isBlend && isWhole && !isUsedElsewhere) found.set(i, {difference, rate});
  }
  return found;
}
