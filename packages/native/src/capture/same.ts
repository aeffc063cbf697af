import {sameShape} from '@regularizers/core';
import type {RecordedConstant, RecordedOp, Recording} from './recorder.ts';

/** A recording with its ends. */
export interface Recorded {
  readonly recording: Recording;
  /** Numbers of the tensors that it is fed. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/**
 * Two recordings are the same graph: the same ops with the same attributes on the same inputs, with equal constants.
 * Then one of them does for both.
 */
export function isSame(a: Recorded, b: Recorded): boolean {
  const twins = new Map<number, number>();
  const pair = (from: readonly number[], to: readonly number[]): boolean => {
    if (from.length !== to.length) return false;
    for (const [i, id] of from.entries()) twins.set(id, to[i]!);
    return true;
  };
  const isTwin = (from: number, to: number): boolean => {
    const known = twins.get(from);
    if (known !== undefined) return known === to;
    const [left, right] = [a.recording.constants.get(from), b.recording.constants.get(to)];
    if (!left || !right || !isEqual(left, right)) return false;
    twins.set(from, to);
    return true;
  };
  const areTwins = (from: readonly number[], to: readonly number[]): boolean =>
    from.length === to.length && from.every((id, i) => isTwin(id, to[i]!));
  const isSameOp = (one: RecordedOp, other: RecordedOp): boolean =>
    one.name === other.name &&
    JSON.stringify(one.attributes) === JSON.stringify(other.attributes) &&
    areTwins(one.inputs, other.inputs) &&
    pair(one.outputs, other.outputs);
  const isSameUpdate = ({update: one}: RecordedOp, {update: other}: RecordedOp): boolean => {
    if (!one || !other) return one === other;
    return (
      one.kind === other.kind &&
      JSON.stringify(one.constants) === JSON.stringify(other.constants) &&
      areTwins([...one.slots, one.gradient, one.rate], [...other.slots, other.gradient, other.rate]) &&
      areTwins(one.results, other.results)
    );
  };
  const [ops, others] = [a.recording.ops, b.recording.ops];
  return (
    pair(a.inputs, b.inputs) &&
    ops.length === others.length &&
    ops.every((op, i) => isSameOp(op, others[i]!)) &&
    ops.every((op, i) => isSameUpdate(op, others[i]!)) &&
    areTwins(a.outputs, b.outputs)
  );
}

/** Two constants hold the same values. */
export function isEqual(a: RecordedConstant, b: RecordedConstant): boolean {
  if (a.dtype !== b.dtype || !sameShape(a.shape, b.shape)) return false;
  return a.values.every((value, i) => Object.is(value, b.values[i]));
}
