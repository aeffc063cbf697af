// Node only: `lab lesson`.
import {RegularizerError} from '@regularizers/core';
import {NativeError} from '@regularizers/native';
import {type LessonEntry, lessonNamed, lessons} from '../examples/lessons/index.ts';
import type {Lesson, LessonResult} from '../examples/lessons/lesson.ts';
import {lessonText} from '../examples/lessons/text.ts';
import {picturesSvg} from '../report/picture-svg.ts';
import type {LocalBackend} from './backend-names.ts';
import {type Sources, useBackend} from './backends.ts';
import {progressView, say, type Terminal} from './output.ts';
import {jsonOf, openPictures, writeResult} from './results.ts';

/** What `--backend` may say: a lesson on WebGL is for the page. */
export const lessonBackends = ['auto', 'native', 'cpu', 'wasm'] as const;

/** Options of `lab lesson`. */
export interface LessonCommandOptions {
  readonly value?: number;
  readonly seed: number;
  readonly all?: boolean;
  readonly backend: 'auto' | LocalBackend;
  readonly out: string;
}

/** The exit code where a number is not as it must be. */
const claimsFault = 1;

/** Trains one lesson or all, prints what came of it, and saves it as JSON and as a picture. Returns the exit code. */
export async function lessonCommand(
  name: string | undefined,
  options: LessonCommandOptions,
  terminal: Terminal,
  sources: Sources,
): Promise<number> {
  const chosen = await Promise.all(chosenOf(name, options).map(({load}) => load()));
  for (const lesson of chosen) lesson.check(options.value ?? lesson.slider.value, options.seed);
  const backend = await openBackend(options.backend, terminal, sources);
  let code = 0;
  for (const lesson of chosen) {
    const isWhole = await runInto(lesson, backend, options, terminal);
    if (isWhole === undefined) return 130;
    if (!isWhole) code = claimsFault;
  }
  return code;
}

/** @throws RegularizerError with code `unknown-lesson`, or `no-lesson` where it is not said which */
function chosenOf(name: string | undefined, {all = false}: LessonCommandOptions): readonly LessonEntry[] {
  if (all && name === undefined) return lessons;
  if (!all && name !== undefined) return [lessonNamed(name)];
  throw new RegularizerError({
    where: 'lab',
    code: 'no-lesson',
    message: all ? `--all is every lesson, and ${name} is one` : 'it is not said which lesson',
    hint: `Give one of ${lessons.map((one) => one.name).join(', ')}; or --all.`,
  });
}

/** Lessons are small: without native, plain JavaScript trains them, which needs no start and has every gradient. */
async function openBackend(
  name: 'auto' | LocalBackend,
  terminal: Terminal,
  sources: Sources,
): Promise<string> {
  if (name !== 'auto') return useBackend(name, sources);
  try {
    return await useBackend('native', sources);
  } catch (error) {
    if (!NativeError.isInstance(error)) throw error;
    say(terminal, `Training on cpu, because the native backend is not there. ${error.hint}`);
    return useBackend('cpu');
  }
}

/** Whether all numbers are as they must be; undefined if it was interrupted. */
async function runInto(
  lesson: Lesson,
  backend: string,
  {value = lesson.slider.value, seed, out}: LessonCommandOptions,
  terminal: Terminal,
): Promise<boolean | undefined> {
  const {paths, close} = await openPictures(out, `lesson-${lesson.name}`);
  try {
    const result = await train(lesson, value, seed, terminal);
    if (!result) {
      say(terminal, 'Interrupted.');
      return undefined;
    }
    const {text, isWhole} = lessonText(lesson, result, backend);
    terminal.stdout.write(`${text}\n\n`);
    await writeResult(paths.json, jsonOf(result));
    await writeResult(paths.svg, `${picturesSvg(lesson.title, result.pictures)}\n`);
    say(terminal, `${paths.json}\n${paths.svg}`);
    return isWhole;
  } finally {
    await close();
  }
}

async function train(
  lesson: Lesson,
  value: number,
  seed: number,
  {stderr, signal}: Terminal,
): Promise<LessonResult | undefined> {
  const view = progressView(stderr, 1);
  try {
    view.start(lesson.name);
    const onProgress = (done: number, words: string): void => view.part(lesson.name, done, words);
    return await lesson.run(value, {seed, signal, onProgress});
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    view.close();
  }
}
