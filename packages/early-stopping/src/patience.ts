import {computed} from '@regularizers/core';
import type {Direction} from './monitor.ts';

/** What counts as an improvement, and how long to wait for one. */
export interface PatienceOptions {
  readonly direction: Direction;
  /** Improvements must be larger than this, in [0, ∞). */
  readonly minDelta: number;
  /** A value that must be improved on too before the wait starts anew. */
  readonly baseline: number | undefined;
  /** Values without improvement, in a row, to stop at. */
  readonly patience: number;
}

/** The best value so far, and the values since. */
export interface Standing {
  readonly best: number | null;
  readonly wait: number;
}

/** What a new value comes to. */
export interface Verdict extends Standing {
  /** The value is a new best. */
  readonly improved: boolean;
  /** It is not, and the wait is over. */
  readonly exhausted: boolean;
}

/**
 * True where a value is better than another by more than minDelta; anything finite is better than nothing,
 * and what is not finite is better than nothing at all.
 */
export function isBetter(
  value: number,
  than: number | null,
  options: Pick<PatienceOptions, 'direction' | 'minDelta'>,
): boolean {
  return computed('isBetter', {value, than, options}, () => {
    const {direction, minDelta} = options;
    if (!Number.isFinite(value)) return false;
    if (than === null) return true;
    return direction === 'min' ? value + minDelta < than : value - minDelta > than;
  });
}

/**
 * Early stopping's bookkeeping, one value at a time, as Keras does it: a new best restarts the wait if it is
 * better than the baseline too, and training stops at a value that is no new best with wait ≥ patience.
 *
 * @param standing the best value so far and the wait; `{best: null, wait: 0}` at first
 * @param value the next monitored value
 *
 * @example
 * ```ts
 * const options = {direction: 'min', minDelta: 0, baseline: undefined, patience: 2} as const;
 * let verdict = nextStanding({best: null, wait: 0}, 0.5, options); // {best: 0.5, wait: 0, improved: true, …}
 * verdict = nextStanding(verdict, 0.6, options); // {best: 0.5, wait: 1, exhausted: false, …}
 * verdict = nextStanding(verdict, 0.5, options); // {best: 0.5, wait: 2, exhausted: true, …}
 * ```
 */
export function nextStanding(standing: Standing, value: number, options: PatienceOptions): Verdict {
  return computed('nextStanding', {standing, value, options}, () => {
    const {best, wait} = standing;
    const {baseline = null, patience} = options;
    if (!isBetter(value, best, options)) {
      return {best, wait: wait + 1, improved: false, exhausted: wait + 1 >= patience};
    }
    const restarts = isBetter(value, baseline, options);
    return {best: value, wait: restarts ? 0 : wait + 1, improved: true, exhausted: false};
  });
}
