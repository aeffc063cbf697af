import type {EndedRun, RunningRun} from '../state.ts';

/**
 * How many epochs the axis of the curves is long: as many as any of the runs has trained; one that still trains gets
 * room ahead, which grows in a few large steps.
 *
 * @param asked how many the form asks for, where no run is drawn
 */
export function epochsShown(runs: readonly (RunningRun | EndedRun)[], asked: unknown): number {
  if (runs.length === 0) return Number(asked) >= 1 ? Number(asked) : 30;
  return Math.max(1, ...runs.map(epochsOf));
}

function epochsOf(run: RunningRun | EndedRun): number {
  const trained = run.history.reduce((most, {epoch}) => Math.max(most, epoch), 0);
  return 'phase' in run ? Math.min(run.recipe.epochs, roundedUp(trained + 1)) : trained;
}

/** The smallest 1, 2 or 5 times a power of ten that is not below a number; 10 at the least. */
function roundedUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(10, value)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= value) ?? value;
}

/**
 * The room that an axis needs beside the chart, in pixels.
 *
 * @param measure the width of a text
 */
export function roomFor(ticks: readonly string[] | null, measure: (text: string) => number): number {
  return 14 + Math.ceil(Math.max(20, ...(ticks ?? []).map(measure)));
}
