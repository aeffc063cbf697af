import {type Batch, mapTensors, tensorsOf} from '@regularizers/core';
import {
  type FeedMakers,
  type MemberRun,
  type MemberState,
  makeFeed,
  runStep,
  type StepCall,
  type StepOutcome,
  scalarValues,
  scope,
} from '@regularizers/core/execution';
import * as tf from '@tensorflow/tfjs-core';
import type {NativeBackend} from '../backend.ts';
import {executeOp, typeAttribute} from '../ops.ts';
import {batchTensors} from './batch-tensors.ts';
import {checkSame, checkState} from './check.ts';
import {idOf, record} from './recorder.ts';
import {type CapturedShape, type KeySource, StepGraph} from './step-graph.ts';

/** One recorded run of a step. */
interface Recorded extends Pick<CapturedShape, 'recording' | 'fed' | 'keys' | 'next'> {
  readonly state: MemberState;
  readonly report: tf.Tensor1D;
  readonly discard: () => void;
}

/** One member's captured steps: a graph for each shape of batch, in one session that holds the state. */
export class CapturedMember {
  readonly #backend: NativeBackend;
  readonly #member: MemberRun;
  readonly #shapes = new Map<string, CapturedShape>();
  #graph: StepGraph | undefined;
  /** The state's tree as it was when it was last written to the device: its tensors only hold places. */
  #form: MemberState | undefined;

  constructor(backend: NativeBackend, member: MemberRun) {
    this.#backend = backend;
    this.#member = member;
  }

  step(call: StepCall): StepOutcome {
    const batches = scope(() => call.batches.map((batch) => batch.make()));
    // Kept, so that the step's own scopes let them be.
    const tensors = batches.flatMap(batchTensors).map((tensor) => tf.keep(tensor));
    try {
      const signature = tensors.map(({shape, dtype}) => `${dtype}[${shape.join()}]`).join();
      const known = this.#shapes.get(signature);
      return known ? this.#replay(known, call, tensors) : this.#record(signature, call, batches, tensors);
    } finally {
      tf.dispose(tensors);
    }
  }

  /** Reads the state into the host's keeping and closes the session. */
  release(): void {
    void this.#member.state;
    this.#member.forgetDevice();
    this.#closeGraph();
  }

  /** Runs the step op by op, twice, and keeps the record of the first time. */
  #record(
    signature: string,
    call: StepCall,
    batches: readonly Batch[],
    tensors: readonly tf.Tensor[],
  ): StepOutcome {
    const member = this.#member;
    const {state, copies} = withoutAliases(this.#backend, member.state);
    const first = this.#recordOnce(state, call, batches, tensors);
    const second = this.#recordOnce(state, call, batches, tensors);
    second.discard();
    try {
      checkState(state, first.state);
      checkSame(first.recording, second.recording);
    } catch (error) {
      first.discard();
      throw error;
    }
    const {recording, fed, keys, next, report} = first;
    this.#shapes.set(signature, {
      name: `shape${this.#shapes.size}_`,
      recording,
      batch: tensors.map((tensor) => ({id: this.#id(tensor), shape: tensor.shape, dtype: tensor.dtype})),
      state: tensorsOf(state).map((tensor) => this.#id(tensor)),
      fed,
      keys,
      scalars: scalarValues(call.numbers).length,
      next,
      report: this.#id(report),
    });
    // The graph is written anew with one shape more; the state is on the host now.
    this.#closeGraph();
    const after = new Set(tensorsOf(first.state));
    tf.dispose(copies.filter((copy) => !after.has(copy)));
    return {
      report,
      weights: member.state.weights,
      accept: () => member.commit(first.state, true),
      reject: () => member.drop(first.state),
    };
  }

  #recordOnce(
    state: MemberState,
    call: StepCall,
    batches: readonly Batch[],
    tensors: readonly tf.Tensor[],
  ): Recorded {
    const {program} = this.#member;
    const inputs = new Set([...tensorsOf(state), ...tensors].map((tensor) => this.#id(tensor)));
    const fed = new Map<number, string>();
    const keys: KeySource[] = [];
    const made = new Map<string, tf.Tensor1D>();
    let scalars = 0;
    const feedIn = <T extends tf.Tensor>(tensor: T, name: string): T => {
      const id = this.#id(tensor);
      inputs.add(id);
      fed.set(id, name);
      return tensor;
    };
    const makers: FeedMakers = {
      scalar: (value) => feedIn(tf.scalar(value), `scalars:${scalars++}`),
      key(pair, plugin, purpose, batch) {
        const name = JSON.stringify([plugin, purpose, batch]);
        const known = made.get(name);
        if (known) return known;
        const key = feedIn(tf.tensor1d([...pair], 'int32'), `keys:${keys.length}`);
        keys.push({plugin, purpose, batch});
        made.set(name, key);
        return key;
      },
    };
    const {result, recording} = record(this.#backend, inputs, () =>
      scope(() => runStep(program, state, makeFeed(call, batches, makers))),
    );
    const {state: after, report} = result;
    const next = tensorsOf(after).map((tensor) => this.#id(tensor));
    const discard = (): void => {
      this.#member.drop(after);
      report.dispose();
    };
    return {recording, fed, keys, next, report, state: after, discard};
  }

  #replay(shape: CapturedShape, call: StepCall, tensors: readonly tf.Tensor[]): StepOutcome {
    const member = this.#member;
    if (!this.#graph || !member.isOnDevice) {
      const {state} = member;
      const leaves = tensorsOf(state);
      this.#graph ??= new StepGraph(this.#backend, [...this.#shapes.values()], leaves);
      this.#graph.write(leaves);
      this.#form = state;
    }
    const graph = this.#graph;
    const report = graph.step(shape, call, tensors);
    member.leaveOnDevice(() => {
      const values = graph.read();
      let at = 0;
      return mapTensors(this.#form!, () => values[at++]!) as MemberState;
    });
    return {report, weights: undefined, accept: () => undefined, reject: () => member.forgetDevice()};
  }

  #id(tensor: tf.Tensor): number {
    return idOf(this.#backend, tensor);
  }

  #closeGraph(): void {
    this.#graph?.close();
    this.#graph = undefined;
  }
}

/**
 * A state in which no two leaves are one tensor (as an average is its weight at first): the recording tells
 * leaves apart by their tensors.
 */
function withoutAliases(
  backend: NativeBackend,
  state: MemberState,
): {state: MemberState; copies: tf.Tensor[]} {
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
  return {state: distinct as MemberState, copies};
}
