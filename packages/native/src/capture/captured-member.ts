import {mapTensors, tensorsOf} from '@regularizers/core';
import {
  type BoundPlugin,
  type MemberRun,
  type MemberState,
  type StateHolder,
  type StepCall,
  stepHookNames,
} from '@regularizers/core/execution';
import type * as tf from '@tensorflow/tfjs-core';
import type {NativeBackend} from '../backend.ts';
import {checkSame, checkState, structureOf} from './check.ts';
import {idOf} from './recorder.ts';
import {simplify} from './simplify/simplify.ts';
import type {CapturedShape, GraphPart} from './step-graph.ts';
import {isSameStep, type RecordedStep, recordStep, withoutAliases} from './step-recording.ts';

/** What of a member is captured so far: a recording for each shape of its batches. */
export class CapturedMember implements StateHolder {
  readonly name: string;
  readonly #backend: NativeBackend;
  readonly #run: MemberRun;
  readonly #shapes = new Map<string, Captured>();
  /** The state as it was when it was last written to the device. */
  #written: MemberState | undefined;
  /** The structure of the part that is resident, which the recordings hold for. */
  #structure = '';
  #next: PreparedStep | undefined;
  #isOnDevice = false;
  #read: (() => readonly tf.Tensor[]) | undefined;

  /** @param name - what its nodes' names begin with */
  constructor(backend: NativeBackend, run: MemberRun, name: string) {
    this.#backend = backend;
    this.#run = run;
    this.name = name;
    run.heldBy(this);
  }

  /**
   * Records a step op by op, unless there is a recording for its shape, and keeps the record alone: the step itself is
   * replayed like every other one, so that a run that is stopped and resumed anywhere computes the same bits.
   *
   * @param others - members that may have recorded the same step already
   * @returns whether there is something new to put into the graph
   */
  prepare(call: StepCall, others: readonly CapturedMember[]): boolean {
    this.#checkStructure();
    const signature = this.#signature(call);
    const known = this.#shapes.get(signature);
    const captured = known ?? this.#capture(signature, call, others);
    this.#shapes.set(signature, captured);
    this.#next = {shape: captured.shape, isWarmUp: known === undefined};
    return known === undefined;
  }

  /** The step that was prepared last. */
  get next(): PreparedStep {
    return this.#next!;
  }

  #capture(signature: string, call: StepCall, others: readonly CapturedMember[]): Captured {
    const state = this.#resident(this.#run.state);
    const distinct = withoutAliases(this.#backend, state);
    try {
      const first = this.#record(distinct.state, call);
      const twin = others
        .map((other) => other.#shapes.get(signature))
        .find((shape) => shape && isSameStep(shape.raw, first));
      if (!twin) {
        const again = this.#record(distinct.state, call);
        checkState(structureOf(state), first.structure);
        checkSame(first.recording, again.recording);
      }
      return twin
        ? {raw: twin.raw, shape: this.#named(twin.shape)}
        : {raw: first, shape: this.#captured(first)};
    } finally {
      distinct.dispose();
    }
  }

  /** Its part of the graph. */
  part(): GraphPart {
    const leaves = tensorsOf(this.#resident(this.#run.state));
    return {name: this.name, leaves, shapes: [...this.#shapes.values()].map(({shape}) => shape)};
  }

  /** What is to be written to the device; undefined if the state is there. */
  toWrite(): readonly tf.Tensor[] | undefined {
    if (this.#isOnDevice) return undefined;
    this.#written = this.#run.state;
    return tensorsOf(this.#resident(this.#written));
  }

  /** A step has run: the state is newer on the device; `read` gives it as it is there. */
  stepped(read: () => readonly tf.Tensor[]): void {
    this.#isOnDevice = true;
    this.#read = read;
  }

  /** The device has the member's state, or a newer one. */
  get isOnDevice(): boolean {
    return this.#isOnDevice;
  }

  pull(): MemberState | undefined {
    const read = this.#read;
    this.#read = undefined;
    return read && this.#updated(read());
  }

  drop(): void {
    this.#isOnDevice = false;
    this.#read = undefined;
  }

  /** Reads the state into the host's keeping. */
  bringHome(): void {
    this.#run.fetch();
    this.drop();
  }

  /** Forgets the recordings where the state has got another structure outside the step, as a list that has grown. */
  #checkStructure(): void {
    if (this.#isOnDevice) return;
    const structure = JSON.stringify(structureOf(this.#resident(this.#run.state)));
    if (structure === this.#structure) return;
    this.#structure = structure;
    this.#shapes.clear();
  }

  /** What lives on the device: not the state of plugins that have no hook in the step. */
  #resident(state: MemberState): MemberState {
    const inStep = new Set(this.#run.program.plugins.filter(actsInStep).map(({name}) => name));
    const plugins = Object.entries(state.plugins).filter(([name]) => inStep.has(name));
    return {...state, plugins: Object.fromEntries(plugins)};
  }

  #record(state: MemberState, call: StepCall): RecordedStep {
    return recordStep(this.#backend, this.#run.program, state, call);
  }

  #captured({structure: _, recording, ...recorded}: RecordedStep): CapturedShape {
    return this.#named({...recorded, recording: simplify(recording)});
  }

  /** A member's shapes have names of their own: those of another that has recorded the same may be taken here. */
  #named(shape: Omit<CapturedShape, 'name'>): CapturedShape {
    return {...shape, name: `shape${this.#shapes.size}_`};
  }

  /** The state with what the device holds in its place. */
  #updated(values: readonly tf.Tensor[]): MemberState {
    const written = this.#written!;
    let at = 0;
    const read = mapTensors(this.#resident(written), () => values[at++]!) as MemberState;
    return {...read, plugins: {...written.plugins, ...read.plugins}};
  }

  /** Types and shapes of what a step is fed, and which of the sources are one tensor. */
  #signature({batches}: StepCall): string {
    return batches
      .map(({sources, indices}) => {
        const ids = sources.map((source) => idOf(this.#backend, source));
        const specs = sources.map(({dtype, shape}, i) => `${dtype}[${shape.join()}]${ids.indexOf(ids[i]!)}`);
        return `${specs.join()} ${indices?.length ?? ''}`;
      })
      .join('; ');
  }
}

/** A step that is about to run. */
export interface PreparedStep {
  readonly shape: CapturedShape;
  /** It was recorded for this. */
  readonly isWarmUp: boolean;
}

/** A step as it was recorded, and as it goes into the graph. */
interface Captured {
  readonly raw: RecordedStep;
  readonly shape: CapturedShape;
}

function actsInStep({regularizer}: BoundPlugin): boolean {
  // Derivations see no state.
  return stepHookNames.some((hook) => hook !== 'derive' && regularizer[hook] !== undefined);
}
