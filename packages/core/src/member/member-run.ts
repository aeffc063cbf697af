import type {Tensors} from '../info.ts';
import {Retained} from '../lib/retain.ts';
import type {Program} from '../plugins/program.ts';
import type {EpochReport, FinishReason} from '../regularizer.ts';
import type {MemberState} from '../state/member-state.ts';
import type {SplitRecord} from '../state/split-record.ts';

/** Where a member's training is. */
export interface Position {
  /** Epochs done. */
  readonly epoch: number;
  /** Batches of the running epoch done. */
  readonly batch: number;
  /** Optimizer steps done. */
  readonly step: number;
  /** Examples since the totals were last reset. */
  readonly counted: number;
  /** The optimizer step of the last report that plugins have decided on. */
  readonly decided: number;
}

/** How an epoch is cut into batches. */
export interface EpochCut {
  /** Examples in memory; null for a stream. */
  readonly examples: number | null;
  readonly batchSize: number;
  readonly accumulate: number;
  readonly shuffle: boolean;
  readonly dropLast: boolean;
  /** Of a stream; null where it was not given. */
  readonly stepsPerEpoch: number | null;
  /** Which examples are held out; null where none are. */
  readonly split: SplitRecord | null;
}

/** Why and where a member's training ended early. */
export interface Stopped {
  /** The plugin that asked for it, or `signal`. */
  readonly by: string;
  readonly why: string;
  readonly member: number;
  readonly epoch: number;
  readonly step: number;
}

/** What holds a member's state besides the member itself, as a session does on its device. */
export interface StateHolder {
  /** The state, if it has changed there since it was last pulled; the member takes it over. */
  pull(): MemberState | undefined;
  /** The member has got another state: the one that is held counts no more. */
  drop(): void;
}

/** One member in training: its program, its state, and what was kept along the way. */
export class MemberRun {
  readonly program: Program;
  readonly retained: Retained = new Retained();
  /** The sets of weights that plugins marked last, by plugin. */
  readonly marks: Map<string, readonly Tensors[]> = new Map<string, readonly Tensors[]>();
  history: readonly EpochReport[] = [];
  position: Position = {epoch: 0, batch: 0, step: 0, counted: 0, decided: 0};
  /** How the running epoch is cut; undefined before the first. */
  cut: EpochCut | undefined;
  stopped: Stopped | undefined;
  /** How its last run ended, or undefined while it may go on. */
  ended: FinishReason | undefined;
  /** The sets of weights that it is left with, once it has ended; training would go on from `state`. */
  final: readonly Tensors[] | undefined;
  #state: MemberState;
  #safe: {readonly state: MemberState; readonly position: Position} | undefined;
  #holder: StateHolder | undefined;

  constructor(program: Program, state: MemberState) {
    this.program = program;
    this.#state = this.retained.hold(state);
  }

  /** The state, read from where it is newer. */
  get state(): MemberState {
    this.fetch();
    return this.#state;
  }

  /** Reads the state from its holder, if it is newer there. */
  fetch(): void {
    const newer = this.#holder?.pull();
    if (newer) this.#state = this.retained.replace(this.#state, newer);
  }

  /** Where a newer state may be from now on, or with undefined nowhere else. */
  heldBy(holder: StateHolder | undefined): void {
    this.#holder = holder;
  }

  /** Moves on to the next state. With `keepLast`, the one before is what {@link rollBack} goes back to. */
  commit(next: MemberState, keepLast = false): void {
    this.#holder?.drop();
    if (keepLast) this.keepSafe();
    this.#state = this.retained.replace(this.#state, next);
  }

  /** Makes the present state the one that {@link rollBack} goes back to. */
  keepSafe(): void {
    const last = this.#safe;
    this.#safe = {state: this.retained.hold(this.state), position: this.position};
    if (last) this.retained.release(last.state);
  }

  /** Keeps no state to go back to. */
  dropSafe(): void {
    if (this.#safe) this.retained.release(this.#safe.state);
    this.#safe = undefined;
  }

  /** Disposes of a state that will not be committed, but for what it shares with those that are held. */
  drop(state: MemberState): void {
    this.retained.drop(state);
  }

  /** Goes back to the state and the position that were kept last. */
  rollBack(): void {
    if (!this.#safe) return;
    const {state, position} = this.#safe;
    this.commit(state);
    this.position = position;
  }

  /** Keeps weights for a plugin to leave the model with. */
  mark(plugin: string, sets: readonly Tensors[]): void {
    const last = this.marks.get(plugin);
    this.marks.set(plugin, this.retained.hold(sets));
    if (last) this.retained.release(last);
  }

  /** Settles the weights that it is left with; `undefined` while training goes on. */
  setFinal(sets: readonly Tensors[] | undefined): void {
    if (sets) this.retained.hold(sets);
    if (this.final) this.retained.release(this.final);
    this.final = sets;
  }

  /** Notes that a plugin or the signal ends training here, unless something else did before. */
  stop(by: string, why: string): void {
    const {epoch, step, batch} = this.position;
    this.stopped ??= {by, why, member: this.program.member, epoch: batch > 0 ? epoch + 1 : epoch, step};
  }

  /** Lets training go on after it has ended. */
  reopen(): void {
    this.ended = undefined;
    this.stopped = undefined;
    this.setFinal(undefined);
  }

  dispose(): void {
    this.retained.releaseAll();
  }
}
