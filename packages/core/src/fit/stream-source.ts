import * as tf from '@tensorflow/tfjs-core';
import {RegularizerError} from '../errors.ts';
import {having, type Program} from '../program/program.ts';
import {checkArrays, type StreamData, type StreamElement} from './data.ts';
import {type BatchOptions, type EpochCursor, type PendingBatch, type Source, toBatch} from './source.ts';

type StreamIterator = Awaited<ReturnType<StreamData['iterator']>>;

/**
 * Batches of a stream such as `tf.data`. Without a number of batches per epoch, an epoch is one pass; with it,
 * the next epoch goes on where the last one ended, and a stream that runs out starts again.
 */
export function streamSource(
  stream: StreamData,
  options: BatchOptions,
  batchesPerEpoch: number | undefined,
): Source {
  let reader: StreamReader | undefined;
  let readerOf: Program | undefined;
  return {
    examples: undefined,
    batchesPerEpoch: () => batchesPerEpoch,
    async open(program, epoch, skip) {
      refuseSamplers(program);
      const position = skip + (epoch - 1) * (batchesPerEpoch ?? 0);
      if (!reader || readerOf !== program || batchesPerEpoch === undefined || reader.taken !== position) {
        reader = new StreamReader(stream, options, batchesPerEpoch !== undefined);
        readerOf = program;
        await reader.skip(position);
      }
      return cursorOf(reader, batchesPerEpoch === undefined ? undefined : batchesPerEpoch - skip);
    },
    async *inputs() {
      const pass = new StreamReader(stream, options, false);
      const limit = batchesPerEpoch ?? Number.POSITIVE_INFINITY;
      while (pass.taken < limit) {
        const batch = await pass.next();
        if (!batch) return;
        try {
          yield batch.sources.slice(0, options.inputs.length);
        } finally {
          batch.dispose();
        }
      }
    },
  };
}

function cursorOf(reader: StreamReader, limit: number | undefined): EpochCursor {
  let given = 0;
  const isFull = (): boolean => limit !== undefined && given >= limit;
  return {
    async next() {
      if (isFull()) return undefined;
      given += 1;
      return reader.next();
    },
    isDone: async () => isFull() || (await reader.peek()) === undefined,
    close: () => reader.close(),
  };
}

/** Reads a stream element by element, with one of look-ahead. */
class StreamReader {
  /** Elements given or passed over. */
  taken = 0;
  readonly #stream: StreamData;
  readonly #options: BatchOptions;
  readonly #repeats: boolean;
  #iterator: StreamIterator | undefined;
  #ahead: PendingBatch | undefined;

  constructor(stream: StreamData, options: BatchOptions, repeats: boolean) {
    this.#stream = stream;
    this.#options = options;
    this.#repeats = repeats;
  }

  async next(): Promise<PendingBatch | undefined> {
    const batch = await this.peek();
    this.#ahead = undefined;
    if (batch) this.taken += 1;
    return batch;
  }

  async peek(): Promise<PendingBatch | undefined> {
    this.#ahead ??= await this.#read();
    return this.#ahead;
  }

  async skip(count: number): Promise<void> {
    for (let i = 0; i < count; i++) (await this.next())?.dispose();
  }

  /** Lets go of the element ahead, which cannot be put back: reading on takes a new reader. */
  close(): void {
    if (!this.#ahead) return;
    this.#ahead.dispose();
    this.#ahead = undefined;
    this.taken = Number.NaN;
  }

  async #read(): Promise<PendingBatch | undefined> {
    this.#iterator ??= await this.#stream.iterator();
    const {done, value} = await this.#iterator.next();
    if (!done) return pendingElement(value, this.#options);
    if (!this.#repeats) return undefined;
    this.#iterator = await this.#stream.iterator();
    const again = await this.#iterator.next();
    return again.done ? undefined : pendingElement(again.value, this.#options);
  }
}

function refuseSamplers(program: Program): void {
  const [sampler] = having(program, 'sample');
  if (!sampler) return;
  throw new RegularizerError({
    where: sampler.name,
    code: 'needs-arrays',
    message: 'choosing examples needs all of them, but the data is a stream',
    hint: 'Pass {x, y} to fit.',
  });
}

function pendingElement({xs, ys}: StreamElement, options: BatchOptions): PendingBatch {
  const {inputs, targets, examples} = checkArrays('fit', {x: xs, y: ys}, options);
  const sources = [...inputs, ...targets];
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
    dispose: () => tf.dispose(sources),
  };
}
