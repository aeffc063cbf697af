import * as tf from '@tensorflow/tfjs-core';
import type {Tensors} from '../info.ts';
import {RegularizerError} from '../lib/errors.ts';
import type {MemberRun} from '../member/member-run.ts';

/** Whether a report's loss and penalty are numbers. */
export function isFiniteReport(report: ArrayLike<number>): boolean {
  return Number.isFinite(report[0]) && Number.isFinite(report[1]);
}

/**
 * Says which part of a member's training is not finite. Where it is the weights, the update before was the bad
 * one, and the member goes back to the last state that was finite.
 */
export async function spoiled(
  member: MemberRun,
  report: ArrayLike<number>,
  where: string,
): Promise<RegularizerError> {
  const bad = await notFiniteNames(member.state.weights);
  const isStart = member.position.step === 0;
  const names = bad.join(', ');
  if (bad.length > 0) member.rollBack();
  const what =
    bad.length === 0
      ? Number.isFinite(report[0])
        ? `the penalty is ${report[1]}`
        : `the data loss is ${report[0]}`
      : isStart
        ? `${names} of the model is not finite to begin with`
        : `the gradient made ${names} not finite in an update before`;
  return new RegularizerError({
    where: 'trainer',
    code: 'not-finite',
    message: `training stopped ${where}: ${what}`,
    hint: 'A lower learning rate or clipped gradients help; inputs that are not finite or not scaled are the other usual cause.',
  });
}

/** The names of the weights that hold something else than finite numbers, with one read-back. */
export async function notFiniteNames(weights: Tensors): Promise<string[]> {
  const names = Object.keys(weights);
  const finite = tf.tidy(() =>
    tf.stack(Object.values(weights).map((weight) => tf.all(tf.isFinite(tf.cast(weight, 'float32'))))),
  );
  const values = await finite.data();
  finite.dispose();
  return names.filter((_, i) => !values[i]);
}
