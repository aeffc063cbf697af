// Suites of one process share its globals: what one leaves behind, the next one would stumble over.
import {afterAll, expect, vi} from 'vitest';

const before = new Set(Object.getOwnPropertyNames(globalThis));
/** What libraries keep there for good: TensorFlow.js its engine, zod its registry, TensorFlow.js's converter the messages of protocol buffers. */
const kept = /^(_tf|__zod|proto$)/;

afterAll(() => {
  const left = Object.getOwnPropertyNames(globalThis).filter((name) => !before.has(name) && !kept.test(name));
  expect(left, 'globals that this file has left behind').toEqual([]);
  expect(vi.isFakeTimers(), 'timers are still fake').toBe(false);
});
