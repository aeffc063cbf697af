import type {EpochCursor, PendingBatch} from '../data/source.ts';
import type {FullFitOptions} from './options.ts';

/**
 * The batches of a step; none at the end of the epoch, and where the signal has aborted.
 *
 * @throws Aborted if it aborts before a stream has given them
 */
export async function takeBatches(
  batches: EpochCursor,
  {accumulate, signal}: FullFitOptions,
): Promise<readonly PendingBatch[]> {
  const taken: PendingBatch[] = [];
  const letGo = (): void => {
    for (const batch of taken) batch.dispose();
  };
  try {
    while (taken.length < accumulate) {
      const next = batches.next();
      const batch = next instanceof Promise ? await next : next;
      if (!batch) break;
      taken.push(batch);
    }
  } catch (error) {
    letGo();
    throw error;
  }
  if (!signal?.aborted) return taken;
  letGo();
  return [];
}
