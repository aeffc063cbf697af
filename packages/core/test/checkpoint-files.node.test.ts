// Checkpoints in files: whole or not at all, whatever happens, and the one before is kept.
import {execFileSync, spawn} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {once} from 'node:events';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {execPath, platform} from 'node:process';
import {fileURLToPath} from 'node:url';
import {type Checkpoint, encodeCheckpoint} from '@regularizers/core';
import {
  checkWritable,
  loadCheckpoint,
  type Owner,
  ownerName,
  previousPath,
  saveCheckpoint,
  thisProcess,
  writeWhole,
} from '@regularizers/core/node';
import {isThorough} from '@regularizers/testing';
import {build} from 'vite';
import {afterAll, afterEach, beforeAll, beforeEach, expect, test} from 'vitest';
import {faultAt} from '../../../vitest/file-faults.mjs';
import {average, keepBest} from './support/plugins.ts';
import {classData, errorOf, trainerOf} from './support/trainers.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const faults = join(here, '../../../vitest/file-faults.mjs');
let bundle = '';
let checkpoint: Checkpoint;
let folder = '';
let path = '';

beforeAll(async () => {
  bundle = await mkdtemp(join(tmpdir(), 'save-child-'));
  await build({
    configFile: false,
    logLevel: 'silent',
    ssr: {noExternal: true},
    build: {ssr: join(here, 'support/save-child.ts'), outDir: bundle, minify: false, target: 'node20'},
  });
  await writeFile(join(bundle, 'package.json'), '{"type": "module"}');
  const trainer = trainerOf([keepBest(), average()]);
  await trainer.fit(classData(), {epochs: 1});
  checkpoint = await trainer.save();
  await writeFile(join(bundle, 'source'), encodeCheckpoint(checkpoint));
});
afterAll(() => rm(bundle, {recursive: true}));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkpoints-'));
  path = join(folder, 'run.safetensors');
});
afterEach(() => rm(folder, {recursive: true}));

const withSeed = (seed: number): Checkpoint => ({...checkpoint, seed});
const seedAt = async (file: string): Promise<number> => (await loadCheckpoint(file)).seed;

test('what is saved is loaded, in a folder that was not there', async () => {
  const file = join(folder, 'a', 'b', 'run');
  await saveCheckpoint(file, checkpoint);
  expect(await loadCheckpoint(file)).toEqual(checkpoint);
  expect(await readdir(join(folder, 'a', 'b'))).toEqual(['run']);
});

test('the one before is kept, and nothing else', async () => {
  for (const seed of [1, 2, 3]) await saveCheckpoint(path, withSeed(seed));
  expect(previousPath(path)).toBe(join(folder, 'run.previous.safetensors'));
  expect([await seedAt(path), await seedAt(previousPath(path))]).toEqual([3, 2]);
  expect(await readdir(folder)).toEqual(['run.previous.safetensors', 'run.safetensors']);
});

test('saves at once are done in their order', async () => {
  await Promise.all(Array.from({length: 8}, (_, seed) => saveCheckpoint(path, withSeed(seed))));
  expect([await seedAt(path), await seedAt(previousPath(path))]).toEqual([7, 6]);
  expect(await readdir(folder)).toHaveLength(2);
});

test('where there is none, or a damaged one, an error says so and names the one before', async () => {
  expect(await errorOf(() => loadCheckpoint(path))).toMatchObject({code: 'no-checkpoint'});
  expect(await errorOf(() => loadCheckpoint(folder))).toMatchObject({
    code: 'cannot-read',
    message: expect.stringContaining('it is a folder'),
  });
  await saveCheckpoint(path, withSeed(1));
  await writeFile(path, (await readFile(path)).subarray(0, -1));
  const alone = await errorOf(() => loadCheckpoint(path));
  expect(alone).toMatchObject({code: 'bad-checkpoint', hint: 'There is none before it.'});
  expect(String(alone)).toContain(path);
  await writeFile(previousPath(path), encodeCheckpoint(checkpoint));
  expect(await errorOf(() => loadCheckpoint(path))).toMatchObject({
    hint: `The one before is ${previousPath(path)}.`,
  });
});

test.each([
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the quota of disk space is used up'],
  ['EROFS', 'the file system is read-only'],
  ['EACCES', 'there is no permission'],
  ['EIO', 'the disk fails'],
])(
  '%s at any call within a save is a sentence, and leaves a whole checkpoint and no draft',
  async (code, why) => {
    for (const seed of [1, 2]) await saveCheckpoint(path, withSeed(seed));
    let failures = 0;
    for (let at = 1; ; at++) {
      const fault = faultAt(code, at, folder);
      const error = await saveCheckpoint(path, withSeed(3)).catch((thrown: unknown) => thrown);
      const isOver = fault.count() < at;
      fault.undo();
      // A call that only tidies up may fail, and a file system without hard links is one with copies.
      if (error !== undefined) {
        failures += 1;
        expect(error).toMatchObject({name: 'RegularizerError', code: 'cannot-write'});
        expect(String(error)).toContain(`${path} cannot be written: ${why}`);
      }
      expect([2, 3]).toContain(await seedAt(path));
      expect([1, 2, 3]).toContain(await seedAt(previousPath(path)));
      if (isOver) break;
      await rm(folder, {recursive: true});
      await mkdir(folder);
      for (const seed of [1, 2]) await saveCheckpoint(path, withSeed(seed));
    }
    expect(failures).toBeGreaterThan(7);
    expect((await readdir(folder)).filter((name) => name.endsWith('.draft'))).toEqual([]);
  },
);

