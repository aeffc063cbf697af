import type {Key, KeyPair} from '@regularizers/random';
import type {Scalar, Tensor, Tensor1D} from '@tensorflow/tfjs-core';
import type {HostNumbers} from '../fit/feed.ts';
import type {PendingBatch} from '../fit/source.ts';
import type {Batch, RunInfo} from '../hooks.ts';
import type {Tensors} from '../info.ts';
import type {MemberRun} from '../state/member-run.ts';
import type {Feed} from '../step/context.ts';
import type {StateTree} from '../tree.ts';

/** One step that is to be run, still on the host. */
export interface StepCall {
  readonly numbers: HostNumbers;
  readonly batches: readonly PendingBatch[];
  readonly run: RunInfo;
  /** The pair of a purpose's key in this step; `batch` counts within it. */
  pair(plugin: string, purpose: string, batch: number | undefined): KeyPair;
}

/** A step that has run, and whose result is not taken over yet. */
export interface StepOutcome {
  /** Means over the step's examples: loss, penalty, metrics. The caller disposes of it. */
  readonly report: Tensor1D;
  /** The weights that the report was computed with, where they can still be looked at. */
  readonly weights: Tensors | undefined;
  /** Programs were compiled for it, or it was captured. */
  readonly isWarmUp: boolean;
  /** Makes the result the member's state. */
  accept(): void;
  /** Throws the result away. */
  reject(): void;
}

/** A member and the step that it is to take. */
export interface StepRequest {
  readonly member: MemberRun;
  readonly call: StepCall;
}

/**
 * Computes a pure function of a tree of tensors.
 *
 * @param member - whose program, besides the tree, is all that the function depends on
 */
export type Compute = <Tree extends StateTree>(
  member: MemberRun,
  run: (tree: Tree) => Tensor,
  tree: Tree,
) => Tensor;

/** Runs steps: eagerly, or as one graph. */
export interface Executor {
  readonly name: 'eager' | 'captured';
  step(request: StepRequest): StepOutcome;
  readonly compute: Compute;
  /** Releases what it holds for a member, whose state stays readable. */
  release(member: MemberRun): void;
  /** Where steps of several members are faster as one. */
  readonly together?: {
    /** One step of each, in the order of the requests. */
    step(requests: readonly StepRequest[]): readonly StepOutcome[];
    /** How many members there is memory for, of states of so many bytes; at least 1. */
    roomFor(stateBytes: number): number;
  };
}

/** What a feed's tensors are made by. */
export interface FeedMakers {
  scalar(value: number): Scalar;
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
