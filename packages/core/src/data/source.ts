import {deriveKey, hostPermutation} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {RegularizerError} from '../lib/errors.ts';
import {zip} from '../lib/zip.ts';
import {having, type Program} from '../plugins/program.ts';
import type {Batch, RunInfo} from '../regularizer.ts';
import {weightByClass} from './class-weight.ts';
import {asTarget, type CheckedArrays, checkAlive, type DataShape} from './data.ts';
import {asInput, inputAt, isOnHost, numbersAt, pickedRows, type Rows} from './rows.ts';
import {type Examples, sampleOf} from './sample.ts';
import type {Sample} from './summary.ts';

/** A batch that is not made yet: which examples of which tensors it is of. */
export interface PendingBatch {
  readonly size: number;
  /** What it is made of: tensors of all examples, or of those of the batch alone. */
  readonly sources: readonly tf.Tensor[];
  /** Which examples of the sources, in order; undefined where all sources hold the batch alone. */
  readonly indices: Int32Array | undefined;
  /** Makes it, of the sources and of the indices as a tensor: a pure function, which runs inside the step. */
  make(sources: readonly tf.Tensor[], at: tf.Tensor1D | undefined): Batch;
  /** Lets go of what is the batch's alone. */
  dispose(): void;
}

/** The batches of one epoch. */
export interface EpochCursor {
  next(): Promise<PendingBatch | undefined> | PendingBatch | undefined;
  /** Whether `next` has nothing more to give; a stream looks one element ahead for it. */
  isDone(): Promise<boolean> | boolean;
  /** Lets go of what it has looked at and not given. */
  close(): Promise<void> | void;
}

/** Training data as epochs of batches. */
export interface Source {
  readonly examples: number | undefined;
  /** Examples in a batch; of a stream, in its first one. */
  readonly batchSize: number;
  /** Batches in each epoch of one member, whose sample may be smaller than the data; undefined where nobody knows. */
  batchesPerEpoch(program: Program): number | undefined;
  /** The batches of an epoch (from 1), the first `skip` of them left out. */
  open(program: Program, epoch: number, skip: number): Promise<EpochCursor> | EpochCursor;
  /** What there is to look at before the first epoch is opened: all that is trained on, or the first batch of a stream. */
  readonly sample: Sample;
  /**
   * A pass over the inputs alone, batch by batch: the same ones each time, and where all examples are at hand in an
   * order that has nothing to do with theirs. A batch is disposed of when the next one is asked for.
   *
   * @param signal ends the pass, by an error; left out, it is waited for
   */
  inputs(program: Program, signal: AbortSignal | undefined): AsyncIterable<readonly tf.Tensor[]>;
  /** Ends reading. */
  close(): Promise<void> | void;
}

/** How batches are cut. */
export interface BatchOptions extends DataShape {
  readonly batchSize: number;
  readonly shuffle: boolean;
  /** Leave out an epoch's last batch where it is smaller. */
  readonly dropLast: boolean;
  readonly classWeight: readonly number[] | undefined;
}

/**
 * Batches of examples in memory, in an order that the seed, the member and the epoch give.
 *
 * @param of what plugins are told of the examples
 * @param among the places of those that are trained on; to plugins they are all there are. Left out, all
 */
export function arraySource(
  data: CheckedArrays,
  options: BatchOptions,
  of: Examples,
  among?: Int32Array,
): Source {
  const {examples} = of;
  const placesOf = (chosen: Int32Array): Int32Array => (among ? numbersAt(among, chosen) : chosen);
  const {batchSize, dropLast} = options;
  const count = (chosen: number): number =>
    dropLast && chosen >= batchSize ? Math.floor(chosen / batchSize) : Math.ceil(chosen / batchSize);
  const known = new WeakMap<Program, number>();
  const batchesPerEpoch = (program: Program): number => {
    const batches = known.get(program) ?? count(sampleOf(program, 1, of).length);
    known.set(program, batches);
    return batches;
  };
  return {
    examples,
    batchSize,
    batchesPerEpoch,
    open(program, epoch, skip) {
      const order = epochOrder(program, epoch, of, options.shuffle);
      const batches = batchesPerEpoch(program);
      if (count(order.length) !== batches) throw unsteady(program, epoch);
      let at = skip;
      return {
        next() {
          if (at >= batches) return undefined;
          const indices = placesOf(order.subarray(at * batchSize, (at + 1) * batchSize));
          at += 1;
          return pickedBatch(data, indices, options);
        },
        isDone: () => at >= batches,
        close: () => undefined,
      };
    },
    sample: {...data, among},
    async *inputs({seed, member}) {
      const order = hostPermutation(examples, deriveKey(seed, member, 'core', 'inputs'));
      for (let start = 0; start < examples; start += batchSize) {
        checkAlive('fit', data.inputs);
        const batch = tf.tidy(() => {
          const places = placesOf(order.subarray(start, start + batchSize));
          return zip(data.inputs, options.inputs).map(([x, port]) => inputAt(x, places, port));
        });
        try {
          yield batch;
        } finally {
          tf.dispose(batch);
        }
      }
    },
    close: () => undefined,
  };
}

