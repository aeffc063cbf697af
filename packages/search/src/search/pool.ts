import {describeValue, RegularizerError} from '@regularizers/core';
import {chosenParts, type Part} from '../space/part.ts';
import type {Outcome} from '../study/records.ts';
import type {Study} from '../study/study.ts';
import {nameOfTrial, type RunTrial, type Trial} from './trial.ts';

/** Runs trials that nobody has run yet, and knows what came of all others. */
export interface Pool {
  /** Sees to it that all are done, here or by another process, and says their validation errors: Infinity of what failed. */
  evaluate(trials: readonly Trial[]): Promise<readonly number[]>;
  outcomeOf(trial: Trial): Outcome | undefined;
  /** Different trials that were asked for. */
  readonly asked: number;
  /** What training takes, in seconds; 0 where nothing is known. */
  readonly secondsPerTrial: number;
}

/** What a pool works with. */
export interface PoolOptions {
  readonly study: Study;
  readonly run: RunTrial;
  readonly parts: readonly Part[];
  readonly signal: AbortSignal | undefined;
  readonly onOutcome: (trial: Trial, outcome: Outcome) => void;
}

/** Milliseconds between looks at a study whose last trials others are at work on. */
const pause = 250;

export function createPool({study, run, parts, signal, onOutcome}: PoolOptions): Pool {
  const asked = new Set<string>();

  const runOne = async (trial: Trial): Promise<void> => {
    const name = nameOfTrial(trial);
    const start = performance.now();
    const seconds = (): number => (performance.now() - start) / 1000;
    let outcome: Outcome;
    try {
      const plan = {...trial, parts: chosenParts(parts, trial.point), ...(signal ? {signal} : {})};
      const {validation, test} = await run(plan);
      throwIfAborted(signal);
      outcome = {...finite(validation, test), seconds: seconds()};
    } catch (error) {
      if (!isOfTrial(error)) {
        await study.release(name);
        throw error;
      }
      outcome = {validation: null, seconds: seconds(), failure: `[${error.where}] ${error.problem}`};
    }
    await study.finish(name, outcome);
    onOutcome(trial, outcome);
  };

  return {
    async evaluate(trials) {
      for (const trial of trials) asked.add(nameOfTrial(trial));
      for (;;) {
        const open = trials.filter((trial) => !study.state.outcomes.has(nameOfTrial(trial)));
        if (open.length === 0) break;
        let ran = 0;
        for (const trial of open) {
          throwIfAborted(signal);
          if (!(await study.claim(nameOfTrial(trial)))) continue;
          await runOne(trial);
          ran += 1;
        }
        if (ran > 0) continue;
        await new Promise((resolve) => setTimeout(resolve, pause));
        await study.refresh();
      }
      return trials.map((trial) => study.state.outcomes.get(nameOfTrial(trial))!.validation ?? Infinity);
    },
    outcomeOf: (trial) => study.state.outcomes.get(nameOfTrial(trial)),
    get asked() {
      return asked.size;
    },
    get secondsPerTrial() {
      const all = [...study.state.outcomes.values()];
      return all.length === 0 ? 0 : all.reduce((sum, {seconds}) => sum + seconds, 0) / all.length;
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
const lasting: ReadonlySet<string> = new Set(['backend-lost', 'browser-failed', 'aborted']);

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
