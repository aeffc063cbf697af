import * as tf from '@tensorflow/tfjs-core';
import {RegularizerError} from '../lib/errors.ts';
import {zip} from '../lib/zip.ts';
import {having, type Program} from '../plugins/program.ts';
import {asInput} from './rows.ts';
import {type BatchOptions, type EpochCursor, type PendingBatch, type Source, toBatch} from './source.ts';
import type {StreamData} from './stream.ts';
import {refuseEmpty} from './stream-elements.ts';
import {type Reading, StreamReader, type TakenElement} from './stream-reader.ts';

/** How a stream is made batches of. */
export type StreamOptions = Omit<BatchOptions, 'batchSize' | 'shuffle' | 'dropLast'>;

/**
 * Batches of a stream, whose elements they are: the first one is read at once, for it says how large they are. While a
 * step runs, the next one is read. Without a number of batches per epoch, an epoch is one pass; with it, the next
 * epoch goes on where the last one ended, and a stream that runs out starts again.
 *
 * @throws RegularizerError for a stream without a batch, or whose first one does not fit; Aborted if the signal aborts
 *   before it has come, as all that reads it later
 */
export async function streamSource(
  stream: StreamData,
  options: StreamOptions,
  batchesPerEpoch: number | undefined,
  signal: AbortSignal | undefined,
): Promise<Source> {
  const repeats = batchesPerEpoch !== undefined;
  const reading: Reading = {where: 'fit', stream, shape: options, repeats, signal};
  let reader = new StreamReader(reading);
  let readerOf: Program | undefined;
  const first = await peekFirst(reader);
  const batchSize = first.examples;
  return {
    examples: undefined,
    batchSize,
    batchesPerEpoch: () => batchesPerEpoch,
    sample: first,
    async open(program, epoch, skip) {
      refuseSamplers(program);
      const position = skip + (epoch - 1) * (batchesPerEpoch ?? 0);
      const goesOn = readerOf === program && batchesPerEpoch !== undefined && reader.taken === position;
      const isNew = readerOf === undefined;
      if (reader.isEnded || !(goesOn || isNew)) {
        await reader.end();
        reader = new StreamReader(reading);
      }
      readerOf = program;
      await reader.skip(position - reader.taken);
      // After a stop right at the end of a pass, none may be left.
      if (skip === 0 && !(await reader.peek())) refuseEmpty('fit');
      return cursorOf(reader, options, batchesPerEpoch === undefined ? undefined : batchesPerEpoch - skip);
    },
    async *inputs(_, until) {
      const pass = new StreamReader({...reading, repeats: false, signal: until});
      const limit = batchesPerEpoch ?? Number.POSITIVE_INFINITY;
      try {
        while (pass.taken < limit) {
          const element = await pass.take();
          if (!element) return;
          if (pass.taken < limit) pass.readAhead();
          const inputs = zip(element.inputs, options.inputs).map(([x, port]) => asInput(x, port));
          try {
            yield inputs;
          } finally {
            tf.dispose(inputs);
            element.dispose();
          }
        }
      } finally {
        await pass.end();
      }
    },
    close: () => reader.end(),
  };
}

async function peekFirst(reader: StreamReader): Promise<TakenElement> {
  try {
    return (await reader.peek()) ?? refuseEmpty('fit');
  } catch (error) {
    await reader.end();
    throw error;
  }
}

function cursorOf(reader: StreamReader, options: StreamOptions, limit: number | undefined): EpochCursor {
  let given = 0;
  const isFull = (): boolean => limit !== undefined && given >= limit;
  return {
    async next() {
      if (isFull()) return undefined;
      const element = await reader.take();
      given += 1;
      // No further than the epoch goes: what is never trained on is never read.
      if (element && !isFull()) reader.readAhead();
      return element && pendingBatch(element, options);
    },
    isDone: async () => isFull() || (await reader.peek()) === undefined,
    async close() {
      // An element ahead cannot be put back: reading on takes a new reader.
      if (!isFull()) await reader.end();
    },
  };
}

function refuseSamplers(program: Program): void {
  const [sampler] = having(program, 'sample');
  if (!sampler) return;
  throw new RegularizerError({
    where: sampler.name,
    code: 'needs-arrays',
    message: 'choosing examples needs all of them, but the data is a stream',
    hint: 'Pass {x, y} to fit, or let the stream choose its examples.',
  });
}

function pendingBatch(element: TakenElement, options: StreamOptions): PendingBatch {
  const {inputs, targets, sampleWeight, examples} = element;
  const sources = [...inputs, ...targets, ...(sampleWeight ? [sampleWeight] : [])];
  return {
    size: examples,
    sources,
    indices: undefined,
    // The step takes its targets over, and these are the stream's.
    make: (tensors) =>
      toBatch(
        tensors.map((tensor, i) => (i < inputs.length ? tensor : tf.clone(tensor))),
        options,
      ),
    dispose: () => element.dispose(),
  };
}
