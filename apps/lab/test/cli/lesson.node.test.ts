import {readdir, readFile} from 'node:fs/promises';
import {NativeError, registerNative} from '@regularizers/native';
import {afterEach, expect, test} from 'vitest';
import {useFolder} from './folder.ts';
import {lab} from './terminal.ts';

const folder = useFolder();
afterEach(() => registerNative()); // back from other backends

test('prints what is measured beside what is expected, and saves it as JSON and as a picture', async () => {
  const native = {
    registerNative: () => Promise.reject(new NativeError('None.', {code: 'not-set-up', hint: 'Set it up.'})),
  };
  const words = ['lesson', 'l2', '--value', '0.5', '--seed', '3', '--out', folder.path('out')];
  const {code, stdout, stderr} = await lab(words, {sources: native});
  expect(stderr).toMatch(/^Training on cpu, because the native backend is not there. Set it up\./);
  expect(code).toBe(0);
  expect(stdout).toMatch(/a, the strength: 0\.5; seed 3; on cpu/);
  expect(stdout).toMatch(/✓ effective parameters, of 10 +([\d.]+) +\1 ± /);
  expect(stdout).toMatch(/The claim holds: all \d numbers are as they must be\./);
  expect(await readdir(folder.path('out'))).toEqual(['lesson-l2.json', 'lesson-l2.svg']);
  const saved = JSON.parse(await readFile(folder.path('out/lesson-l2.json'), 'utf8'));
  expect(saved).toMatchObject({lesson: 'l2', value: 0.5, seed: 3});
  expect(await readFile(folder.path('out/lesson-l2.svg'), 'utf8')).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
});

test('an interrupted lesson ends, and writes nothing', async () => {
  const out = folder.path('out');
  const {code, stdout} = await lab(['lesson', 'l2', '--backend', 'cpu', '--out', out], {isInterrupted: true});
  expect(code).toBe(130);
  expect(stdout).toBe('');
  expect(await readdir(out)).toEqual([]);
});

test.each<[string, readonly string[], RegExp]>([
  ['another name', ['l3'], /there is no lesson "l3"\n.*There are: l2/],
  ['no name', [], /it is not said which lesson\n.*Give one of l2.*or --all/],
  ['one and all', ['l2', '--all'], /--all is every lesson, and l2 is one/],
  ['a value for all', ['--all', '--value', '1'], /'--all' cannot be used with option '--value/],
  ['a value that is none', ['l2', '--value', 'x'], /It must be a number/],
  ['a value out of range', ['l2', '--value', '20'], /a, the strength must be in \[0\.001, 1\]; received 20/],
  ['a seed that is none', ['l2', '--seed', '-1'], /It must be a whole number from 0/],
  ['another backend', ['l2', '--backend', 'webgl'], /Allowed choices are auto, native, cpu, wasm/],
])('%s is refused before anything is written', async (_, words, message) => {
  const {code, stderr} = await lab(['lesson', ...words, '--out', folder.path('out')]);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
  await expect(readdir(folder.path('out'))).rejects.toThrow(/ENOENT/);
});
