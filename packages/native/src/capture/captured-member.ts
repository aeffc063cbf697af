import {type Batch, mapTensors, type StateTree, tensorsOf} from '@regularizers/core';
import {
  type BoundPlugin,
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
import {checkSame, checkState, formOf} from './check.ts';
import {idOf, record} from './recorder.ts';
import {simplify} from './simplify/simplify.ts';
import {type CapturedShape, type KeySource, StepGraph} from './step-graph.ts';

/** One recorded run of a step. */
interface Recorded extends Pick<CapturedShape, 'recording' | 'fed' | 'keys' | 'next' | 'report'> {
  /** The next state's form: its tensors' types and shapes, and everything else. */
  readonly form: StateTree;
}

/** One member's captured steps: a graph for each shape of batch, in one session that holds the state. */
export class CapturedMember {
  readonly #backend: NativeBackend;
  readonly #member: MemberRun;
  readonly #shapes = new Map<string, CapturedShape>();
  #graph: StepGraph | undefined;
  /** The state as it was when it was last written to the device. */
  #written: MemberState | undefined;
  /** The form of the part that is resident, which the recordings hold for. */
  #form = '';

  constructor(backend: NativeBackend, member: MemberRun) {
    this.#backend = backend;
    this.#member = member;
  }

  step(call: StepCall): StepOutcome {
    const batches = scope(() => call.batches.map((batch) => batch.make()));
    // Kept, so that the step's own scopes let them be.
    const tensors = batches.flatMap(batchTensors).map((tensor) => tf.keep(tensor));
    try {
      this.#checkForm();
      const signature = tensors.map(({shape, dtype}) => `${dtype}[${shape.join()}]`).join();
      let shape = this.#shapes.get(signature);
      if (!shape) {
        shape = this.#record(`shape${this.#shapes.size}_`, call, batches, tensors);
        this.#shapes.set(signature, shape);
        // The graph is written anew with one shape more.
        this.#bringHome();
      }
      return this.#replay(shape, call, tensors);
    } finally {
      tf.dispose(tensors);
    }
  }

  /** Forgets the recordings where the state has got another form outside the step, as a list that has grown. */
  #checkForm(): void {
    if (this.#member.isOnDevice) return;
    const form = JSON.stringify(formOf(this.#resident(this.#member.state)));
    if (form === this.#form) return;
    this.#form = form;
    this.#shapes.clear();
    this.#bringHome();
  }

  /** What lives on the device: not the state of plugins that have no hook in the step. */
  #resident(state: MemberState): MemberState {
    const inStep = new Set(this.#member.program.plugins.filter(actsInStep).map(({name}) => name));
    const plugins = Object.entries(state.plugins).filter(([name]) => inStep.has(name));
    return {...state, plugins: Object.fromEntries(plugins)};
  }

  /** Ends the member's captured steps; its state is on the host then. */
  release(): void {
    this.#bringHome();
  }

  /** Reads the state into the host's keeping and closes the session. */
  #bringHome(): void {
    void this.#member.state;
    this.#member.forgetDevice();
    this.#graph?.close();
    this.#graph = undefined;
  }

  /**
   * Runs the step op by op, twice, and keeps the record alone. The step itself is replayed like every other one,
   * so that a run that is stopped and resumed anywhere computes the same bits.
   */
  #record(
    name: string,
    call: StepCall,
    batches: readonly Batch[],
    tensors: readonly tf.Tensor[],
  ): CapturedShape {
    const {state, copies} = withoutAliases(this.#backend, this.#resident(this.#member.state));
    try {
      const first = this.#recordOnce(state, call, batches, tensors);
      const second = this.#recordOnce(state, call, batches, tensors);
      checkState(formOf(state), first.form);
      checkSame(first.recording, second.recording);
      const {form: _, recording, ...recorded} = first;
      return {
        name,
        ...recorded,
        recording: simplify(recording),
        batch: tensors.map((tensor) => ({id: this.#id(tensor), shape: tensor.shape, dtype: tensor.dtype})),
        state: tensorsOf(state).map((tensor) => this.#id(tensor)),
        scalars: scalarValues(call.numbers).length,
      };
    } finally {
      tf.dispose(copies);
    }
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
        // Kept: a second pass of the step may ask for it outside the scope that it was made in.
        const key = feedIn(tf.keep(tf.tensor1d([...pair], 'int32')), `keys:${keys.length}`);
        keys.push({plugin, purpose, batch});
        made.set(name, key);
        return key;
      },
    };
    try {
      const {result, recording} = record(this.#backend, inputs, () =>
        scope(() => {
          const {state: after, report} = runStep(program, state, makeFeed(call, batches, makers));
          const next = tensorsOf(after).map((tensor) => this.#id(tensor));
          return {next, report: this.#id(report), form: formOf(after)};
        }),
      );
      return {recording, fed, keys, ...result};
    } finally {
      tf.dispose([...made.values()]);
    }
  }

  #replay(shape: CapturedShape, call: StepCall, tensors: readonly tf.Tensor[]): StepOutcome {
    const member = this.#member;
    if (!this.#graph || !member.isOnDevice) {
      const {state} = member;
      const leaves = tensorsOf(this.#resident(state));
      this.#graph ??= new StepGraph(this.#backend, [...this.#shapes.values()], leaves);
      this.#graph.write(leaves);
      this.#written = state;
    }
    const graph = this.#graph;
    const report = graph.step(shape, call, tensors);
    member.leaveOnDevice(() => this.#read(graph));
    return {report, weights: undefined, accept: () => undefined, reject: () => member.forgetDevice()};
  }

  /** The state with what the device holds in its place. */
  #read(graph: StepGraph): MemberState {
    const written = this.#written!;
    const values = graph.read();
    let at = 0;
    const read = mapTensors(this.#resident(written), () => values[at++]!) as MemberState;
    return {...read, plugins: {...written.plugins, ...read.plugins}};
  }

  #id(tensor: tf.Tensor): number {
    return idOf(this.#backend, tensor);
  }
}

const stepHooks = [
  'batch',
  'weights',
  'activation',
  'targets',
  'penalty',
  'gradients',
  'project',
  'track',
] as const;

function actsInStep({regularizer}: BoundPlugin): boolean {
  return stepHooks.some((hook) => regularizer[hook] !== undefined);
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
