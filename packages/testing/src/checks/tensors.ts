import {differenceIn} from '../close.ts';
import {recordingOf, type TensorCount} from '../recording.ts';
import type {RegularizerSpec} from '../spec.ts';
import {fail} from './fail.ts';

/**
 * Checks that a step leaves as many tensors as the one before, and that with the trainer, the model and the data
 * disposed of, there are none left. Steps are not compared where the plugin asks for evaluations within epochs,
 * after which it may mark a state.
 *
 * @throws Error that says how many tensors are left, and where
 */
export async function checkTensors(spec: RegularizerSpec): Promise<void> {
  // What backends and tfjs keep from their first use of a model does not count.
  await recordingOf(spec, 'first');
  const {counts, leftover, evaluatesWithin} = await recordingOf(spec, 'second');
  if (leftover !== 0) fail('tensors are left once everything is disposed of', `${leftover}`);
  if (evaluatesWithin) return;
  for (const [last, next] of pairs(counts)) {
    const growth = next.tensors - last.tensors;
    if (growth === 0) continue;
    fail(
      'tensors are left after a step',
      `${growth}, member ${next.member}, epoch ${next.epoch}, step ${next.stepInEpoch}`,
    );
  }
}

/** Steps of one epoch that follow each other. The first one's count still has what an epoch's end shares. */
function pairs(counts: readonly TensorCount[]): readonly (readonly [TensorCount, TensorCount])[] {
  return counts.flatMap((next, i) => {
    const last = counts[i - 1];
    const isNext = last && last.stepInEpoch > 1 && next.stepInEpoch === last.stepInEpoch + 1;
    return isNext ? [[last, next] as const] : [];
  });
}

/**
 * Checks that training, validating and evaluating leave the examples as they are, to the last bit.
 *
 * @throws Error that says which tensor has changed, and where
 */
export async function checkInputs(spec: RegularizerSpec): Promise<void> {
  const {exposed} = await recordingOf(spec, 'first');
  for (const {name, before, after} of exposed) {
    const difference = differenceIn({values: after, shape: undefined}, {values: before, shape: undefined});
    if (difference) fail(`training changes the data ${name}`, difference);
  }
}
