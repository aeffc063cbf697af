// The page without its looks: what it does when workers answer late, or not as it was hoped.
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {createController} from '../src/web/controller.ts';
import type {News, Request} from '../src/web/worker/protocol.ts';

/** A worker that answers when the test says so. */
class Helper {
  static all: Helper[] = [];
  readonly asked: Request[] = [];
  readonly #listeners: ((event: {data: News}) => void)[] = [];

  constructor() {
    Helper.all.push(this);
  }

  addEventListener(type: string, listener: (event: {data: News}) => void): void {
    if (type === 'message') this.#listeners.push(listener);
  }

  postMessage(request: Request): void {
    this.asked.push(request);
  }

  terminate(): void {}

  answer(data: News): void {
    for (const listener of this.#listeners) listener({data});
  }
}

const plan = {
  description: '',
  sizes: {train: 1, validation: 1, test: 1},
  parameters: 0,
  explanation: {},
  sample: {kind: 'curve', x: new Float32Array(), y: new Float32Array()},
} as unknown as (News & {type: 'planned'})['plan'];

beforeEach(() => {
  vi.useFakeTimers();
  Helper.all = [];
  vi.stubGlobal('Worker', Helper);
  vi.stubGlobal('history', {replaceState: () => undefined});
  vi.stubGlobal('location', {hash: '', href: 'http://lab.test/'});
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const withTrain = (train: number) => (draft: import('../src/web/draft.ts').Draft) => ({
  ...draft,
  data: {...draft.data, train},
});

/** The last plan that was asked for, by its worker. */
function lastAsked(): {helper: Helper; id: number} {
  const [helper] = Helper.all;
  const request = helper!.asked.findLast(({type}) => type === 'plan') as Request & {type: 'plan'};
  return {helper: helper!, id: request.id};
}

test.each(['sent', 'still waiting'])(
  'the answer about the recipe before, %s when a mistake is typed, leaves its message',
  (when) => {
    const {store, actions} = createController(() => undefined);
    actions.edit(withTrain(800));
    vi.advanceTimersByTime(300);
    const first = lastAsked();
    first.helper.answer({type: 'planned', id: first.id, plan});
    actions.edit(withTrain(900));
    if (when === 'sent') vi.advanceTimersByTime(300);
    else vi.advanceTimersByTime(100);
    actions.edit(withTrain(0));
    vi.advanceTimersByTime(1000);
    const last = lastAsked();
    last.helper.answer({type: 'planned', id: last.id, plan});
    expect(store.get().problem?.places.has('data.train')).toBe(true);
    expect(store.get().recipe).toBeUndefined();
    actions.train();
    expect(store.get().running).toBeUndefined();
    expect(store.get().announcement).toMatch(/^Nothing is trained: /);
    actions.edit(withTrain(700));
    vi.advanceTimersByTime(300);
    const right = lastAsked();
    right.helper.answer({type: 'planned', id: right.id, plan});
    expect(store.get().problem).toBeUndefined();
  },
);

test('a plan is of the recipe that it was asked for: another one is still to be checked', () => {
  const {store, actions} = createController(() => undefined);
  actions.edit(withTrain(800));
  vi.advanceTimersByTime(300);
  const {helper, id} = lastAsked();
  helper.answer({type: 'planned', id, plan});
  expect(store.get().planned).toBe(store.get().recipe);
  actions.edit(withTrain(900));
  expect(store.get().planned).not.toBe(store.get().recipe);
});

test('what can do nothing here is not added, and says why', () => {
  const {store, actions} = createController(() => undefined);
  actions.edit(withTrain(800));
  vi.advanceTimersByTime(300);
  const {helper, id} = lastAsked();
  helper.answer({type: 'planned', id, plan});
  expect(helper.asked.filter(({type}) => type === 'misfits')).toHaveLength(1);
  helper.answer({type: 'misfits', misfits: new Map([['randomHue', 'images must have 3 channels']])});
  const before = store.get().draft.cards.length;
  actions.addTechnique('randomHue');
  expect(store.get().draft.cards).toHaveLength(before);
  expect(store.get().announcement).toContain('images must have 3 channels');
  actions.addTechnique('randomAffine');
  expect(store.get().draft.cards).toHaveLength(before + 1);
});
