// Any console output is a failure: a library that logs is a library that nobody can quiet.
import {afterEach, beforeEach, vi} from 'vitest';

const levels = ['log', 'info', 'warn', 'error', 'debug'] as const;

beforeEach(() => {
  for (const level of levels) {
    vi.spyOn(console, level).mockImplementation((...words: unknown[]) => {
      throw new Error(`console.${level} was called: ${words.map(String).join(' ')}`);
    });
  }
});

afterEach(() => {
  vi.restoreAllMocks();
});
