import {existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pid} from 'node:process';
import {expect, test} from 'vitest';
import {graphFolder, sweepGraphFolders} from '../src/capture/graph-folder.ts';

const noProcess = 2 ** 22 + 1; // no Linux has so many

test('what a killed process left is deleted, and nothing else', () => {
  const left = (owner: number, age: number): string => {
    const path = join(
      tmpdir(),
      `regularizers-graph-${owner}-${Math.random().toString(36).slice(2, 8).padEnd(6, 'x')}`,
    );
    mkdirSync(path);
    writeFileSync(join(path, 'saved_model.pb'), '');
    utimesSync(path, new Date(), new Date(Date.now() - age));
    return path;
  };
  const killed = left(noProcess, 120_000);
  const young = left(noProcess, 0);
  const running = left(pid, 120_000);
  sweepGraphFolders();
  expect([killed, young, running].map(existsSync)).toEqual([false, true, true]);
  for (const path of [young, running]) rmSync(path, {recursive: true});
});

test('a folder is new and empty, and says whose it is', () => {
  const folder = graphFolder();
  expect(folder).toMatch(new RegExp(`regularizers-graph-${pid}-`));
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, {recursive: true});
});
