import * as tf from '@tensorflow/tfjs-core';
import {type EvaluationNeeds, weightsToEvaluate} from '../evaluate/weights-to-evaluate.ts';
import type {Tensors} from '../info.ts';
import type {StateTree} from '../lib/tree.ts';
import type {MemberRun} from '../member/member-run.ts';
import type {Decision, EpochReport} from '../regularizer.ts';
import type {MemberState} from '../state/member-state.ts';

/**
 * What plugins collect for a report and decide on it. It is worked out beside the member, which takes it over in one
 * turn: until then the member is as it was, so that nobody saves, or is left by an error with, half of it.
 */
export class Decisions {
  readonly #member: MemberRun;
  readonly #needs: EvaluationNeeds;
  readonly #collected = new Set<string>();
  readonly #marking = new Set<string>();
  /** What the report is about. */
  #subject: MemberState;
  #state: MemberState;
  #stop: {readonly by: string; readonly why: string} | undefined;
  #sets: readonly Tensors[] | undefined;

  constructor(member: MemberRun, needs: EvaluationNeeds) {
    this.#member = member;
    this.#needs = needs;
    this.#subject = member.retained.hold(member.state);
    this.#state = member.retained.hold(member.state);
  }

  /** The member's state, with those of the plugins that have collected and decided. */
  get state(): MemberState {
    return this.#state;
  }

  /** The plugins that have collected something. */
  get collected(): ReadonlySet<string> {
    return this.#collected;
  }

  /** Notes what a plugin collected, before the report. */
  collect(plugin: string, state: StateTree): void {
    this.#replaceState(plugin, state);
    this.#subject = this.#member.retained.replace(this.#subject, this.#state);
    this.#collected.add(plugin);
  }

  /** Notes what a plugin decided: next state, mark, stop. */
  follow(plugin: string, {state, mark, stop}: Decision): void {
    if (state !== undefined) this.#replaceState(plugin, state);
    if (mark) this.#marking.add(plugin);
    if (stop !== undefined) this.#stop ??= {by: plugin, why: stop};
  }

  /** The sets of weights that the report is about, which are those that are marked. */
  async sets(): Promise<readonly Tensors[]> {
    this.#sets ??= await weightsToEvaluate(this.#member, this.#subject, this.#needs);
    return this.#sets;
  }

  /** Has the member take over what was decided on a report within an epoch. */
  async takeOver(report: EpochReport): Promise<void> {
    const sets = await this.#marked();
    const member = this.#member;
    // What is on a device stays there unless it has changed.
    if (this.#state !== member.state) member.commit(this.#state);
    this.#settle(sets, member.position.step);
    if (member.stopped) member.history = [...member.history, report];
  }

  /** The same at the end of an epoch, and ends it. */
  async endEpoch(report: EpochReport): Promise<void> {
    const sets = await this.#marked();
    const member = this.#member;
    const {epoch, step, decided} = member.position;
    member.commit({...this.#state, totals: tf.zerosLike(this.#state.totals)});
    member.position = {epoch: epoch + 1, batch: 0, step, counted: 0, decided};
    member.history = [...member.history, report];
    this.#settle(sets, step);
    member.keepSafe();
  }

  release(): void {
    const {retained} = this.#member;
    retained.release([this.#subject, this.#state, ...(this.#sets ?? [])]);
  }

  #replaceState(plugin: string, state: StateTree): void {
    const next = {...this.#state, plugins: {...this.#state.plugins, [plugin]: state}};
    this.#state = this.#member.retained.replace(this.#state, next);
  }

  async #marked(): Promise<readonly Tensors[]> {
    return this.#marking.size > 0 ? this.sets() : [];
  }

  #settle(sets: readonly Tensors[], step: number): void {
    const member = this.#member;
    for (const plugin of this.#marking) member.mark(plugin, sets);
    if (this.#stop) member.stop(this.#stop.by, this.#stop.why);
    member.position = {...member.position, decided: step};
  }
}