test.runIf(platform === 'linux')(
  'a folder that takes no files is an error, also where Node never ends',
  async () => {
    expect(await errorOf(() => saveCheckpoint('/proc/none/run', checkpoint))).toMatchObject({
      code: 'cannot-write',
    });
  },
);

test('a file in the place of a folder, and a folder in the place of the file', async () => {
  await writeFile(path, 'x');
  expect(await errorOf(() => saveCheckpoint(join(path, 'a', 'b'), checkpoint))).toMatchObject({
    code: 'cannot-write',
    message: expect.stringContaining('a part of its path is a file and not a folder'),
  });
  const taken = join(folder, 'taken');
  await mkdir(taken);
  await writeFile(join(taken, 'x'), '');
  expect(await errorOf(() => writeWhole(taken, 'text'))).toMatchObject({
    code: 'cannot-write',
    message: expect.stringMatching(/it is a folder/),
  });
  expect(await readdir(folder)).toEqual(['run.safetensors', 'taken']);
});

test('a link stays one, and what it leads to is written', async () => {
  const elsewhere = join(folder, 'elsewhere');
  await mkdir(elsewhere);
  await writeFile(join(elsewhere, 'old'), encodeCheckpoint(withSeed(1)));
  await symlink('elsewhere/old', path);
  await saveCheckpoint(path, withSeed(2));
  expect(await readlink(path)).toBe('elsewhere/old');
  expect(await Promise.all([path, join(elsewhere, 'old'), previousPath(path)].map(seedAt))).toEqual([
    2, 2, 1,
  ]);
  // One to what is not there, through another one, in a folder that is a link itself.
  await symlink('elsewhere', join(folder, 'folder'));
  await symlink('../new/file', join(elsewhere, 'second'));
  await symlink('folder/second', join(folder, 'first'));
  await saveCheckpoint(join(folder, 'first'), withSeed(3));
  expect(await readlink(join(folder, 'first'))).toBe('folder/second');
  expect(await seedAt(join(folder, 'new/file'))).toBe(3);
  await symlink('circle', join(folder, 'circle'));
  expect(await errorOf(() => saveCheckpoint(join(folder, 'circle'), checkpoint))).toMatchObject({
    code: 'cannot-write',
    message: expect.stringContaining('its links lead in a circle'),
  });
});

test.runIf(platform !== 'win32')('a file keeps its permissions', async () => {
  await saveCheckpoint(path, withSeed(1));
  for (const mode of [0o600, 0o664]) {
    await chmod(path, mode);
    await saveCheckpoint(path, withSeed(2));
    expect((await stat(path)).mode & 0o777).toBe(mode);
  }
});

// Never on a device of the machine's: where this fails, it is gone.
test.runIf(platform !== 'win32')('a pipe, a socket and a folder stay what they are', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const socket = join(folder, 'socket');
  const server = createServer().listen(socket);
  await once(server, 'listening');
  for (const taken of [pipe, socket]) {
    for (const call of [() => saveCheckpoint(taken, checkpoint), () => checkWritable(taken)]) {
      expect(await errorOf(call)).toMatchObject({
        code: 'cannot-write',
        message: `[files] ${taken} cannot be written: it is a device, a pipe or a socket, and no file`,
      });
    }
  }
  expect((await stat(pipe)).isFIFO()).toBe(true);
  expect((await stat(socket)).isSocket()).toBe(true);
  server.close();
  expect(await errorOf(() => checkWritable(folder))).toMatchObject({
    message: expect.stringContaining('it is a folder'),
  });
});

test('what is no path, or no checkpoint, is refused before anything is written', async () => {
  const trainer = trainerOf();
  for (const bad of [
    undefined,
    null,
    7,
    '',
    'a\0b',
    new URL('file:///x'),
    Promise.resolve(path),
    checkpoint,
  ]) {
    const calls = [
      () => saveCheckpoint(bad as never, checkpoint),
      () => loadCheckpoint(bad as never),
      () => previousPath(bad as never),
      () => writeWhole(bad as never, 'text'),
      () => checkWritable(bad as never),
    ];
    for (const call of calls) expect(await errorOf(call)).toMatchObject({code: 'bad-path'});
  }
  expect(await errorOf(() => saveCheckpoint(checkpoint as never, path as never))).toMatchObject({
    code: 'bad-path',
    hint: expect.stringContaining('It comes first'),
  });
  for (const bad of [trainer.save(), trainer, path, undefined, {tensors: {}}]) {
    expect(await errorOf(() => saveCheckpoint(path, bad as never))).toMatchObject({code: 'not-a-checkpoint'});
  }
  expect(await readdir(folder)).toEqual([]);
});

