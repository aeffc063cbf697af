// Lessons on the page, without its looks: what is trained, and what happens to answers that come late.
import {expect, test, vi} from 'vitest';
import {lessons} from '../src/examples/lessons/index.ts';
import type {LessonResult} from '../src/examples/lessons/lesson.ts';
import {createController} from '../src/web/controller.ts';
import {lessonHash, lessonIn} from '../src/web/lessons/open-lesson.ts';
import {Helper, useHelpers} from './worker-stub.ts';

useHelpers();

/** Modules are loaded meanwhile, which takes a busy machine long. */
const patient = {timeout: 30_000};

const [first] = lessons;
const name = first!.name;
const worker = (): Helper => Helper.all.findLast((one) => one.name === 'lesson')!;

async function opened() {
  const {store, actions} = createController(() => undefined);
  await actions.openLesson(name);
  return {store, actions, lesson: () => store.get().lesson!};
}

test('an address says which lesson', () => {
  expect(lessonIn(lessonHash('early-stopping'))).toBe('early-stopping');
  expect(lessonIn('#recipe=%7B%7D')).toBeUndefined();
});

test('an empty address opens the first lesson as it was trained, and starts no worker', async () => {
  const {store, actions} = createController(() => undefined);
  actions.openAddress();
  await vi.waitFor(() => expect(store.get().lesson?.result).toBeDefined(), patient);
  const {lesson, result, pictures, value} = store.get().lesson!;
  expect(result).toEqual(await first!.trained());
  expect(value).toBe(lesson!.slider.value);
  expect(pictures).toHaveLength(result!.pictures.length);
  expect(pictures.every((one) => one.startsWith('<svg') && !one.includes('<style'))).toBe(true);
  expect(Helper.all).toEqual([]);
});

test('a link with a recipe opens the lab', async () => {
  const {store, actions, lesson} = await opened();
  expect(lesson().name).toBe(name);
  Object.assign(location, {hash: '#lab'});
  actions.openAddress();
  expect(store.get().lesson).toBeUndefined();
});

test('what is no value of the slider is said, and not trained', async () => {
  const {actions, lesson} = await opened();
  const {max} = lesson().lesson!.slider;
  for (const value of [2 * max, Number.NaN]) {
    actions.setLessonValue(value);
    expect(lesson().wrong).toContain('must be in');
    actions.trainLesson();
    expect(lesson().training).toBeUndefined();
  }
  expect(Helper.all).toEqual([]);
  actions.setLessonValue(max);
  expect(lesson().wrong).toBeUndefined();
});

test('training is told, stopped, cut off, and shown', async () => {
  const {store, actions, lesson} = await opened();
  const before = lesson().result!;
  actions.trainLesson();
  expect(worker().asked).toEqual([{type: 'lesson', name, value: before.value}]);
  worker().answer({type: 'lesson-progress', progress: {done: 0.25, words: 'the pair'}});
  expect(lesson().training).toEqual({done: 0.25, words: 'the pair', stopping: false});
  actions.stopLesson();
  expect(worker().asked.at(-1)).toEqual({type: 'abort'});
  worker().answer({type: 'lesson-stopped'});
  expect([lesson().training, lesson().result]).toEqual([undefined, before]);
  actions.trainLesson();
  actions.stopLesson();
  actions.stopLesson();
  expect([worker().isEnded, lesson().training]).toEqual([true, undefined]);
  actions.trainLesson();
  const result: LessonResult = {...before, pictures: before.pictures.slice(0, 1)};
  worker().answer({type: 'lesson-done', result});
  await vi.waitFor(() => expect(lesson().training).toBeUndefined(), patient);
  expect(lesson().result).toEqual(result);
  expect(lesson().pictures).toHaveLength(1);
  expect(store.get().announcement).toMatch(/: trained with [\d.]+\. The claim holds: all \d+ numbers/);
});

test('a training that fails says why, and can be tried again', async () => {
  const {actions, lesson} = await opened();
  actions.trainLesson();
  const error = {where: 'trainer', code: 'not-finite', message: 'it diverged'};
  worker().answer({type: 'failed', error});
  expect([lesson().failure, lesson().training]).toEqual([error, undefined]);
  actions.trainLesson();
  expect(lesson().failure).toBeUndefined();
});

test('leaving a lesson ends its training, and what comes late is nobody’s', async () => {
  const {store, actions, lesson} = await opened();
  actions.trainLesson();
  const left = worker();
  await actions.openLesson('nothing');
  expect(left.isEnded).toBe(true);
  expect(lesson().failure).toMatchObject({code: 'unknown-lesson'});
  left.answer({type: 'lesson-done', result: await first!.trained()});
  expect(lesson().result).toBeUndefined();
  actions.closeLesson();
  expect(store.get().lesson).toBeUndefined();
});

test('the lab trains the pair, and has the recipe in its form', async () => {
  const {store, actions, lesson} = await opened();
  const {lesson: it, value} = lesson();
  actions.openInLab();
  expect(store.get().lesson).toBeUndefined();
  expect(store.get().recipe).toEqual(it!.recipe(Number(value)));
  expect(store.get().running?.recipe).toEqual(it!.baseline);
  expect(store.get().running?.place).toEqual({index: 1, of: 2});
});
