import type {Study} from '../study/study.ts';
import type {SearchProgress} from './options.ts';
import type {Pool} from './pool.ts';

/**
 * Of the budget of a search, its report apart, what may be gone when a stage has come to its end: compositions have two
 * fifths at the least, however short the time, and whatever those before them leave.
 *
 * @example
 * ```ts
 * import {stageShares} from '@regularizers/search';
 *
 * console.log(`at most ${100 * stageShares.baseline} % for the baseline`);
 * ```
 */
export const stageShares: Readonly<Record<SearchProgress['stage'], number>> = {
  baseline: 0.2,
  alone: 0.58,
  together: 1,
  report: 1,
};

/** Within the stage of techniques alone: until all are tried at few strengths, and until the best are tried at all. */
export const sharesAlone = {screened: 0.42, tuned: 0.52} as const;

/** Of the minutes, what is set aside at most for the report and what comes after it. */
const mostAside = 0.4;

/** What a budget goes by. */
interface BudgetOptions {
  readonly study: Study;
  readonly pool: Pick<Pool, 'asked'>;
  readonly trials: number;
  readonly minutes: number;
  /** Seconds that the search has taken so far. */
  readonly seconds: () => number;
  /** Trials that come after the search: its finals, its report, and what the caller wants to have left. */
  readonly afterwards: () => number;
}

/**
 * Whether some trials more may begin before a share of the budget is gone: decided once for all that work on a study.
 *
 * @param what names the decision
 * @param planned trials that are to be run before the next question
 */
export type IsLeft = (what: string, share: number, planned?: number) => Promise<boolean>;

/**
 * The time of what comes afterwards is set aside. Where trials take so long that it would be most of the budget, the search
 * has its part all the same, and the report takes longer.
 */
export function budgetOf({study, pool, trials, minutes, seconds, afterwards}: BudgetOptions): IsLeft {
  const total = 60 * minutes;
  /** What some trials more would take, by what trials have taken so far. */
  const secondsFor = (more: number): number => (more * seconds()) / study.state.outcomes.size;
  return (what, share, planned = 0) =>
    study.decide(what, () => {
      const aside = Math.min(secondsFor(afterwards()), mostAside * total);
      return (
        pool.asked + planned < share * trials && seconds() + secondsFor(planned) < share * (total - aside)
      );
    });
}
