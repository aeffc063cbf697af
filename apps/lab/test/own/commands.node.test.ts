// Commands on data of the user's own.
import {readFile} from 'node:fs/promises';
import {registerNative} from '@regularizers/native';
import {afterAll, beforeEach, expect, test} from 'vitest';
import {useFolder} from '../cli/folder.ts';
import {lab} from '../cli/terminal.ts';

const folder = useFolder();
afterAll(() => registerNative());

const rows = Array.from({length: 60}, (_, row) => `${row % 3},${(row * 7) % 11},${['a', 'b', 'c'][row % 3]}`);
const table = ['x,z,kind', ...rows].join('\n');
let file: string;
beforeEach(async () => {
  file = await folder.write('own table.csv', table);
});
interface Losses {
  readonly loss: number;
}
/** What of a result is looked at. */
interface Result {
  readonly recipe: {readonly data: object};
  readonly data: object;
  readonly history: readonly {readonly train: Losses; readonly validation: Losses}[];
  readonly train: Losses;
  readonly test: Losses;
  readonly testError: number;
  readonly cells: readonly unknown[];
}
const json = async (name: string): Promise<Result> => JSON.parse(await readFile(folder.path(name), 'utf8'));
const on = (...words: readonly string[]): readonly string[] => [
  ...words,
  '--data',
  file,
  '--target',
  'kind',
  '--out',
  folder.path(''),
];

test('a run says what became of the columns, and its result what a second run needs', async () => {
  const done = await lab(on('run', '--epochs', '30', '--backend', 'native'));
  expect(done.stderr).toMatch(
    /x +numeric\n +z +numeric\n +kind +the target: a, b, c\n36 to train on, 12 to validate, 12 to test/,
  );
  expect(done.code).toBe(0);
  const result = await json('own-table-mlp.json');
  expect(result.recipe.data).toMatchObject({
    file,
    task: 'classification',
    train: 36,
    validation: 12,
    test: 12,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(result.data).toMatchObject({
    examples: {train: 36},
    encoding: {inputs: ['x', 'z'], target: {classes: ['a', 'b', 'c']}},
  });
  expect(result.testError).toBeLessThan(0.1);

  // The recipe of the result does the same again, without the options.
  const recipe = await folder.write('again.json', {...result.recipe, name: 'again'});
  const again = await lab(['run', recipe, '--backend', 'native', '--out', folder.path('')]);
  expect(again.code).toBe(0);
  const {history} = await json('again.json');
  const losses = (of: Result['history']): unknown =>
    of.map(({train, validation}) => [train.loss, validation.loss]);
  expect(losses(history)).toEqual(losses(result.history));
});

test('a recipe is of the file that it was made with', async () => {
  await lab(on('run', '--epochs', '1', '--backend', 'native'));
  const {recipe} = await json('own-table-mlp.json');
  const again = await folder.write('recipe.json', {...recipe, name: 'again'});
  await folder.write('own table.csv', `${table}\n1,2,a`);
  const refused = await lab(['run', again, '--backend', 'native', '--out', folder.path('')]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/own table.csv: it is not what the recipe was made with/);
});

test('an interrupted comparison goes on, but not on a file that has changed', async () => {
  const words = on('compare', '--only', 'l2,dropout', '--seeds', '1', '--epochs', '2', '--backend', 'native');
  expect((await lab(words, {interruptAt: '[1/'})).code).toBe(130);
  await folder.write('own table.csv', `${table}\n1,2,a`);
  const refused = await lab([...words, '--resume']);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/runs of another comparison or backend/);
  await folder.write('own table.csv', table);
  const done = await lab([...words, '--resume']);
  expect(done.code).toBe(0);
  expect((await json('compare-own-table-mlp.json')).cells).toHaveLength(4);
  expect(await readFile(folder.path('compare-own-table-mlp.html'), 'utf8')).toContain(
    'Regularizers on own table',
  );
});

test('in a browser the data is the same', async () => {
  const words = on('run', '--epochs', '1');
  const webgl = await lab([...words, '--backend', 'webgl']);
  expect(webgl.stderr).toContain('webgl (Chromium');
  expect(webgl.code).toBe(0);
  const there = await json('own-table-mlp.json');
  await lab([...words, '--backend', 'cpu']);
  const here = await json('own-table-mlp.json');
  expect(there.data).toEqual(here.data);
  expect(there.train.loss).toBeCloseTo(here.train.loss, 3);
  expect(there.test.loss).toBeCloseTo(here.test.loss, 3);
});

test.each([
  [['run'], /there is nothing to train/],
  [['run', '--data', 'none.csv', '--target', 'y'], /none.csv: there is no such file/],
  [['run', '--data', 'nothing', '--target', 'y'], /nothing/],
  [['compare', '--target', 'y'], /--target says something of a CSV file, and there is none/],
  [['run', '--data', 'moons', '--column', 'a=category'], /--column says something of a CSV file/],
  [['run', '--data', 'moons', '--column', 'a=what'], /a column and one of numeric, category, ignored/],
])('%j is refused', async (words, message) => {
  const refused = await lab([...words, '--out', folder.path('')]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(message);
});

test('without a target, columns are listed; options change what columns are', async () => {
  const missing = await lab(['run', '--data', file, '--out', folder.path('')]);
  expect(missing.code).toBe(2);
  expect(missing.stderr).toMatch(/isn't said which column.*\n.*"x", "z", "kind"/);
  const told = await lab(
    on(
      'run',
      '--column',
      'z=category',
      '--column',
      'x=ignored',
      '--train',
      '20',
      '--epochs',
      '1',
      '--backend',
      'cpu',
    ),
  );
  expect(told.stderr).toMatch(/x +ignored: as asked\n +z +category: .*\n.*\n20 to train on/);
  const moons = await lab([
    'run',
    '--data',
    'moons',
    '--epochs',
    '1',
    '--backend',
    'cpu',
    '--out',
    folder.path(''),
  ]);
  expect(moons.code).toBe(0);
});