/** A batch out of all examples: bytes are picked here, the rows of tensors where the batch is made. */
function pickedBatch(
  {inputs, targets, sampleWeight}: CheckedArrays,
  indices: Int32Array,
  options: BatchOptions,
): PendingBatch {
  const all: readonly Rows[] = [...inputs, ...targets, ...(sampleWeight ? [sampleWeight] : [])];
  checkAlive('fit', all);
  const own: tf.Tensor[] = [];
  const sources = all.map((rows, i) => {
    if (!isOnHost(rows)) return rows;
    const picked = pickedRows(rows, indices, options.inputs[i]?.dtype);
    own.push(picked);
    return picked;
  });
  return {
    size: indices.length,
    sources,
    indices: own.length < all.length ? indices : undefined,
    make: (tensors, at) =>
      toBatch(
        zip(tensors, all).map(([tensor, rows], i) => {
          if (at && !isOnHost(rows)) return tf.gather(tensor, at);
          return i < inputs.length ? tensor : tf.clone(tensor);
        }),
        options,
      ),
    dispose: () => tf.dispose(own),
  };
}

/** Which examples an epoch visits, in which order. */
function epochOrder(program: Program, epoch: number, of: Examples, shuffle: boolean): Int32Array {
  const {seed, member} = program;
  const indices = sampleOf(program, epoch, of);
  if (!shuffle) return indices;
  const order = hostPermutation(indices.length, deriveKey(seed, member, 'core', 'shuffle', epoch));
  return numbersAt(indices, order);
}

/** Schedules count on epochs of as many steps each. */
function unsteady(program: Program, epoch: number): RegularizerError {
  const names = having(program, 'sample').map(({name}) => name);
  return new RegularizerError({
    where: names.join(', '),
    code: 'bad-sample',
    message: `sample made another number of batches in epoch ${epoch} than in the first`,
    hint: 'Choose as many examples in each epoch.',
  });
}

/** Makes the batch on the current backend. */
export function makeBatch({sources, indices, make}: PendingBatch): Batch {
  return make(sources, indices && tf.tensor1d(indices, 'int32'));
}

/**
 * A batch out of checked tensors, in the order inputs, targets, weights of examples if there are any: inputs of the
 * types that the model wants, targets one-hot, weights of examples and classes multiplied. The step takes the targets
 * over.
 */
export function toBatch(
  tensors: readonly tf.Tensor[],
  {inputs: ports, losses, outputs, classWeight}: Omit<BatchOptions, 'batchSize' | 'shuffle' | 'dropLast'>,
): Batch {
  const inputs = zip(ports, tensors).map(([port, tensor]) => asInput(tensor, port));
  const targets = tensors.slice(ports.length, ports.length + outputs.length);
  const sampleWeight = tensors[ports.length + outputs.length];
  const lists = zip(targets, losses, outputs).map(([raw, loss, output]) => {
    const target = asTarget(raw, loss, output);
    const byClass = classWeight && weightByClass(target, loss, classWeight);
    const weight = sampleWeight && byClass ? tf.mul(sampleWeight, byClass) : (sampleWeight ?? byClass ?? 1);
    return [{target, weight}];
  });
  return {inputs, targets: lists, size: inputs[0]?.shape[0] ?? 0};
}

/** What one member's plugins are told of the run. */
export function runInfoOf(
  program: Program,
  source: Source,
  options: {accumulate: number; epochs: number},
): RunInfo {
  const batchesPerEpoch = source.batchesPerEpoch(program);
  return {
    examples: source.examples,
    batchSize: source.batchSize * options.accumulate,
    epochs: options.epochs,
    stepsPerEpoch:
      batchesPerEpoch === undefined ? undefined : Math.ceil(batchesPerEpoch / options.accumulate),
  };
}
