import {mkdtemp, readdir, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {writeWhole} from '../src/files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-files-'));
});
afterEach(() => rm(folder, {recursive: true}));

test('writes text and bytes, over what was there, in folders that were not', async () => {
  const path = join(folder, 'a', 'b', 'result.json');
  await writeWhole(path, '{"é": 1}');
  expect(await readFile(path, 'utf8')).toBe('{"é": 1}');
  await writeWhole(path, Uint8Array.from([1, 2]));
  expect([...(await readFile(path))]).toEqual([1, 2]);
  expect(await readdir(join(folder, 'a', 'b'))).toEqual(['result.json']);
});

test('leaves the old content and no draft when it fails', async () => {
  const path = join(folder, 'result.json');
  await writeWhole(path, 'old');
  await expect(writeWhole(path, 7 as never)).rejects.toThrow();
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['result.json']);
});

test('writers at the same time leave one content, whole', async () => {
  const path = join(folder, 'result.txt');
  const texts = Array.from({length: 8}, (_, writer) => String(writer).repeat(100_000));
  await Promise.all(texts.map((text) => writeWhole(path, text)));
  expect(texts).toContain(await readFile(path, 'utf8'));
  expect(await readdir(folder)).toEqual(['result.txt']);
});
