// The files of data of one's own, as they travel.
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {checksum} from '../../src/data/own/checksum.ts';
import type {OwnOptions} from '../../src/data/own/options.ts';
import {hasList, inFolder, listOf, partsIn, partsOf} from '../../src/data/own/parts.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-parts-'));
  await mkdir(join(folder, 'p/a'), {recursive: true});
  await mkdir(join(folder, 'p/b'));
  for (const name of ['t.csv', 'x.npy', 'y.npy', 'p/a/1.png', 'p/b/1.png']) {
    await writeFile(join(folder, name), name);
  }
});
afterAll(() => rm(folder, {recursive: true}));

const split = {seed: 0};
const all = (): readonly OwnOptions[] => [
  {name: 'csv', file: join(folder, 't.csv'), target: 'a', ...split},
  {name: 'arrays', file: join(folder, 'x.npy'), ...split},
  {name: 'arrays', file: join(folder, 'x.npy'), labels: join(folder, 'y.npy'), ...split},
  {name: 'pictures', folder: join(folder, 'p'), ...split},
];

test('a list says all that there is of the files, and data in another folder find them there', async () => {
  for (const data of all()) {
    const parts = await partsOf(data);
    for (const {bytes, sha256} of parts) expect(await checksum(bytes)).toBe(sha256);
    const list = listOf(data, parts);
    expect(list !== undefined).toBe(hasList(data));
    const named = parts.map(({path, sha256}) => ({path, sha256}));
    expect(partsIn(data, list ?? parts[0]!.sha256)).toEqual(named);
    const moved = inFolder(data, '/there');
    const files = moved.name === 'pictures' ? [] : [moved.file, ...('labels' in moved ? [moved.labels] : [])];
    if (files.length > 0) expect(files).toEqual(named.map(({path}) => join('/there', path)));
    else expect(moved).toMatchObject({folder: '/there'});
  }
});

test.each(['../a.png', '/a.png', 'a/../../b.png', 'a\\..\\b.png', 'a//b.png', ''])(
  'a list that names %j is none: nothing is written outside of the folder',
  (path) => {
    const pictures = all().at(-1)!;
    expect(partsIn(pictures, `${'0'.repeat(64)}  ${path}\n`)).toBeUndefined();
  },
);
