import type {Lesson, LessonResult} from '../../examples/lessons/lesson.ts';
import type {SentError} from '../../sent-error.ts';

/** The lesson that the page shows, in place of the lab. */
export interface OpenLesson {
  readonly name: string;
  /** Undefined until it is loaded. */
  readonly lesson: Lesson | undefined;
  /** What is on the slider, or what was typed in place of a number. */
  readonly value: unknown;
  /** Why that value can't be trained. */
  readonly wrong: string | undefined;
  /** What it came to: at its first value, before anybody has trained it here. */
  readonly result: LessonResult | undefined;
  /** The result's pictures, as SVG. */
  readonly pictures: readonly string[];
  readonly training: LessonTraining | undefined;
  /** Why it could not be loaded or trained. */
  readonly failure: SentError | undefined;
}

/** How far it is. */
export interface LessonTraining {
  /** From 0 to 1. */
  readonly done: number;
  readonly words: string;
  readonly stopping: boolean;
}

/** The address of the lab, where it holds no recipe yet. */
export const labHash = '#lab';

const start = '#lesson=';

/** The address of a lesson, after the page's own. */
export const lessonHash = (name: string): string => `${start}${name}`;

/** The name of the lesson in an address, if it has one. */
export const lessonIn = (hash: string): string | undefined =>
  hash.startsWith(start) ? hash.slice(start.length) : undefined;
