import {describeValue, RegularizerError} from '@regularizers/core';
import pLimit from 'p-limit';
import {chosenParts, type Part} from '../space/part.ts';
import type {Outcome} from '../study/records.ts';
import type {Study} from '../study/study.ts';
import {nameOfTrial, type RunTrial, type Trial} from './trial.ts';

/** Runs trials that nobody has run yet, several at once, and knows what came of all others. */
export interface Pool {
  /** Sees to it that all are done, here or by another process, and says their validation errors: Infinity of what failed. */
  evaluate(trials: readonly Trial[]): Promise<readonly number[]>;
  outcomeOf(trial: Trial): Outcome | undefined;
  /** Different trials that were asked for. */
  readonly asked: number;
}

/** What a pool works with. */
export interface PoolOptions {
  readonly study: Study;
  readonly run: RunTrial;
  /** Trials that are under way at once, whoever asked for them. */
  readonly concurrency: number;
  readonly parts: readonly Part[];
  /** Which fold a trial on a seed is of; undefined where there are none. */
  readonly foldOf: (seed: number) => number | undefined;
  readonly signal: AbortSignal | undefined;
  /** Seconds that the search has taken so far. */
  readonly seconds: () => number;
  readonly onOutcome: (trial: Trial, outcome: Outcome) => void;
}

/** Milliseconds between looks at a study whose last trials others are at work on. */
const pause = 250;

export function createPool(options: PoolOptions): Pool {
  const {study, run, concurrency, parts, foldOf, signal, seconds, onOutcome} = options;
  const asked = new Set<string>();
  const limit = pLimit(concurrency);
  /** Trials that are under way here, or wait for their turn. */
  const running = new Map<string, Promise<boolean>>();
  /** What ends all: the first fault that is not of a trial. */
  const end = new AbortController();
  const ending = signal ? AbortSignal.any([signal, end.signal]) : end.signal;
  const throwIfEnding = (): void => {
    if (end.signal.aborted) throw end.signal.reason;
    throwIfAborted(signal);
  };

  const runOne = async (trial: Trial): Promise<void> => {
    const name = nameOfTrial(trial);
    let outcome: Outcome;
    try {
      const fold = foldOf(trial.seed);
      const {validation, test} = await run({
        ...trial,
        ...(fold === undefined ? {} : {fold}),
        parts: chosenParts(parts, trial.point),
        signal: ending,
      });
      throwIfEnding();
      outcome = {...finite(validation, test), seconds: seconds()};
    } catch (error) {
      if (ending.aborted || !isOfTrial(error)) {
        await study.release(name);
        throw error;
      }
      outcome = {validation: null, seconds: seconds(), failure: `[${error.where}] ${error.problem}`};
    }
    await study.finish(name, outcome);
    onOutcome(trial, outcome);
  };

  /** Runs a trial where no other process does; says whether it was run here. */
  const runHere = (trial: Trial): Promise<boolean> => {
    const name = nameOfTrial(trial);
    const before = running.get(name);
    if (before) return before;
    const turn = limit(async () => {
      try {
        throwIfEnding();
        if (!(await study.claim(name))) return false;
        await runOne(trial);
        return true;
      } catch (error) {
        end.abort(error);
        throw error;
      } finally {
        running.delete(name);
      }
    });
    running.set(name, turn);
    return turn;
  };

  return {
    async evaluate(trials) {
      for (const trial of trials) asked.add(nameOfTrial(trial));
      for (;;) {
        const open = trials.filter((trial) => !study.state.outcomes.has(nameOfTrial(trial)));
        if (open.length === 0) break;
        const turns = await Promise.allSettled(open.map(runHere));
        // Where one ends all, nothing is left running.
        if (ending.aborted) await Promise.allSettled(running.values());
        throwIfEnding();
        if (turns.some((turn) => turn.status === 'fulfilled' && turn.value)) continue;
        await new Promise((resolve) => setTimeout(resolve, pause));
        await study.refresh();
      }
      return trials.map((trial) => study.state.outcomes.get(nameOfTrial(trial))!.validation ?? Infinity);
    },
    outcomeOf: (trial) => study.state.outcomes.get(nameOfTrial(trial)),
    get asked() {
      return asked.size;
    },
  };
}

function finite(validation: unknown, test: unknown): Pick<Outcome, 'validation' | 'test'> {
  const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
  if (isNumber(validation) && (test === undefined || isNumber(test))) {
    return {validation, ...(test === undefined ? {} : {test})};
  }
  throw new RegularizerError({
    where: 'search',
    code: 'not-finite',
    message: `a trial's errors are finite numbers; received ${describeValue({validation, test})}`,
  });
}

/** What no other trial would survive either, or was meant to end all. */
const lasting: ReadonlySet<string> = new Set(['backend-lost', 'browser-failed', 'no-worker', 'aborted']);

/** A typed error is about what was trained; any other is a fault in the way to train. */
const isOfTrial = (error: unknown): error is RegularizerError =>
  RegularizerError.isInstance(error) && !lasting.has(error.code);

/** @throws RegularizerError with code `aborted` */
function throwIfAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new RegularizerError({
    where: 'search',
    code: 'aborted',
    message: 'the search was ended by its signal',
    hint: 'What is done is in its study: the same search goes on with it.',
  });
}
