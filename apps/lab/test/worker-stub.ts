// The page's controller without a browser: workers that answer when a test says so, and time that a test moves.
import {afterEach, beforeEach, vi} from 'vitest';
import type {News, Request} from '../src/web/worker/protocol.ts';

/** A worker that answers when the test says so. */
export class Helper {
  static all: Helper[] = [];
  readonly name: string;
  readonly asked: Request[] = [];
  isEnded = false;
  readonly #listeners: ((event: {data: News}) => void)[] = [];

  constructor(_: URL, {name}: {readonly name: string}) {
    this.name = name;
    Helper.all.push(this);
  }

  addEventListener(type: string, listener: (event: {data: News}) => void): void {
    if (type === 'message') this.#listeners.push(listener);
  }

  postMessage(request: Request): void {
    this.asked.push(request);
  }

  terminate(): void {
    this.isEnded = true;
  }

  answer(data: News): void {
    for (const listener of this.#listeners) listener({data});
  }
}

/** Gives each test of a file what a page has of workers, its address and its history, with timers that stand still. */
export function useHelpers(): void {
  beforeEach(() => {
    // Plans are asked for a moment after a change: by then the worker of the test would be gone.
    vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
    Helper.all = [];
    vi.stubGlobal('Worker', Helper);
    vi.stubGlobal('history', {replaceState: () => undefined});
    vi.stubGlobal('location', {hash: '', href: 'http://lab.test/'});
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
}
