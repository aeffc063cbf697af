import type {EpochCursor, PendingBatch} from '../data/source.ts';
import type {FullFitOptions} from './options.ts';

/** The batches of a step; none at the end of the epoch, and where the signal aborts before a stream has given them. */
export async function takeBatches(
  batches: EpochCursor,
  {accumulate, signal}: FullFitOptions,
): Promise<readonly PendingBatch[]> {
  const taken: PendingBatch[] = [];
  while (taken.length < accumulate) {
    const next = batches.next();
    const batch = next instanceof Promise ? await unlessAborted(next, signal) : next;
    if (!batch) break;
    taken.push(batch);
  }
  if (!signal?.aborted) return taken;
  for (const batch of taken) batch.dispose();
  return [];
}

/** A stream may give its next batch never: nobody who aborts waits for it. */
function unlessAborted(
  coming: Promise<PendingBatch | undefined>,
  signal: AbortSignal | undefined,
): Promise<PendingBatch | undefined> {
  if (!signal) return coming;
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      resolve(undefined);
      coming.then((batch) => batch?.dispose()).catch(() => undefined);
    };
    signal.addEventListener('abort', giveUp, {once: true});
    coming.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
