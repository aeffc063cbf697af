// Suites of one process share its globals: what one leaves behind, the next one would stumble over.
import {afterAll, expect, vi} from 'vitest';

const before = new Set(Object.getOwnPropertyNames(globalThis));
/** What libraries keep there for good: TensorFlow.js its engine, its converter the messages of protocol buffers, others what begins with __. */
const kept = /^(_tf|__|proto$)/;

afterAll(() => {
  const left = Object.getOwnPropertyNames(globalThis).filter((name) => !before.has(name) && !kept.test(name));
  expect(left, 'globals that this file has left behind').toEqual([]);
  expect(vi.isFakeTimers(), 'timers are still fake').toBe(false);
});