test('a file system without hard links keeps the one before too', async () => {
  await saveCheckpoint(path, withSeed(1));
  const fault = faultAt('EPERM', 'link', folder);
  try {
    await saveCheckpoint(path, withSeed(2));
  } finally {
    fault.undo();
  }
  expect([await seedAt(path), await seedAt(previousPath(path))]).toEqual([2, 1]);
});

test('text and bytes are written over what was there', async () => {
  await writeWhole(path, '{"é": 1}');
  expect(await readFile(path, 'utf8')).toBe('{"é": 1}');
  await writeWhole(path, Uint8Array.from([1, 2]));
  expect([...(await readFile(path))]).toEqual([1, 2]);
  await expect(writeWhole(path, 7 as never)).rejects.toThrow();
  expect([...(await readFile(path))]).toEqual([1, 2]);
  expect(await readdir(folder)).toEqual(['run.safetensors']);
});

test('writers at the same time leave one content, whole', async () => {
  const texts = Array.from({length: 8}, (_, writer) => String(writer).repeat(100_000));
  await Promise.all(texts.map((text) => writeWhole(path, text)));
  expect(texts).toContain(await readFile(path, 'utf8'));
  expect(await readdir(folder)).toEqual(['run.safetensors']);
});

test('whether a file could be written is found out without touching it', async () => {
  await checkWritable(path);
  expect(await readdir(folder)).toEqual([]);
  const long = join(folder, 'x'.repeat(250));
  expect(await errorOf(() => checkWritable(long))).toMatchObject({
    code: 'cannot-write',
    message: expect.stringContaining('its name is too long'),
  });
});

interface Ended {
  readonly signal: NodeJS.Signals | null;
  /** The last seed that was said to be saved. */
  readonly said: number;
}

function inNewProcess(
  [first, last]: readonly [number, number],
  environment: Readonly<Record<string, string>>,
  killAfter?: number,
): Promise<Ended> {
  const words = ['--import', faults, join(bundle, 'save-child.js'), join(bundle, 'source'), path];
  const child = spawn(execPath, [...words, String(first), String(last)], {
    env: {...process.env, ...environment},
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    if (text === '' && killAfter !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfter);
    text += chunk;
  });
  return new Promise((resolve) =>
    child.on('close', (_, signal) =>
      resolve({signal, said: Number(text.trim().split('\n').at(-1) || first - 1)}),
    ),
  );
}

test('killed at each point within a save, there is a whole checkpoint and a whole one before it', async () => {
  for (let at = 1; ; at++) {
    await rm(folder, {recursive: true});
    await mkdir(folder);
    for (const seed of [1, 2]) await saveCheckpoint(path, withSeed(seed));
    const {signal, said} = await inNewProcess([3, 3], {FILE_FAULT: `kill@${at}`, FILE_FAULT_WITHIN: folder});
    expect([2, 3]).toContain(await seedAt(path));
    expect([1, 2]).toContain(await seedAt(previousPath(path)));
    if (said === 3) expect([await seedAt(path), await seedAt(previousPath(path))]).toEqual([3, 2]);
    // What the killed process left is swept by the next one.
    await saveCheckpoint(path, withSeed(4));
    expect(await seedAt(path)).toBe(4);
    expect(await readdir(folder)).toEqual(['run.previous.safetensors', 'run.safetensors']);
    if (signal === null) {
      expect(at).toBeGreaterThan(10);
      break;
    }
    expect(signal).toBe('SIGKILL');
  }
});

test('killed at random moments, nothing that was said to be saved is lost', async () => {
  const runs = isThorough ? 150 : 8;
  for (let run = 0; run < runs; run++) {
    await rm(folder, {recursive: true});
    await mkdir(folder);
    const {signal, said} = await inNewProcess([1, 100_000], {}, randomBytes(1)[0]! / 8);
    expect(signal).toBe('SIGKILL');
    expect(await seedAt(path)).toBeGreaterThanOrEqual(said);
    const before = await loadCheckpoint(previousPath(path)).catch(() => undefined);
    if (said > 1) expect(before?.seed).toBeGreaterThanOrEqual(said - 1);
    await saveCheckpoint(path, withSeed(0));
    expect(await readdir(folder)).toEqual(['run.previous.safetensors', 'run.safetensors']);
  }
});

test('drafts of processes that run are let be, those of an earlier process of the same number are not', async () => {
  const draftOf = (owner: Owner): string => `.run.safetensors.${ownerName(owner)}.deadbeef.draft`;
  const kept = [thisProcess, {...thisProcess, host: 'elsewhere'}].map(draftOf);
  // In a container that is started anew, the first process has the number of the one that was killed.
  const swept = draftOf({...thisProcess, born: 'deadbeef-1'});
  for (const name of [...kept, swept]) await writeFile(join(folder, name), '');
  await saveCheckpoint(path, checkpoint);
  expect(await readdir(folder)).toEqual([...kept, 'run.safetensors'].toSorted());
});
