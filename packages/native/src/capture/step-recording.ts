import {mapTensors, type StateTree, tensorsOf} from '@regularizers/core';
import {
  type FeedMakers,
  type FusedRunner,
  type MemberState,
  makeFeed,
  type Program,
  runStep,
  type StepCall,
  scope,
} from '@regularizers/core/execution';
import * as tf from '@tensorflow/tfjs-core';
import type {NativeBackend} from '../backend.ts';
import {executeOp, typeAttribute} from '../ops.ts';
import {structureOf} from './check.ts';
import {idOf, record} from './recorder.ts';
import {isSame, type Recorded} from './same.ts';

/** Whose key an input of the graph is. */
interface KeySource {
  readonly plugin: string;
  readonly purpose: string;
  readonly batch: number | undefined;
}

/** Where an input's values come from at each step: one of the scalars, keys or lists of indices. */
interface FedInput {
  readonly kind: 'scalar' | 'key' | 'indices';
  readonly at: number;
}

/** A tensor that batches are made of. */
interface SourceInput {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: tf.DataType;
}

/** One recorded run of a step; tensors by the addon's numbers. */
export interface RecordedStep extends Recorded {
  /** The sources of all batches. */
  readonly sources: readonly SourceInput[];
  /** The state, leaf by leaf. */
  readonly state: readonly number[];
  readonly fed: ReadonlyMap<number, FedInput>;
  /** How many scalars there are. */
  readonly scalars: number;
  readonly keys: readonly KeySource[];
  /** The number of indices of each batch that has any. */
  readonly indices: readonly number[];
  /** The next state, leaf by leaf. */
  readonly next: readonly number[];
  readonly report: number;
  /** The next state's structure: its tensors' types and shapes, and everything else. */
  readonly structure: StateTree;
}

/** Runs a step op by op, from a state without aliases, for its record alone. */
export function recordStep(
  backend: NativeBackend,
  program: Program,
  state: MemberState,
  call: StepCall,
): RecordedStep {
  const leaves = tensorsOf(state).map((leaf) => idOf(backend, leaf));
  const sources = call.batches
    .flatMap((batch) => batch.sources)
    .map((source): SourceInput => ({id: idOf(backend, source), shape: source.shape, dtype: source.dtype}));
  const inputs = new Set([...leaves, ...sources.map(({id}) => id)]);
  const fed = new Map<number, FedInput>();
  const feedIn = <T extends tf.Tensor>(tensor: T, kind: FedInput['kind'], at: number): T => {
    const id = idOf(backend, tensor);
    inputs.add(id);
    fed.set(id, {kind, at});
    return tensor;
  };
  const keys: KeySource[] = [];
  const made = new Map<string, tf.Tensor1D>();
  let scalars = 0;
  const makers: FeedMakers = {
    scalar: (value) => feedIn(tf.scalar(value), 'scalar', scalars++),
    key(pair, plugin, purpose, batch) {
      const name = JSON.stringify([plugin, purpose, batch]);
      const known = made.get(name);
      if (known) return known;
      // Kept: a second pass of the step may ask for it outside the scope that it was made in.
      const key = feedIn(tf.keep(tf.tensor1d([...pair], 'int32')), 'key', keys.length);
      keys.push({plugin, purpose, batch});
      made.set(name, key);
      return key;
    },
  };
  const indices: number[] = [];
  const run = (fused: FusedRunner) => {
    const batches = call.batches.map((batch) => {
      const at =
        batch.indices && feedIn(tf.tensor1d(batch.indices, 'int32'), 'indices', indices.push(batch.size) - 1);
      return batch.make(batch.sources, at);
    });
    const {state: after, report} = runStep(program, state, makeFeed(call, batches, makers), fused);
    const next = tensorsOf(after).map((tensor) => idOf(backend, tensor));
    return {next, report: idOf(backend, report), structure: structureOf(after)};
  };
  try {
    const {result, recording} = record(backend, inputs, (fused) => scope(() => run(fused)));
    const {next, report} = result;
    return {
      recording,
      inputs: [...inputs],
      outputs: [...next, report],
      sources,
      state: leaves,
      fed,
      scalars,
      keys,
      indices,
      ...result,
    };
  } finally {
    tf.dispose([...made.values()]);
  }
}

/** Two steps are the same graph, fed alike. */
export function isSameStep(a: RecordedStep, b: RecordedStep): boolean {
  const feeds = ({fed, keys}: RecordedStep): string => JSON.stringify([...fed.values(), keys]);
  return feeds(a) === feeds(b) && isSame(a, b);
}

/**
 * A state in which no two leaves are one tensor (as an average is its weight at first): the recording tells
 * leaves apart by their tensors.
 */
export function withoutAliases(
  backend: NativeBackend,
  state: MemberState,
): {readonly state: MemberState; dispose(): void} {
  const seen = new Set<number>();
  const copies: tf.Tensor[] = [];
  const distinct = mapTensors(state, (tensor) => {
    const id = idOf(backend, tensor);
    if (!seen.has(id)) {
      seen.add(id);
      return tensor;
    }
    const [copy] = executeOp('Identity', [typeAttribute('T', tensor.dtype as 'float32')], [tensor]);
    copies.push(tf.keep(copy!));
    return copy!;
  });
  return {state: distinct as MemberState, dispose: () => tf.dispose(copies)};
}
