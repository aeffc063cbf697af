import type {Progress} from '@regularizers/core';
import type {RunningRun} from './runs/run.ts';

/** How much of a run is done, in [0, 1]; undefined while nobody knows how long an epoch is. */
export function shareDone(progress: Progress | undefined): number | undefined {
  if (progress?.stepsPerEpoch === undefined) return undefined;
  const {member, members, epoch, epochs, stepInEpoch, stepsPerEpoch} = progress;
  const epochsDone = epoch - 1 + stepInEpoch / stepsPerEpoch;
  return Math.min(1, (member + epochsDone / epochs) / members);
}

/** Where a run is and how long it may take, in a line. */
export function progressText(run: RunningRun, now: number): string {
  const {phase, progress, stopping, place} = run;
  if (stopping) return 'Stopping after this step …';
  if (phase === 'preparing') return 'Preparing data and backend …';
  if (phase === 'measuring') return 'Measuring which backend is the fastest for this model …';
  if (phase === 'warming up' || !progress) return 'Warming up: compiling the programs of the first step …';
  const {member, members, epoch, epochs, stepInEpoch, stepsPerEpoch} = progress;
  const done = shareDone(progress);
  if (done === 1) return 'Evaluating on all examples …';
  const parts = [
    ...(place.of > 1 ? [`run ${place.index} of ${place.of}`] : []),
    ...(members > 1 ? [`model ${member + 1} of ${members}`] : []),
    `epoch ${epoch} of ${epochs}`,
    `step ${stepInEpoch}${stepsPerEpoch === undefined ? '' : ` of ${stepsPerEpoch}`}`,
    ...timeLeft(run, done, now),
  ];
  const line = parts.join(' · ');
  return line.charAt(0).toUpperCase() + line.slice(1);
}

/** In proportion to the time since the first step, which leaves the warm-up out. */
function timeLeft(
  {trainingSince, progressAt}: RunningRun,
  done: number | undefined,
  now: number,
): readonly string[] {
  if (!done || trainingSince === undefined || progressAt === undefined) return [];
  const taken = progressAt - trainingSince;
  if (taken < 1000) return [];
  const left = (taken * (1 - done)) / done - (now - progressAt);
  return [left < 1000 ? 'less than a second left' : `about ${duration(left / 1000)} left`];
}

/** `8 s`, `4 min 05 s`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 100) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}
