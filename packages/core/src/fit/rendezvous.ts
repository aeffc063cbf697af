import type {Executor, StepOutcome, StepRequest} from '../execution/executor.ts';
import type {MemberRun} from '../state/member-run.ts';
import type {Stepper} from './member-loop.ts';

interface Waiting {
  readonly request: StepRequest;
  readonly resolve: (outcome: StepOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lets members that train side by side take their steps as one: each waits until all those that are still training
 * have asked for theirs.
 */
export class Rendezvous implements Stepper {
  readonly #executor: Executor;
  readonly #together: NonNullable<Executor['together']>;
  readonly #training: Set<MemberRun>;
  #waiting: Waiting[] = [];
  #failure: {readonly error: unknown} | undefined;

  constructor(
    executor: Executor,
    together: NonNullable<Executor['together']>,
    members: readonly MemberRun[],
  ) {
    this.#executor = executor;
    this.#together = together;
    this.#training = new Set(members);
  }

  step(request: StepRequest): Promise<StepOutcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({request, resolve, reject});
      this.#goIfAllAreHere();
    });
  }

  release(member: MemberRun): void {
    this.#training.delete(member);
    this.#executor.release(member);
    this.#goIfAllAreHere();
  }

  /** One member's training has failed: the others take no more steps. */
  fail(error: unknown): void {
    this.#failure ??= {error};
    this.#goIfAllAreHere();
  }

  #goIfAllAreHere(): void {
    if (this.#waiting.length === 0) return;
    if (!this.#failure && this.#waiting.length < this.#training.size) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      if (this.#failure) throw this.#failure.error;
      const outcomes = this.#together.step(waiting.map(({request}) => request));
      for (const [i, {resolve}] of waiting.entries()) resolve(outcomes[i]!);
    } catch (error) {
      for (const {reject} of waiting) reject(error);
    }
  }
}
