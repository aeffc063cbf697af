import {RegularizerError} from '@regularizers/core';
import type {Lesson, LessonResult} from './lesson.ts';

/** A lesson before it is loaded. */
export interface LessonEntry {
  readonly name: string;
  load(): Promise<Lesson>;
  /** What it came to at its first value, as `npm run lessons` has left it. */
  trained(): Promise<LessonResult>;
}

/** All lessons, in their order. */
export const lessons: readonly LessonEntry[] = [
  {
    name: 'l2',
    load: async () => (await import('./l2.ts')).l2,
    trained: async () => (await import('./trained/l2.ts')).trained,
  },
  {
    name: 'augmentation',
    load: async () => (await import('./augmentation.ts')).augmentation,
    trained: async () => (await import('./trained/augmentation.ts')).trained,
  },
  {
    name: 'sharing',
    load: async () => (await import('./sharing.ts')).sharing,
    trained: async () => (await import('./trained/sharing.ts')).trained,
  },
  {
    name: 'tying',
    load: async () => (await import('./tying.ts')).tying,
    trained: async () => (await import('./trained/tying.ts')).trained,
  },
  {
    name: 'input-noise',
    load: async () => (await import('./input-noise.ts')).inputNoise,
    trained: async () => (await import('./trained/input-noise.ts')).trained,
  },
  {
    name: 'output-noise',
    load: async () => (await import('./output-noise.ts')).outputNoise,
    trained: async () => (await import('./trained/output-noise.ts')).trained,
  },
  {
    name: 'early-stopping',
    load: async () => (await import('./early-stopping.ts')).earlyStopping,
    trained: async () => (await import('./trained/early-stopping.ts')).trained,
  },
  {
    name: 'ensembles',
    load: async () => (await import('./ensembles.ts')).ensembles,
    trained: async () => (await import('./trained/ensembles.ts')).trained,
  },
  {
    name: 'dropout',
    load: async () => (await import('./dropout.ts')).dropout,
    trained: async () => (await import('./trained/dropout.ts')).trained,
  },
];

/**
 * A lesson by its name.
 *
 * @throws RegularizerError with code `unknown-lesson`
 */
export function lessonNamed(name: string): LessonEntry {
  const entry = lessons.find((one) => one.name === name);
  if (entry) return entry;
  const names = lessons.map((one) => one.name);
  throw new RegularizerError({
    where: 'lesson',
    code: 'unknown-lesson',
    message: `there is no lesson ${JSON.stringify(name)}`,
    hint: `There are: ${names.join(', ')}.`,
    option: 'lesson',
    received: name,
    allowed: {enum: names},
  });
}
