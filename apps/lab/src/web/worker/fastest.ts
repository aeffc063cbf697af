import type {BackendName, Speed} from './protocol.ts';

/** A run that takes no longer than this is not worth looking for a faster backend. */
const soon = 1.5; // seconds

/**
 * The backend that takes the most steps in a second, of those that can train.
 *
 * @param names in the order in which they are tried; those behind one on which the run ends soon are not
 * @param measure steps in a second, or undefined where it can't train the model
 * @param steps of the whole run
 * @returns undefined where none can
 */
export async function fastestOf(
  names: readonly BackendName[],
  measure: (name: BackendName) => Promise<number | undefined>,
  steps: number,
): Promise<{readonly name: BackendName; readonly speeds: readonly Speed[]} | undefined> {
  const speeds: Speed[] = [];
  for (const name of names) {
    const stepsPerSecond = await measure(name);
    if (stepsPerSecond === undefined) continue;
    speeds.push({name, stepsPerSecond});
    if (steps / stepsPerSecond < soon) break;
  }
  const [best] = speeds.toSorted((a, b) => b.stepsPerSecond - a.stepsPerSecond);
  return best && {name: best.name, speeds};
}
