// The program of a CSV file reads that file, and comes to what `lab run` comes to, to the bit.
import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {registerNative} from '@regularizers/native';
import {afterAll, expect, test} from 'vitest';
import {useFolder} from '../cli/folder.ts';
import {lab} from '../cli/terminal.ts';
import {programOf} from '../docs/examples/program.ts';
import {outputOf} from './output.ts';
import {recipeOf, tables} from './tables.ts';

const folder = useFolder();
afterAll(() => registerNative());

test.each(Object.entries(tables))(
  '%s: comes to the same, to the bit',
  {timeout: 60_000},
  async (title, table) => {
    const {file, content} = table;
    const [source, out] = [folder.path('my data'), folder.path('out/deep')];
    await mkdir(source);
    await mkdir(out, {recursive: true});
    await writeFile(join(source, file), content);
    const recipe = await folder.write('recipe.json', {
      ...recipeOf(table, join(source, file)),
      name: 'result',
    });
    const words = ['--backend', 'cpu', '--out'];
    const ran = await lab(['run', recipe, ...words, out]);
    expect([ran.code, ran.stderr]).toEqual([0, expect.any(String)]);
    const report = JSON.parse(await readFile(join(out, 'result.json'), 'utf8'));
    const path = join(out, 'train.ts');
    expect(await lab(['code', recipe, ...words, path])).toMatchObject({code: 0});
    // Nothing is copied out of the file.
    expect((await readdir(out)).filter((name) => name !== 'result.html')).toEqual([
      'result.json',
      'train.ts',
    ]);
    const code = await readFile(path, 'utf8');
    const program = programOf({title, path}, [{language: 'ts', code, line: 1}]);
    const printed = await outputOf(program);
    for (const split of ['train', 'validation', 'test']) {
      expect([split, JSON.parse(printed.get(split)!)]).toEqual([split, report[split]]);
    }
  },
);

test('labels that were made wrong are in no file: arrays are written', async () => {
  const file = await folder.write('a.csv', tables['inputs as targets']!.content as string);
  const words = ['code', '--data', file, '--target', 'y', '--backend', 'cpu', '--out'];
  await lab([...words, folder.path('clean.ts')]);
  await lab([...words, folder.path('noisy.ts'), '--label-noise', '0.2']);
  expect(await readdir(folder.path('noisy-data'))).toContain('train-y.npy');
  expect((await readdir(folder.path('.'))).toSorted()).toEqual([
    'a.csv',
    'clean.ts',
    'noisy-data',
    'noisy.ts',
  ]);
});

test('printed, it says nothing of data that it reads itself', async () => {
  const file = await folder.write('a.csv', tables['inputs as targets']!.content as string);
  const {stdout, stderr} = await lab(['code', '--data', file, '--target', 'y', '--backend', 'cpu']);
  expect(stdout).toContain('Papa.parse');
  expect(stderr).not.toContain('not written');
});
