// The contract's file begins with the loop, and no hook is called that does not stand in it.
import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';

const source = readFileSync(new URL('../src/regularizer.ts', import.meta.url), 'utf8');
const loop = source.slice(source.indexOf('```text'), source.indexOf('```', source.indexOf('```text') + 3));
const hooks = [...source.matchAll(/^ {2}(\w+)\?\(/gm)].map(([, name]) => name);

test('the contract begins with its loop', () => {
  expect(source.startsWith('/**')).toBe(true);
  expect(source.indexOf('```text')).toBeLessThan(source.indexOf('import '));
});

test('every hook stands at the head of a line of the loop', () => {
  expect(hooks).toEqual(expect.arrayContaining(['setup', 'batch', 'combine', 'assemble', 'finish']));
  const lines = [...loop.matchAll(/^ \*[ │]*(\w+) /gm)].map(([, name]) => name);
  expect(hooks.filter((name) => !lines.includes(name))).toEqual([]);
});
