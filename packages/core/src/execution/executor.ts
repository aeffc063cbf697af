import type {Key, KeyPair} from '@regularizers/random';
import type * as tf from '@tensorflow/tfjs-core';
import type {PendingBatch} from '../data/source.ts';
import type {StateTree} from '../lib/tree.ts';
import type {MemberRun} from '../member/member-run.ts';
import type {Batch, RunInfo} from '../regularizer.ts';
import type {Feed} from '../step/context.ts';
import type {HostNumbers} from '../step/feed.ts';

/** One step that is to be taken, still on the host. */
export interface StepCall {
  readonly numbers: HostNumbers;
  readonly batches: readonly PendingBatch[];
  readonly run: RunInfo;
  /** The pair of a purpose's key in this step; `batch` counts within it. */
  pair(plugin: string, purpose: string, batch: number | undefined): KeyPair;
}

/** A step, and the member that is to take it. */
export interface MemberCall extends StepCall {
  readonly member: MemberRun;
  /** The optimizer step that it is, from 1. */
  readonly step: number;
}

/** A step that has run, and whose result is not taken over yet. */
export interface StepOutcome {
  /** Means over the step's examples: loss, penalty, metrics. The caller disposes of it. */
  readonly report: tf.Tensor1D;
  /** Programs were compiled for it, or it was captured. */
  readonly isWarmUp: boolean;
  /** Makes the result the member's state. */
  accept(): void;
  /** Throws the result away: the member is as before the step, or where that is lost, as it was when last read. */
  reject(): void;
}

/** Computes a pure function of a tree of tensors; of two calls with trees of one structure, the function is the same. */
export type Compute = <Tree extends StateTree>(run: (tree: Tree) => tf.Tensor, tree: Tree) => tf.Tensor;

/** Where a group of members takes its steps. It knows where their states are; a member asks it for its own. */
export interface Session {
  /** One step of each, in the order of the calls. */
  step(calls: readonly MemberCall[]): readonly StepOutcome[];
  /**
   * Computes something beside the step, such as an evaluation.
   *
   * @param member - whose program, besides the tree, is all that the function depends on
   */
  compute<Tree extends StateTree>(member: MemberRun, run: (tree: Tree) => tf.Tensor, tree: Tree): tf.Tensor;
  /** The member takes no more steps; its state is on the host from now on. */
  release(member: MemberRun): void;
  close(): void;
}

/** Runs steps: op by op, or as one graph. */
export interface Executor {
  /** How many members, of states of so many bytes, it is faster to train side by side; at least 1. */
  room(stateBytes: number): number;
  /** Begins a group. */
  open(): Session;
}

/** What a feed's tensors are made by. */
export interface FeedMakers {
  scalar(value: number): tf.Scalar;
  key(pair: KeyPair, plugin: string, purpose: string, batch: number | undefined): Key;
}

/** Makes a step's feed out of tensors. */
export function makeFeed(call: StepCall, batches: readonly Batch[], {scalar, key}: FeedMakers): Feed {
  const {numbers, run} = call;
  return {
    batches,
    learningRate: scalar(numbers.learningRate),
    scalars: Object.fromEntries(
      Object.entries(numbers.scalars).map(([owner, values]) => [
        owner,
        Object.fromEntries(Object.entries(values).map(([name, value]) => [name, scalar(value)])),
      ]),
    ),
    key: (plugin, purpose, batch) => key(call.pair(plugin, purpose, batch), plugin, purpose, batch),
    run,
  };
}

/** The numbers of a step's scalars, in the order in which {@link makeFeed} makes them. */
export function scalarValues({learningRate, scalars}: HostNumbers): number[] {
  return [learningRate, ...Object.values(scalars).flatMap((values) => Object.values(values))];
}
