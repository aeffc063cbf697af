import * as tf from '@tensorflow/tfjs-core';
import type {PortInfo} from '../info.ts';
import {zip} from '../lib/zip.ts';
import type {CheckedArrays, DataShape} from './data.ts';
import {checkValues} from './data-values.ts';
import {isOnHost, type Rows, slicedRows} from './rows.ts';
import {
  checkElement,
  openStream,
  readStream,
  refuseEmpty,
  type StreamData,
  type StreamIterator,
} from './stream.ts';
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

  /** The next element, undefined at the end of a stream that does not repeat. */
  async take(): Promise<TakenElement | undefined> {
    const element = await this.peek();
    this.#ahead = undefined;
    if (element) this.taken += 1;
    return element;
  }

  /** The element that {@link take} gives next, which stays. */
  peek(): Promise<TakenElement | undefined> {
    if (this.#ahead) return this.#ahead;
    const ahead = this.#read();
    // Nobody may ever take it.
    ahead.catch(() => undefined);
    this.#ahead = ahead;
    return ahead;
  }

  /** Asks for the next element without waiting for it. */
  readAhead(): void {
    this.peek();
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
    const {where, stream, repeats} = this.#reading;
    this.#iterator ??= await openStream(where, stream);
    const read = await readStream(where, this.#iterator);
    if (read) return this.#checked(read.element);
    if (!repeats) return undefined;
    this.#iterator = await openStream(where, stream);
    const again = await readStream(where, this.#iterator);
    return again ? this.#checked(again.element) : refuseEmpty(where);
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
