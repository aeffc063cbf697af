import * as tf from '@tensorflow/tfjs-core';
import type {PortInfo} from '../info.ts';
import {unlessAborted} from '../lib/aborted.ts';
import {zip} from '../lib/zip.ts';
import type {CheckedArrays, DataShape} from './data.ts';
import {checkValues} from './data-values.ts';
import {isOnHost, type Rows, slicedRows} from './rows.ts';
import type {StreamData} from './stream.ts';
import {checkElement, openStream, readStream, refuseEmpty, type StreamIterator} from './stream-elements.ts';
import type {TensorBatch} from './tensor-batch.ts';
import {checkTextureSize} from './texture-size.ts';

/** What is read of a stream: to train on, or to evaluate on. */
export interface Reading {
  /** Who reads, for messages: `fit`, `validation`. */
  readonly where: string;
  readonly stream: StreamData;
  readonly shape: DataShape;
  /** Where a pass ends, the next one begins. */
  readonly repeats: boolean;
  /** Whoever aborts it waits for no element. */
  readonly signal: AbortSignal | undefined;
}

/** An element that was checked; whoever has taken it disposes of it. */
export interface TakenElement extends TensorBatch {
  dispose(): void;
}

/**
 * Reads a stream element by element, and on request one ahead: an element that is asked for early is on its way while
 * a step runs. What goes wrong with it is thrown where it is taken.
 */
export class StreamReader {
  /** Elements taken or passed over. */
  taken = 0;
  readonly #reading: Reading;
  #iterator: StreamIterator | undefined;
  #ahead: Promise<TakenElement | undefined> | undefined;
  #isEnded = false;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /**
   * The next element, undefined at the end of a stream that does not repeat.
   *
   * @throws Aborted if the signal aborts while it is waited for
   */
  async take(): Promise<TakenElement | undefined> {
    const element = await this.peek();
    this.#ahead = undefined;
    if (element) this.taken += 1;
    return element;
  }

  /**
   * The element that {@link take} gives next, which stays.
   *
   * @throws Aborted if the signal aborts while it is waited for
   */
  async peek(): Promise<TakenElement | undefined> {
    this.readAhead();
    return this.#ahead && unlessAborted(this.#ahead, this.#reading.signal);
  }

  /** Asks for the next element without waiting for it; one that has ended reads no more. */
  readAhead(): void {
    if (this.#ahead || this.#isEnded) return;
    this.#ahead = this.#read();
    // Nobody may ever take it.
    this.#ahead.catch(() => undefined);
  }

  async skip(count: number): Promise<void> {
    for (let i = 0; i < count; i++) (await this.take())?.dispose();
  }

  /** Lets go of the element ahead, also if it comes later, and of the pass: a generator's `finally` runs. */
  async end(): Promise<void> {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const ahead = this.#ahead;
    this.#ahead = undefined;
    const iterator = this.#iterator;
    this.#iterator = undefined;
    ahead?.then((element) => element?.dispose()).catch(() => undefined);
    // A generator that is busy with an element ends after it, which may be never.
    const ended = Promise.resolve(iterator?.return?.());
    if (!ahead) await ended;
    else ended.catch(() => undefined);
  }

  async #read(): Promise<TakenElement | undefined> {
    const {where, repeats} = this.#reading;
    const read = await this.#next();
    if (read) return this.#checked(read.element);
    if (!repeats || this.#isEnded) return undefined;
    this.#iterator = undefined;
    const again = await this.#next();
    if (again) return this.#checked(again.element);
    return this.#isEnded ? undefined : refuseEmpty(where);
  }

  /** The next element of the pass, which it opens if there is none; undefined at its end, and where nobody reads on. */
  async #next(): Promise<{readonly element: unknown} | undefined> {
    const {where, stream} = this.#reading;
    const iterator = this.#iterator ?? (await openStream(where, stream));
    if (this.#isEnded && iterator !== this.#iterator) {
      // It was opened for nobody.
      await iterator.return?.();
      return undefined;
    }
    this.#iterator = iterator;
    return readStream(where, iterator);
  }

  async #checked(element: unknown): Promise<TakenElement> {
    const {where, shape} = this.#reading;
    try {
      const checked = checkElement(where, element, shape);
      checkTextureSize(where, checked, shape, {batchSize: checked.examples, option: undefined});
      await checkValues(where, checked, shape);
      return takenElement(checked, shape);
    } catch (error) {
      disposeElement(element);
      throw error;
    }
  }
}

/** What was handed over, bytes as tensors. */
function takenElement(
  {inputs, targets, sampleWeight, examples}: CheckedArrays,
  shape: DataShape,
): TakenElement {
  const asTensor = (rows: Rows, dtype: PortInfo['dtype']): tf.Tensor =>
    isOnHost(rows) ? slicedRows(rows, 0, examples, dtype) : rows;
  const batch = {
    inputs: zip(inputs, shape.inputs).map(([x, {dtype}]) => asTensor(x, dtype)),
    targets: targets.map((y) => asTensor(y, 'float32')),
    sampleWeight: sampleWeight && asTensor(sampleWeight, 'float32'),
    examples,
  };
  return {...batch, dispose: () => tf.dispose(batch)};
}

/** What is in an element that is refused may be anything. */
function disposeElement(element: unknown): void {
  try {
    tf.dispose(element as tf.TensorContainer);
  } catch {
    // It holds no tensors that could be found.
  }
}
