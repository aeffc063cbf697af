import * as tf from '@tensorflow/tfjs-core';
import {zip} from '../lib/zip.ts';
import {type CheckedArrays, checkAlive, type DataShape} from './data.ts';
import {slicedRows} from './rows.ts';
import {refuseEmpty, type StreamData} from './stream.ts';
import {StreamReader} from './stream-reader.ts';
import type {TensorBatch} from './tensor-batch.ts';

/** Data to evaluate on, as often as it is asked for. */
export interface EvaluationData {
  /** A pass over it, batch by batch. A batch is disposed of when the next one is asked for. */
  batches(): AsyncIterable<TensorBatch> | Iterable<TensorBatch>;
  /** Lets go of what it has looked at and not given. */
  close(): Promise<void>;
}

/** Examples in memory, in batches of so many. */
export function arraysToEvaluate(
  data: CheckedArrays,
  batchSize: number,
  {inputs: ports}: DataShape,
): EvaluationData {
  const {inputs, targets, sampleWeight, examples} = data;
  return {
    *batches() {
      for (let start = 0; start < examples; start += batchSize) {
        checkAlive('evaluate', [...inputs, ...targets, ...(sampleWeight ? [sampleWeight] : [])]);
        const size = Math.min(batchSize, examples - start);
        const batch = {
          inputs: zip(inputs, ports).map(([x, {dtype}]) => slicedRows(x, start, size, dtype)),
          targets: targets.map((y) => slicedRows(y, start, size, 'float32')),
          sampleWeight: sampleWeight && slicedRows(sampleWeight, start, size, 'float32'),
          examples: size,
        };
        try {
          yield batch;
        } finally {
          tf.dispose(batch);
        }
      }
    },
    close: async () => undefined,
  };
}

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
