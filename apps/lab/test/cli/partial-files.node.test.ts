// What an interrupted command has left is taken for what it is: another command does not overwrite it, and a file that
// the lab did not write like this is refused.
import {mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {registerNative} from '@regularizers/native';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {tiny, useFolder} from './folder.ts';
import {lab} from './terminal.ts';

const folder = useFolder();
afterEach(() => registerNative()); // back from other backends

let file = '';
let out = '';
beforeEach(async () => {
  file = await folder.write('a.json', {...tiny, epochs: 4, regularizers: [{name: 'dropout'}]});
  out = folder.path('out');
});

const partial = (): string => join(out, 'tiny.partial.json');
const there = async (): Promise<readonly string[]> => (await readdir(out)).toSorted();
const common = (): string[] => ['--backend', 'cpu', '--out', out];
const run = (...more: string[]): string[] => ['run', file, '--save-every', '0', ...common(), ...more];
const compare = (...more: string[]): string[] => [
  ...['compare', file, '--name', 'tiny', '--seeds', '2'],
  ...common(),
  ...more,
];

/** Everything in the folder, so that a test sees whether anything was touched. */
async function contents(): Promise<readonly (readonly [string, string])[]> {
  return Promise.all((await there()).map(async (name) => [name, await readFile(join(out, name), 'latin1')]));
}

describe.each([
  [
    'compare',
    'run',
    compare,
    run,
    'parameters:',
    /tiny\.checkpoint\.safetensors is of a run of the same name/,
  ],
  ['run', 'compare', run, compare, '[3/', /tiny\.partial\.json is of a comparison of the same name/],
] as const)('lab %s where lab %s was interrupted', (_, other, words, others, interruptAt, message) => {
  test.each([[], ['--resume'], ['--restart']])(
    'with %s it is refused and loses nothing',
    async (...flags) => {
      await lab(others(), {interruptAt});
      const before = await contents();
      const {code, stdout, stderr} = await lab(words(...flags));
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(message);
      expect(stderr).toMatch(new RegExp(`Finish that first, by --resume of its lab ${other}, or give`));
      expect(await contents()).toEqual(before);
      expect((await lab(others('--resume'))).code).toBe(0);
    },
  );
});

test('a run that was interrupted before its first checkpoint has nothing to lose', async () => {
  await lab(run(), {interruptAt: 'parameters:'});
  for (const name of await there()) if (name !== 'tiny.partial.json') await rm(join(out, name));
  expect((await lab(compare())).code).toBe(0);
  expect(await there()).toEqual(['tiny.html', 'tiny.json']);
});

interface Saved {
  readonly cells: readonly Readonly<Record<string, unknown>>[];
  readonly [key: string]: unknown;
}

/** What becomes of a comparison's file. */
const damages: readonly (readonly [string, (saved: Saved) => unknown])[] = [
  ['no JSON', () => undefined],
  ['null', () => null],
  ['a number', () => 3],
  ['a list', () => []],
  ['an empty object', () => ({})],
  ['another format', (saved) => ({...saved, format: 'regularizers-lab comparison 1'})],
  ['no cells', ({cells: _, ...saved}) => saved],
  ['cells that are none', (saved) => ({...saved, cells: 'all'})],
  ...[null, {}, 3, 'x', [[]]].map(
    (cell) => [`the cell ${JSON.stringify(cell)}`, (saved: Saved) => ({...saved, cells: [cell]})] as const,
  ),
  ['a cell twice', (saved) => ({...saved, cells: [...saved.cells, saved.cells[0]]})],
  ...(
    [
      'table',
      'entry',
      'seed',
      'measure',
      'validationError',
      'testError',
      'train',
      'history',
      'seconds',
      'parameters',
    ] as const
  ).flatMap((key) => [
    [`a cell without ${key}`, (saved: Saved) => changed(saved, ({[key]: _, ...cell}) => cell)] as const,
    [`a cell with ${key}: {}`, (saved: Saved) => changed(saved, (cell) => ({...cell, [key]: {}}))] as const,
  ]),
  ['a cell of a negative seed', (saved) => changed(saved, (cell) => ({...cell, seed: -1}))],
  [
    'a failure that says nothing',
    (saved) => changed(saved, ({table, entry, seed}) => ({table, entry, seed, failure: {}})),
  ],
  ['a row of history that is none', (saved) => changed(saved, (cell) => ({...cell, history: [null]}))],
];

const changed = (saved: Saved, change: (cell: Saved['cells'][number]) => unknown): unknown => ({
  ...saved,
  cells: saved.cells.map((cell, index) => (index === 0 ? change(cell) : cell)),
});

describe.each([
  ['compare', compare],
  ['run', run],
] as const)('lab %s over a damaged partial file', (_, words) => {
  test('it is refused by name and stays as it is, and --restart begins anew', async () => {
    await lab(compare(), {interruptAt: '[3/'});
    const saved = JSON.parse(await readFile(partial(), 'utf8'));
    for (const [what, damage] of damages) {
      await writeFile(partial(), JSON.stringify(damage(saved)) ?? '{"cells": [');
      const before = await contents();
      for (const flags of [[], ['--resume']]) {
        const {code, stdout, stderr} = await lab(words(...flags));
        expect([what, code, stdout]).toEqual([what, 2, '']);
        expect([what, stderr]).toEqual([
          what,
          expect.stringMatching(
            /\[lab\] .*tiny\.partial\.json is damaged, or of another .*\n {2}Give --restart/,
          ),
        ]);
      }
      expect(await contents()).toEqual(before);
    }
    expect((await lab(words('--restart'))).code).toBe(0);
    expect(await there()).toEqual(['tiny.html', 'tiny.json']);
  });
});

test('what is not finite is null in JSON, and a comparison goes on with it', async () => {
  await lab(compare(), {interruptAt: '[3/'});
  const saved = JSON.parse(await readFile(partial(), 'utf8'));
  const infinite = changed(saved, (cell) => ({...cell, measure: 'loss', testError: null, gap: null}));
  await writeFile(partial(), JSON.stringify(infinite));
  const {code, stdout} = await lab(compare('--resume'));
  expect(code).toBe(0);
  expect(stdout).toContain('NaN');
});

test('a checkpoint that lies there alone is of a run', async () => {
  await mkdir(out);
  await writeFile(join(out, 'tiny.checkpoint.safetensors'), '');
  for (const words of [compare(), compare('--restart')]) {
    expect((await lab(words)).stderr).toMatch(/checkpoint\.safetensors is of a run of the same name/);
  }
  expect(await there()).toEqual(['tiny.checkpoint.safetensors']);
});
