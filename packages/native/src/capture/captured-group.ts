import type {MemberRun, StepOutcome, StepRequest} from '@regularizers/core/execution';
import type {NativeBackend} from '../backend.ts';
import {CapturedMember} from './captured-member.ts';
import {StepGraph} from './step-graph.ts';

/** Members whose steps are captured, in one graph of one session that holds all their states. */
export class CapturedGroup {
  readonly #backend: NativeBackend;
  readonly #members = new Map<MemberRun, CapturedMember>();
  #graph: StepGraph | undefined;
  /** Members whose next step is a warm-up. */
  readonly #warmUps = new Set<MemberRun>();
  #begun = 0;

  constructor(backend: NativeBackend) {
    this.#backend = backend;
  }

  /**
   * Records a member's step, if there is no recording of its shape yet.
   *
   * @throws RegularizerError with code `cannot-capture`
   */
  prepare(run: MemberRun, call: StepRequest['call']): void {
    let member = this.#members.get(run);
    if (!member) {
      member = new CapturedMember(this.#backend, run, `member${this.#begun++}_`);
      this.#members.set(run, member);
    }
    // The graph is written anew with one shape more, or with other variables.
    if (!member.prepare(call, [...this.#members.values()])) return;
    this.#warmUps.add(run);
    this.#bringHome();
  }

  /** One step of each. */
  step(requests: readonly StepRequest[]): ReadonlyMap<MemberRun, StepOutcome> {
    if (requests.length === 0) return new Map();
    const members = [...this.#members.values()];
    this.#graph ??= new StepGraph(
      this.#backend,
      members.map((member) => member.part()),
    );
    const graph = this.#graph;
    const steps = requests.map(({member: run, call}) => {
      const member = this.#members.get(run)!;
      member.sendTo(graph);
      return {part: member.name, shape: member.shapeFor(call), call};
    });
    const reports = graph.step(steps);
    return new Map(
      requests.map(({member: run}, i) => {
        this.#members.get(run)!.leaveOn(graph);
        const outcome: StepOutcome = {
          report: reports[i]!,
          weights: undefined,
          isWarmUp: this.#warmUps.delete(run),
          accept: () => undefined,
          reject: () => run.forgetDevice(),
        };
        return [run, outcome];
      }),
    );
  }

  /** Ends a member's captured steps; its state is on the host then. */
  release(run: MemberRun): void {
    this.#members.get(run)?.bringHome();
    this.#members.delete(run);
    if (this.#members.size === 0) this.#bringHome();
  }

  /** Reads all states into the host's keeping and closes the session. */
  #bringHome(): void {
    for (const member of this.#members.values()) member.bringHome();
    this.#graph?.close();
    this.#graph = undefined;
  }
}
