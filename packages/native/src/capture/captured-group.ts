import type {MemberCall, MemberRun, StepOutcome} from '@regularizers/core/execution';
import * as tf from '@tensorflow/tfjs-core';
import type {NativeBackend} from '../backend.ts';
import {CapturedMember} from './captured-member.ts';
import {StepGraph} from './step-graph.ts';

/** Members whose steps are captured, in one graph of one session that holds all their states. */
export class CapturedGroup {
  readonly #backend: NativeBackend;
  readonly #members = new Map<MemberRun, CapturedMember>();
  #graph: StepGraph | undefined;
  /** States that were read together with another member's, which somebody asked for first. */
  #read = new Map<string, readonly tf.Tensor[]>();
  #begun = 0;

  constructor(backend: NativeBackend) {
    this.#backend = backend;
  }

  /**
   * Records a member's step, if there is no recording of its shape yet.
   *
   * @throws RegularizerError with code `cannot-capture`
   */
  prepare(call: MemberCall): void {
    const {member: run} = call;
    let member = this.#members.get(run);
    if (!member) {
      member = new CapturedMember(this.#backend, run, `member${this.#begun++}_`);
      this.#members.set(run, member);
    }
    // The graph is written anew with one shape more, or with other variables.
    if (member.prepare(call, [...this.#members.values()])) this.#bringHome();
  }

  /** One step of each. */
  step(calls: readonly MemberCall[]): ReadonlyMap<MemberRun, StepOutcome> {
    if (calls.length === 0) return new Map();
    const graph = this.#openGraph();
    const stepping = calls.map((call) => ({call, run: call.member, member: this.#members.get(call.member)!}));
    this.#send(graph, stepping);
    const reports = graph.step(
      stepping.map(({member, call}) => ({part: member.name, shape: member.next.shape, call})),
    );
    this.#forgetRead();
    return new Map(
      stepping.map(({run, member}, i) => {
        member.stepped(() => this.#readOf(member.name, graph));
        const outcome: StepOutcome = {
          report: reports[i]!,
          isWarmUp: member.next.isWarmUp,
          accept: () => undefined,
          reject: () => run.rollBack(),
        };
        return [run, outcome];
      }),
    );
  }

  /** Ends a member's captured steps; its state is on the host then. */
  release(run: MemberRun): void {
    this.#members.get(run)?.bringHome();
    this.#members.delete(run);
    run.heldBy(undefined);
    if (this.#members.size === 0) this.#bringHome();
  }

  /** Ends all that have not been released. */
  close(): void {
    for (const run of [...this.#members.keys()]) this.release(run);
  }

  #openGraph(): StepGraph {
    this.#graph ??= new StepGraph(
      this.#backend,
      [...this.#members.values()].map((member) => member.part()),
    );
    return this.#graph;
  }

  /** Writes the states that are not on the device. */
  #send(graph: StepGraph, stepping: readonly {readonly member: CapturedMember}[]): void {
    const states = new Map<string, readonly tf.Tensor[]>();
    for (const {member} of stepping) {
      const leaves = member.toWrite();
      if (leaves) states.set(member.name, leaves);
    }
    if (states.size > 0) graph.write(states);
  }

  /**
   * A member's state. All are read at once: where one is asked for, at the end of an epoch, the others will be, and
   * the session prepares anew for each choice of what to read.
   */
  #readOf(name: string, graph: StepGraph): readonly tf.Tensor[] {
    if (!this.#read.has(name)) {
      this.#forgetRead();
      const onDevice = [...this.#members.values()].filter(({isOnDevice}) => isOnDevice).map(({name}) => name);
      this.#read = new Map(graph.read(onDevice.includes(name) ? onDevice : [name]));
    }
    const values = this.#read.get(name)!;
    this.#read.delete(name);
    return values;
  }

  #forgetRead(): void {
    for (const values of this.#read.values()) tf.dispose([...values]);
    this.#read.clear();
  }

  /** Reads all states into the host's keeping and closes the session. */
  #bringHome(): void {
    for (const member of this.#members.values()) member.bringHome();
    this.#forgetRead();
    this.#graph?.close();
    this.#graph = undefined;
  }
}
