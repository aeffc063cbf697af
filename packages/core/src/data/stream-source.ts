import * as tf from '@tensorflow/tfjs-core';
import {describeValue} from '../lib/describe-value.ts';
import {RegularizerError} from '../lib/errors.ts';
import {memberOf} from '../lib/given.ts';
import {having, type Program} from '../plugins/program.ts';
import {type CheckedArrays, checkElement, type StreamData, type StreamElement} from './data.ts';
import {checkValues} from './data-values.ts';
import {asInput, isBytes, type Rows, slicedRows} from './rows.ts';
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
      // After a stop right at the end of a pass, none may be left.
      if (skip === 0 && !(await reader.peek())) refuseEmpty();
      return cursorOf(reader, batchesPerEpoch === undefined ? undefined : batchesPerEpoch - skip);
    },
    async *inputs() {
      const pass = new StreamReader(stream, options, false);
      const limit = batchesPerEpoch ?? Number.POSITIVE_INFINITY;
      while (pass.taken < limit) {
        const batch = await pass.next();
        if (!batch) return;
        const inputs = options.inputs.map((port, i) => asInput(batch.sources[i]!, port));
        try {
          yield inputs;
        } finally {
          tf.dispose(inputs);
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
    this.#iterator ??= await openStream(this.#stream);
    const {done, value} = await nextOf(this.#iterator);
    if (!done) return pendingElement(value, this.#options);
    if (!this.#repeats) return undefined;
    this.#iterator = await openStream(this.#stream);
    const again = await nextOf(this.#iterator);
    return again.done ? refuseEmpty() : pendingElement(again.value, this.#options);
  }
}

async function openStream(stream: StreamData): Promise<StreamIterator> {
  const iterator = await stream.iterator();
  if (typeof memberOf(iterator, 'next') === 'function') return iterator;
  return refuse(
    `the stream's iterator() must give an object with a method next; received ${describeValue(iterator)}`,
    'A tf.data.Dataset is a stream; of a generator, tf.data.generator makes one.',
  );
}

async function nextOf(iterator: StreamIterator): Promise<IteratorResult<StreamElement>> {
  const result = await iterator.next();
  const done = memberOf(result, 'done');
  if (typeof done === 'boolean' || memberOf(result, 'value') !== undefined) return result;
  return refuse(
    `the stream's next() must give {done, value}; received ${describeValue(result)}`,
    'The value is a batch, {xs, ys}.',
  );
}

/** An epoch without a batch would be reported as a loss of zero. */
function refuseEmpty(): never {
  return refuse(
    'the stream gave no batch',
    'It is empty, or its iterator() does not start a new pass each time it is called, as that of a tf.data.Dataset does.',
  );
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

async function pendingElement(element: StreamElement, options: BatchOptions): Promise<PendingBatch> {
  try {
    const checked = checkElement('fit', element, options);
    await checkValues('fit', checked, options);
    return pendingBatch(checked, options);
  } catch (error) {
    disposeElement(element);
    throw error;
  }
}

function pendingBatch(
  {inputs, targets, sampleWeight, examples}: CheckedArrays,
  options: BatchOptions,
): PendingBatch {
  const all: readonly Rows[] = [...inputs, ...targets, ...(sampleWeight ? [sampleWeight] : [])];
  const sources = all.map((rows, i) =>
    isBytes(rows) ? slicedRows(rows, 0, examples, options.inputs[i]?.dtype) : rows,
  );
  return {
    size: examples,
    sources,
    indices: undefined,
    // The step takes its targets over, and these are the batch's.
    make: (tensors) =>
      toBatch(
        tensors.map((tensor, i) => (i < inputs.length ? tensor : tf.clone(tensor))),
        options,
      ),
    dispose: () => tf.dispose(sources),
  };
}

/** An element that is refused was handed over all the same; what is in it may be anything. */
function disposeElement(element: unknown): void {
  try {
    tf.dispose(element as tf.TensorContainer);
  } catch {
    // It holds no tensors that could be found.
  }
}

function refuse(message: string, hint: string): never {
  throw new RegularizerError({where: 'fit', code: 'bad-stream', message, hint});
}
