import {RegularizerError} from '@regularizers/core';
import type {Recipe} from '../../recipe.ts';
import type {Lesson, LessonResult, LessonText, Slider} from './lesson.ts';
import type {Training} from './training.ts';

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
