import type {Point} from '../space/parameter.ts';
import type {ChosenPart} from '../space/part.ts';

/** One training: what is trained, and on which seed. */
export interface Trial {
  readonly point: Point;
  /** Of the trainer; search and report have different ones. */
  readonly seed: number;
}

/** What is run: a trial with what its point means. */
export interface TrialPlan extends Trial {
  /** Techniques that are on, with their options. */
  readonly parts: readonly ChosenPart[];
  /** Which part of the data is held out to validate on, from 0, where the search has folds. */
  readonly fold?: number;
  /** Ends training where it is aborted. */
  readonly signal: AbortSignal;
}

/** What a training came to: shares of wrong answers, or losses; smaller is better. */
export interface TrialErrors {
  /** What everything is chosen by. */
  readonly validation: number;
  /** What is reported; it decides nothing. */
  readonly test?: number;
}

/** Trains, and says how wrong the model is. */
export type RunTrial = (plan: TrialPlan) => Promise<TrialErrors> | TrialErrors;

/** A trial by name: the same in every process. */
export function nameOfTrial({point, seed}: Trial): string {
  const sorted = Object.entries(point).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([seed, Object.fromEntries(sorted)]);
}

/** The trial of a name. */
export function trialNamed(name: string): Trial {
  const [seed, point] = JSON.parse(name) as [number, Point];
  return {point, seed};
}
