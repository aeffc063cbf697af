/** Ends a wait or a pass because of a signal; whoever handed the signal on catches it. */
export class Aborted extends Error {
  override readonly name = 'Aborted';
}

/**
 * Waits for something that may come never, unless the signal aborts.
 *
 * @throws Aborted if it aborts first
 */
export function unlessAborted<T>(coming: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return coming;
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(new Aborted());
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, {once: true});
    coming.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}

/**
 * What is passed over, until the signal aborts.
 *
 * @throws Aborted if it aborts before all has been
 */
export async function* untilAborted<T>(
  all: AsyncIterable<T> | Iterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void> {
  for await (const one of all) {
    if (signal?.aborted) throw new Aborted();
    yield one;
  }
}
