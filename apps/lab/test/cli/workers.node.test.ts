// `lab search` whose trials others train, as a person gives it: processes of this machine, and of others at a queue.
import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdir, readFile, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {execPath} from 'node:process';
import {registerNative} from '@regularizers/native';
import {afterAll, afterEach, beforeAll, expect, test} from 'vitest';
import {bundleScript, type Script} from '../../../../vitest/script.ts';
import {type RedisServer, startRedis} from '../workers/redis-server.ts';
import {isThere} from '../workers/support.ts';
import {tiny, useFolder} from './folder.ts';
import {lab} from './terminal.ts';

const folder = useFolder();
let script: Script;
let redis: RedisServer | undefined;
beforeAll(async () => {
  script = await bundleScript(new URL('lab-child.ts', import.meta.url));
});
const started: ChildProcess[] = [];
afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  await redis?.kill();
  await registerNative(); // back from other backends
});
afterAll(() => script.remove());

interface Lab {
  readonly process: ChildProcess;
  readonly ended: Promise<unknown>;
  readonly stderr: () => string;
  /** Once standard error holds this. */
  says(text: string): Promise<void>;
}

/** Starts the command line in a process of its own, in a folder of its own, with a cache of its own. */
async function start(where: string, ...words: string[]): Promise<Lab> {
  const cwd = folder.path(where);
  await mkdir(cwd, {recursive: true});
  const child = spawn(execPath, [script.path, ...words], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {...process.env, NO_COLOR: '1', XDG_CACHE_HOME: join(cwd, 'cache')},
  });
  started.push(child);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close');
  const says = async (text: string): Promise<void> => {
    while (!stderr.includes(text)) {
      await Promise.race([once(child.stderr, 'data'), ended]);
      if (child.exitCode !== null && !stderr.includes(text)) throw new Error(`it has ended: ${stderr}`);
    }
  };
  return {process: child, ended, stderr: () => stderr, says};
}

const words = async (...more: string[]): Promise<string[]> => [
  ...['search', await folder.write('a.json', {...tiny, epochs: 1, regularizers: []})],
  ...['--trials', '20', '--only', 'l2', '--backend', 'cpu', '--out', folder.path('out'), ...more],
];

/** All that is the same whoever trained. */
async function resultOf(): Promise<unknown> {
  const found = JSON.parse(await readFile(folder.path('out/search-moons-mlp.json'), 'utf8'));
  const {history: _, command: __, ...rest} = found;
  return rest;
}

let known: unknown;

/** What this process alone comes to. */
async function alone(): Promise<unknown> {
  if (known === undefined) {
    expect((await lab(await words())).code).toBe(0);
    known = await resultOf();
    await rm(folder.path('out'), {recursive: true});
  }
  return known;
}

/** Processes that a process has started, on Linux. */
const childrenOf = async ({pid}: ChildProcess): Promise<readonly number[]> =>
  (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').filter(Boolean).map(Number);

test('processes of one machine come to what one alone comes to, and end with the search', async () => {
  const expected = await alone();
  const searching = await start('here', ...(await words('--workers', '2')));
  await searching.says('[12]');
  const trainers = await childrenOf(searching.process);
  expect(trainers).toHaveLength(2);
  await searching.ended;
  expect(searching.process.exitCode).toBe(0);
  expect(searching.stderr()).toContain('2 processes train.');
  expect(await resultOf()).toEqual(expected);
  await expect.poll(() => trainers.filter(isThere), {timeout: 20_000}).toEqual([]);
});

test('a comparison is trained by processes, too, and comes to the same, killed and gone on with', async () => {
  const comparing = [
    ...['compare', await folder.write('a.json', {...tiny, epochs: 1}), '--seeds', '6'],
    ...['--backend', 'cpu', '--out', folder.path('out')],
  ];
  const cells = async (): Promise<unknown> => {
    const found = JSON.parse(await readFile(folder.path('out/compare-moons-mlp.json'), 'utf8'));
    return found.cells.map(({seconds: _, history, ...rest}: {seconds: number; history: object[]}) => ({
      ...rest,
      history: history.map((point) => ({...point, seconds: 0})),
    }));
  };
  expect((await lab(comparing)).code).toBe(0);
  const expected = await cells();
  await rm(folder.path('out'), {recursive: true});
  const first = await start('here', ...comparing, '--workers', '2');
  await first.says('[5/');
  const trainers = await childrenOf(first.process);
  expect(trainers).toHaveLength(2);
  first.process.kill('SIGKILL');
  await first.ended;
  const second = await start('here', ...comparing, '--workers', '2', '--resume');
  await second.ended;
  expect(second.process.exitCode).toBe(0);
  expect(second.stderr()).not.toContain('[5/');
  expect(await cells()).toEqual(expected);
  await expect.poll(() => trainers.filter(isThere), {timeout: 20_000}).toEqual([]);
});

test.each(['SIGKILL', 'SIGINT'] as const)(
  '%s of a search ends its processes; it can be gone on with',
  async (signal) => {
    const expected = await alone();
    const searching = await start('here', ...(await words('--workers', '2')));
    await searching.says('[5]');
    const trainers = await childrenOf(searching.process);
    expect(trainers).toHaveLength(2);
    searching.process.kill(signal);
    await searching.ended;
    expect(searching.process.exitCode).toBe(signal === 'SIGINT' ? 130 : null);
    const {code, stderr} = await lab(await words('--resume'));
    expect(code).toBe(0);
    expect(stderr).not.toContain('[5]');
    expect(await resultOf()).toEqual(expected);
    await expect.poll(() => trainers.filter(isThere), {timeout: 20_000}).toEqual([]);
  },
);

test('two machines at a queue come to what one process comes to', async () => {
  const expected = await alone();
  await mkdir(folder.path('redis'));
  redis = await startRedis(folder.path('redis'));
  const queue = ['--queue', redis.address];
  const workers = [
    await start('one', 'worker', ...queue, '--workers', '1'),
    await start('two', 'worker', ...queue, '--workers', '1'),
  ];
  for (const worker of workers) await worker.says('Working for searches, 1 at once. Ctrl-C ends this.');
  const searching = await start('three', ...(await words(...queue)));
  await searching.ended;
  expect([searching.process.exitCode, searching.stderr()]).toEqual([0, expect.stringContaining('[20]')]);
  expect(await resultOf()).toEqual(expected);
  for (const worker of workers) {
    expect(await childrenOf(worker.process)).toHaveLength(1);
    worker.process.kill('SIGINT');
    await worker.ended;
    expect(worker.process.exitCode).toBe(0);
  }
}, 180_000); // five processes begin, one after another
