import type {Recipe} from '../../recipe.ts';
import type {Picture} from '../../report/picture.ts';
import type {Measure} from '../../report/rows.ts';

/** Something that a lesson shows: one claim, one number to move, and what is measured beside what is expected. */
export interface Lesson extends LessonText {
  /** What is trained without, and with: the same seed, data and model. */
  readonly baseline: Recipe;
  /** @param value on the slider */
  recipe(value: number): Recipe;
  /** @throws RegularizerError with code `bad-option` for a value or a seed that {@link run} would not take */
  check(value: number, seed?: number): void;
  /**
   * Trains, on tfjs's current backend, and measures.
   *
   * @param value on the slider
   * @throws RegularizerError with code `bad-option`; the signal's reason, once it is aborted
   */
  run(value: number, options?: LessonOptions): Promise<LessonResult>;
}

/** What a lesson says. */
export interface LessonText {
  /** What `lab lesson` calls it: `early-stopping`. */
  readonly name: string;
  readonly title: string;
  /** One sentence. */
  readonly claim: string;
  /** What there is to see: short paragraphs. */
  readonly see: readonly string[];
  /** What of it is exact, what approximate, and under which loss: short paragraphs. */
  readonly exact: readonly string[];
  readonly sources: readonly Source[];
  readonly slider: Slider;
}

/** Where it was written first, or best. */
export interface Source {
  /** Authors, year and title. */
  readonly paper: string;
  /** The equation, the section or the figure. */
  readonly where: string;
  readonly url?: string;
}

/** The one number of a lesson. */
export interface Slider {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly scale: 'linear' | 'log';
  /** Values are multiples of it. @defaultValue any value will do */
  readonly step?: number;
  /** Where it stands at first. */
  readonly value: number;
}

/** What a lesson is told, and what it tells. */
export interface LessonOptions {
  /** Weights, batches and draws follow from it; data stays. 0 to 2³¹ − 1. @defaultValue 0 */
  readonly seed?: number;
  readonly signal?: AbortSignal | undefined;
  /** @param done from 0 to 1 @param words what is trained */
  readonly onProgress?: ((done: number, words: string) => void) | undefined;
}

/** What a lesson came to: plain JSON. */
export interface LessonResult {
  readonly lesson: string;
  readonly value: number;
  readonly seed: number;
  readonly numbers: readonly LessonNumber[];
  readonly pictures: readonly Picture[];
  readonly baseline: Trained;
  readonly recipe: Trained;
}

/** A number that was measured, beside the one that is expected. */
export interface LessonNumber {
  readonly label: string;
  readonly measured: number;
  readonly expected: number;
  /** What chance and rounding may do, in the numbers' unit; 0 only of what is exact by its making. */
  readonly tolerance: number;
  /**
   * - `agree`: they are no further apart than the tolerance
   * - `differ`: they are further apart: a control, of what must not hold
   * - `stay below`: measured is no further above expected than the tolerance
   * - `be lower`, `be higher`: measured is on that side of expected, by more than the tolerance
   */
  readonly must: 'agree' | 'differ' | 'stay below' | 'be lower' | 'be higher';
  readonly unit?: string;
  readonly note?: string;
}

/** What one recipe of the pair came to. */
export interface Trained {
  readonly measure: Measure;
  readonly trainingError: number;
  readonly validationError: number;
  readonly testError: number;
  readonly parameters: number;
  readonly epochs: number;
}

/** Whether a number is as it must be. */
export function holds({measured, expected, tolerance, must}: LessonNumber): boolean {
  switch (must) {
    case 'agree':
      return Math.abs(measured - expected) <= tolerance;
    case 'differ':
      return Math.abs(measured - expected) > tolerance;
    case 'stay below':
      return measured <= expected + tolerance;
    case 'be lower':
      return measured < expected - tolerance;
    case 'be higher':
      return measured > expected + tolerance;
  }
}
