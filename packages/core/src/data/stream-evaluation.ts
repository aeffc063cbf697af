import type {DataShape} from './data.ts';
import type {EvaluationData} from './evaluation-data.ts';
import type {StreamData} from './stream.ts';
import {refuseEmpty} from './stream-elements.ts';
import {StreamReader} from './stream-reader.ts';

/**
 * A stream, whose elements are the batches: an evaluation is one pass, of which one batch is in memory and the next
 * one on its way. The first batch is read at once, so that one that does not fit is refused before anything is trained.
 *
 * @throws RegularizerError for a stream without a batch, or whose first one does not fit; Aborted if the signal aborts
 *   before it has come, as each pass does
 */
export async function streamToEvaluate(
  where: string,
  stream: StreamData,
  shape: DataShape,
  signal: AbortSignal | undefined,
): Promise<EvaluationData> {
  const begin = (): StreamReader => new StreamReader({where, stream, shape, repeats: false, signal});
  let next: StreamReader | undefined = begin();
  const close = async (): Promise<void> => next?.end();
  try {
    if (!(await next.peek())) refuseEmpty(where);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    async *batches() {
      const reader = next ?? begin();
      next = undefined;
      try {
        for (;;) {
          const element = await reader.take();
          if (!element) break;
          reader.readAhead();
          try {
            yield element;
          } finally {
            element.dispose();
          }
        }
        if (reader.taken === 0) refuseEmpty(where);
      } finally {
        await reader.end();
      }
    },
    close,
  };
}
