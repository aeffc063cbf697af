import {existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type Owner, ownerName, thisProcess} from '@regularizers/core/node';
import {expect, test} from 'vitest';
import {graphFolder, sweepGraphFolders} from '../src/capture/graph-folder.ts';

const dead = {...thisProcess, pid: 2 ** 22 + 1}; // no Linux has so many
// As a container's first process is numbered that is started anew: like the one that was killed.
const earlier = {...thisProcess, born: 'deadbeef-1'};
const elsewhere = {...thisProcess, host: 'elsewhere'};

test('what a killed process left is deleted, and nothing else', () => {
  const left = (owner: Owner, age: number): string => {
    const random = Math.random().toString(36).slice(2, 8).padEnd(6, 'x');
    const path = join(tmpdir(), `regularizers-graph-${ownerName(owner)}-${random}`);
    mkdirSync(path);
    writeFileSync(join(path, 'saved_model.pb'), '');
    utimesSync(path, new Date(), new Date(Date.now() - age));
    return path;
  };
  const day = 86_400_000;
  const killed = [left(dead, 120_000), left(earlier, 120_000), left(elsewhere, 2 * day)];
  const kept = [left(dead, 0), left(earlier, 0), left(thisProcess, 120_000), left(elsewhere, 120_000)];
  sweepGraphFolders();
  const found = [...killed, ...kept].map(existsSync);
  for (const path of kept) rmSync(path, {recursive: true});
  expect(found).toEqual([...killed.map(() => false), ...kept.map(() => true)]);
});

test('a folder is new and empty, and says whose it is', () => {
  const folder = graphFolder();
  expect(folder).toMatch(new RegExp(`regularizers-graph-${ownerName(thisProcess)}-`));
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, {recursive: true});
});
