import {
  type Checkpoint,
  decodeCheckpoint,
  defineRegularizer,
  encodeCheckpoint,
  type FitOptions,
  type Regularizer,
} from '@regularizers/core';
import type {Fixture} from '../fixtures.ts';
import {checkpointDifference} from '../flatten-checkpoint.ts';
import {type Run, withRun} from '../run.ts';
import type {RegularizerSpec} from '../spec.ts';
import {fail} from './fail.ts';

/** Who else is in the list of {@link checkStops}. */
export interface StopsOptions {
  /** @defaultValue one that leaves the model with the first epoch's weights, unless the plugin itself chooses them */
  readonly beside?: (fixture: Fixture) => readonly Regularizer[];
}

/**
 * Checks that a run that is stopped by its signal after every step and at the end of every epoch, of every member,
 * each time saved, encoded, restored into a new trainer with a new model and gone on with, ends as one that was never
 * stopped, to the last bit: history, weights, the whole state, and what the model is left with.
 *
 * @throws Error that says where the runs differ
 */
export async function checkStops(
  spec: RegularizerSpec,
  {beside = keepFirst}: StopsOptions = {},
): Promise<void> {
  const plugins = (fixture: Fixture): readonly Regularizer[] => {
    const plugin = spec.create(fixture);
    const others = plugin.owns?.includes('restore') && beside === keepFirst ? [] : beside(fixture);
    return [plugin, ...others];
  };
  const endOf = ({trainer, fixture}: Run): Promise<End> =>
    trainer.save().then((checkpoint) => ({checkpoint, weights: weightsOf(fixture)}));
  const whole = await withRun(spec, {plugins}, async (run) => {
    await run.train();
    return endOf(run);
  });
  let broken: End | undefined;
  let stops = 0;
  for (let isStopped = true; isStopped; ) {
    const last = broken?.checkpoint;
    broken = await withRun(spec, {plugins}, async (run) => {
      if (last) await run.trainer.restore(decodeCheckpoint(encodeCheckpoint(last)));
      isStopped = await stopAtOnce(run);
      return endOf(run);
    });
    if (isStopped) stops += 1;
  }
  if (stops === 0 || !broken)
    return fail('the plugin left nothing to stop', 'training ended before its first step');
  const difference = checkpointDifference(broken.checkpoint, whole.checkpoint);
  if (difference) fail(`a run that was stopped ${stops} times ends otherwise`, difference);
  const wrong = whole.weights.findIndex((value, i) => !Object.is(value, broken.weights[i]));
  if (wrong < 0) return;
  fail(
    `a run that was stopped ${stops} times leaves other weights in the model`,
    `number ${wrong} is ${broken.weights[wrong]}, expected ${whole.weights[wrong]}`,
  );
}

/** How a run ended: what training would go on from, and what is in the model. */
interface End {
  readonly checkpoint: Checkpoint;
  readonly weights: readonly number[];
}

/** Goes on to the next step or end of an epoch; resolves to whether the signal ended it. */
async function stopAtOnce({train}: Run): Promise<boolean> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const callbacks: FitOptions = {onStep: abort, onEpoch: abort};
  const {stopped} = await train({...callbacks, signal: controller.signal});
  return stopped?.by === 'signal';
}

function weightsOf({model}: Fixture): readonly number[] {
  return model.getWeights().flatMap((weight) => Array.from(weight.dataSync()));
}

/** Leaves the model with the first epoch's weights, so that they are others than those that training goes on from. */
function keepFirst(): readonly Regularizer[] {
  const plugin = defineRegularizer({
    name: 'keep-first',
    owns: ['restore'],
    evaluated: ({epoch, partial}) => ({mark: epoch === 1 && !partial}),
    finish: ({marked}) => ({restore: marked}),
  });
  return [plugin];
}
