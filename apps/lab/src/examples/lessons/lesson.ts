import {RegularizerError} from '@regularizers/core';
import type {Recipe} from '../../recipe.ts';
import type {Picture} from '../../report/picture.ts';
import type {Measure} from '../../report/rows.ts';
import type {Training} from './training.ts';

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
interface LessonText {
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
interface Source {
  /** Authors, year and title. */
  readonly paper: string;
  /** The equation, the section or the figure. */
  readonly where: string;
  readonly url?: string;
}

/** The one number of a lesson. */
interface Slider {
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
  /** How far apart they may be, in the numbers' unit. */
  readonly tolerance: number;
  /**
   * - `agree`: they are no further apart than the tolerance
   * - `differ`: they are further apart: a control, of what must not hold
   * - `stay below`, `stay above`: measured is on that side of expected, or no further on the other than the tolerance
   */
  readonly must: 'agree' | 'differ' | 'stay below' | 'stay above';
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
    case 'stay above':
      return measured >= expected - tolerance;
  }
}

/** What is measured: the result but for what is said of every lesson alike. */
export type Measured = Pick<LessonResult, 'numbers' | 'pictures' | 'baseline' | 'recipe'>;

/** What a lesson's measuring is given. */
export interface Measuring {
  readonly value: number;
  /** The pair, with the seed that was asked for. */
  readonly baseline: Recipe;
  readonly recipe: Recipe;
  readonly training: Training;
}

/** What {@link defineLesson} makes a lesson from. */
export interface LessonParts extends LessonText {
  readonly baseline: Recipe;
  recipe(value: number): Recipe;
  /** Loads what measures, once it is wanted: who only reads a lesson needs no linear algebra. */
  load(): Promise<{readonly measure: (what: Measuring) => Promise<Measured>}>;
}

/** Makes a lesson. */
export function defineLesson({load, ...lesson}: LessonParts): Lesson {
  const {name, slider, baseline} = lesson;
  const check: Lesson['check'] = (value, seed = 0) => {
    checkValue(name, slider, value);
    checkSeed(name, seed);
  };
  return {
    ...lesson,
    check,
    async run(value, options = {}) {
      const {seed = 0, signal} = options;
      check(value, seed);
      signal?.throwIfAborted();
      const [{measure}, {startTraining}] = await Promise.all([load(), import('./training.ts')]);
      const measured = await measure({
        value,
        baseline: {...baseline, seed},
        recipe: {...lesson.recipe(value), seed},
        training: startTraining(options),
      });
      return {lesson: name, value, seed, ...shortened(measured)};
    },
  };
}

function checkValue(name: string, {label, min, max, step}: Slider, value: number): void {
  const isOnStep = step === undefined || Math.abs(value / step - Math.round(value / step)) < 1e-6;
  if (value >= min && value <= max && isOnStep) return;
  const steps = step === undefined ? '' : `, a multiple of ${step}`;
  throw new RegularizerError({
    where: `lesson ${name}`,
    code: 'bad-option',
    message: `${label} must be in [${min}, ${max}]${steps}; received ${value}`,
    option: 'value',
    received: value,
    allowed: {minimum: min, maximum: max, ...(step === undefined ? {} : {multipleOf: step})},
  });
}

const mostSeed = 2 ** 31 - 1;

function checkSeed(name: string, seed: number): void {
  if (Number.isInteger(seed) && seed >= 0 && seed <= mostSeed) return;
  throw new RegularizerError({
    where: `lesson ${name}`,
    code: 'bad-option',
    message: `seed must be an integer in [0, ${mostSeed}]; received ${seed}`,
    option: 'seed',
    received: seed,
    allowed: {minimum: 0, maximum: mostSeed},
  });
}

/** Numbers of no more digits than anybody reads: results are kept and sent. */
function shortened<Value>(value: Value): Value {
  return JSON.parse(
    JSON.stringify(value, (_, one) => (typeof one === 'number' ? Number(one.toPrecision(5)) : one)),
  );
}
