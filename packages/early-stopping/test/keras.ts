// What keras.callbacks.EarlyStopping of Keras 3.15.1 does with given values. Made in Python by calling
// on_train_begin, on_epoch_end(epoch, {'val_loss': value / 16}) until model.stop_training, and on_train_end, with
// restore_best_weights=True and a stand-in for the model whose weights are the epoch's number.

interface KerasCase {
  readonly patience: number;
  readonly minDelta?: number;
  readonly baseline?: number;
  readonly startFromEpoch?: number;
  readonly mode?: 'min' | 'max';
  /** In sixteenths, so that Keras's float32 is exact. */
  readonly values: readonly number[];
  /** Epochs counted from 1. */
  readonly stopped: number;
  readonly restored: number;
}

export const cases: readonly KerasCase[] = [
  {patience: 0, values: [17, 12, 16, 10], stopped: 3, restored: 2},
  {patience: 0, values: [15, 19, 15, 15], stopped: 2, restored: 1},
  {patience: 1, values: [16, 15, 16, 10, 9], stopped: 3, restored: 2},
  {patience: 1, values: [19, 17, 15, 15, 16], stopped: 4, restored: 3},
  {patience: 3, values: [19, 18, 13, 16, 14, 9, 12, 11, 9, 9], stopped: 9, restored: 6},
  {patience: 3, values: [17, 18, 11, 15, 10, 13, 12, 10, 10], stopped: 8, restored: 5},
  {patience: 2, minDelta: 0.25, values: [15, 11, 11, 10], stopped: 3, restored: 1},
  {patience: 2, minDelta: 0.25, values: [19, 14, 15, 16, 16], stopped: 4, restored: 2},
  {patience: 2, baseline: 0.5, values: [12, 12, 17, 16], stopped: 2, restored: 1},
  {patience: 2, baseline: 0.5, values: [20, 13, 16, 13], stopped: 3, restored: 2},
  {patience: 3, startFromEpoch: 4, values: [15, 12, 12, 12, 8, 15, 11, 13, 7], stopped: 8, restored: 5},
  {
    patience: 3,
    startFromEpoch: 4,
    values: [17, 12, 11, 12, 8, 14, 11, 5, 9, 9, 8, 3],
    stopped: 11,
    restored: 8,
  },
  {patience: 2, mode: 'max', values: [0, 3, 6, 0, 5, 6, 8], stopped: 5, restored: 3},
  {patience: 2, mode: 'max', values: [0, 1, 2, 0, 1, 4], stopped: 5, restored: 3},
  {
    patience: 4,
    minDelta: 0.125,
    baseline: 0.6,
    startFromEpoch: 2,
    mode: 'max',
    values: [0, 0, 6, 4, 5, 3, 6],
    stopped: 6,
    restored: 3,
  },
  {
    patience: 4,
    minDelta: 0.125,
    baseline: 0.6,
    startFromEpoch: 2,
    mode: 'max',
    values: [3, 1, 3, 1, 7, 6, 9],
    stopped: 6,
    restored: 5,
  },
];

export interface KerasOptions {
  readonly patience: number;
  readonly minDelta: number;
  readonly baseline: number | null;
  readonly startFromEpoch: number;
  readonly mode: 'min' | 'max';
}

/** The callback's logic in float64, epochs counted from 0 as there, written from its documentation and source. */
export function kerasEarlyStopping(
  values: readonly number[],
  {patience, minDelta, baseline, startFromEpoch, mode}: KerasOptions,
): {stopped: number | undefined; restored: number | undefined} {
  const signedDelta = mode === 'min' ? -minDelta : minDelta;
  const isImprovement = (current: number, reference: number | null): boolean =>
    reference === null ||
    (mode === 'min' ? current - signedDelta < reference : current - signedDelta > reference);
  let [best, wait, bestEpoch]: [number | null, number, number | undefined] = [null, 0, undefined];
  for (let epoch = 0; epoch < values.length; epoch++) {
    const current = values[epoch]!;
    if (epoch < startFromEpoch) continue;
    bestEpoch ??= epoch;
    wait += 1;
    if (isImprovement(current, best)) {
      best = current;
      bestEpoch = epoch;
      if (baseline === null || isImprovement(current, baseline)) wait = 0;
      continue;
    }
    if (wait >= patience && epoch > 0) return {stopped: epoch, restored: bestEpoch};
  }
  return {stopped: undefined, restored: bestEpoch};
}
