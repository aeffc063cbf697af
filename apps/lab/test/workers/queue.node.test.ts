// Searches and workers at a queue of a real server; what is trained is a fake.
import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join, relative} from 'node:path';
import {RegularizerError} from '@regularizers/core';
import {search} from '@regularizers/search';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {linesOf} from '../../../../vitest/lines.ts';
import {bundleScript, type Script} from '../../../../vitest/script.ts';
import {checksum} from '../../src/data/own/checksum.ts';
import type {RunReport} from '../../src/run.ts';
import {workerLost} from '../../src/workers/processes.ts';
import {askQueue} from '../../src/workers/queue/ask.ts';
import {type ServeOptions, serveQueue} from '../../src/workers/queue/serve.ts';
import type {Task, Workers} from '../../src/workers/task.ts';
import {errorAt} from './formula.mjs';
import {type RedisServer, startRedis} from './redis-server.ts';
import {options} from './search-options.ts';
import {begun, fakeEntry, fakeTask, isThere} from './support.ts';

let folder = '';
let redis: RedisServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-queue-'));
  redis = await startRedis(folder);
});
afterAll(async () => {
  await redis?.kill();
  await rm(folder, {recursive: true, force: true});
});

/** What ends after each test, the last first. */
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

const ask = async (version = '1', said: string[] = []): Promise<Workers> => {
  const workers = await askQueue(redis.address, {version, say: (line) => said.push(line)});
  ends.push(workers.close);
  return workers;
};
type Train = (task: Task) => Promise<unknown>;
const serve = (train: Train, more: Partial<ServeOptions> = {}) => {
  const controller = new AbortController();
  const ended = serveQueue(redis.address, {
    version: '1',
    workers: {train: train as Workers['train'], close: async () => undefined},
    count: 1,
    say: () => undefined,
    signal: controller.signal,
    ...more,
  });
  ended.catch(() => undefined);
  const end = (): Promise<void> => {
    controller.abort();
    return ended.catch(() => undefined);
  };
  ends.push(end);
  return {ended, end};
};
const reportOf = ({recipe: {seed}}: Task): Partial<RunReport> => ({testError: seed});

describe('a queue', () => {
  it('has its tasks trained by whoever is there, at once', async () => {
    const said: string[] = [];
    const {train} = await ask('1', said);
    expect(said).toEqual(['No worker is there yet. Start some: lab worker --queue …']);
    const at: string[] = [];
    for (const name of ['a', 'b']) {
      serve(async (task) => {
        at.push(name);
        await new Promise((resolve) => setTimeout(resolve, 50));
        return reportOf(task);
      });
    }
    const reports = await Promise.all([1, 2, 3, 4].map((seed) => train(fakeTask('many', seed))));
    expect(reports.map(({testError}) => testError)).toEqual([1, 2, 3, 4]);
    expect(new Set(at)).toEqual(new Set(['a', 'b']));
  });

  it('brings errors home, and trains the same task once', async () => {
    const {train} = await ask();
    let trained = 0;
    serve(async () => {
      trained += 1;
      throw new RegularizerError({where: 'l2', code: 'not-finite', message: 'it diverged', hint: 'Less.'});
    });
    const task = fakeTask('diverges');
    const both = await Promise.allSettled([train(task), train(task)]);
    for (const one of both) {
      expect(one).toMatchObject({
        reason: {code: 'not-finite', where: 'l2', problem: 'it diverged', hint: 'Less.'},
      });
    }
    // Another search that asks for the same, such as one that goes on.
    await expect((await ask()).train(task)).rejects.toMatchObject({code: 'not-finite'});
    expect(trained).toBe(1);
  });

  it('marks a task failed that ends two who train', async () => {
    const {train} = await ask();
    let ended = 0;
    serve(async () => {
      ended += 1;
      throw workerLost(1, 'SIGSEGV');
    });
    await expect(train(fakeTask('crashes'))).rejects.toMatchObject({
      code: 'worker-lost',
      problem: expect.stringContaining('training it ended 2 workers'),
    });
    expect(ended).toBe(2);
  });

  it('is given back at the end of a worker what it had begun, and goes on with others', async () => {
    const {train} = await ask();
    let leave!: (error: Error) => void;
    const hasBegun = new Promise<void>((begins) => {
      serve(() => {
        begins();
        return new Promise((_, reject) => {
          leave = reject;
        });
      });
    });
    const answer = train(fakeTask('passed on', 5));
    await hasBegun;
    const ended = ends.pop()!();
    leave(new Error('ended'));
    await ended;
    serve(async (task) => reportOf(task));
    expect(await answer).toMatchObject({testError: 5});
  });

  it('is left by a worker that cannot train what is asked for, which others then do', async () => {
    const {train} = await ask();
    const answer = train(fakeTask('elsewhere', 6));
    const {ended} = serve(async () => {
      throw new RegularizerError({where: 'native', code: 'no-worker', message: 'not here'});
    });
    await expect(ended).rejects.toMatchObject({code: 'no-worker', problem: 'not here'});
    serve(async (task) => reportOf(task));
    expect(await answer).toMatchObject({testError: 6});
  });

  it('refuses workers and searches of another version', async () => {
    const {train} = await ask('1');
    const answer = train(fakeTask('versions', 7));
    await expect(serve(async (task) => reportOf(task), {version: '2'}).ended).rejects.toMatchObject({
      code: 'other-version',
      problem: 'a search of version 1 of the lab asks; this worker is of 2',
    });
    const right = serve(async (task) => reportOf(task));
    expect(await answer).toMatchObject({testError: 7});
    await expect(ask('3')).rejects.toMatchObject({
      code: 'other-version',
      problem: 'this is version 3 of the lab; the workers at the queue are of 1',
    });
    await right.end();
  });

  it("hands over data of the user's own by their checksum, once to each machine", async () => {
    const {train} = await ask();
    const file = join(folder, 'mine.csv');
    await writeFile(file, 'a,b\n1,2\n');
    const sha256 = await checksum(await readFile(file));
    const own = (name: string): Task => {
      const task = fakeTask(name);
      return {...task, recipe: {...task.recipe, data: {name: 'csv', file, target: 'b', sha256} as never}};
    };
    const cache = join(folder, 'cache', 'files');
    const seen: string[] = [];
    const reading = async ({recipe: {data}}: Task): Promise<unknown> => {
      const {file: here} = data as {readonly file: string};
      seen.push(here, await readFile(here, 'utf8'));
      return {testError: 0};
    };
    const first = serve(reading, {cache});
    await train(own('first'));
    const kept = join(cache, sha256, 'mine.csv');
    expect(seen).toEqual([kept, 'a,b\n1,2\n']);
    await first.end();
    // What was damaged on the disk is asked for anew; a file that is gone here is still on the server.
    await writeFile(kept, 'a,b\n1,3\n');
    await rm(file);
    serve(reading, {cache});
    await train(own('second'));
    expect(seen.slice(2)).toEqual([kept, 'a,b\n1,2\n']);
    const other = own('third');
    const {data} = other.recipe as {readonly data: object};
    const gone = {...other, recipe: {...other.recipe, data: {...data, sha256: 'f'.repeat(64)} as never}};
    await expect(train(gone)).rejects.toMatchObject({code: 'unreadable'});
  });

  it('hands over pictures and arrays, which are several files', async () => {
    const here = join(folder, 'here');
    const files: Record<string, string> = {
      'pictures/cat/1.png': 'first',
      'pictures/dog/a b.png': 'second',
      'pictures/dog/notes.txt': 'of no use',
      'arrays/x.npy': 'inputs',
      'other/x.npy': 'targets',
    };
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(here, dirname(path)), {recursive: true});
      await writeFile(join(here, path), text);
    }
    const sumOf = (text: string): Promise<string> => checksum(new TextEncoder().encode(text));
    const pictures = await sumOf(
      `${await sumOf('first')}  cat/1.png\n${await sumOf('second')}  dog/a b.png\n`,
    );
    const arrays = await sumOf(`${await sumOf('inputs')}\n${await sumOf('targets')}`);
    const [x, y] = [join(here, 'arrays/x.npy'), join(here, 'other/x.npy')];
    const own = (name: string, data: object): Task => {
      const task = fakeTask(name);
      return {...task, recipe: {...task.recipe, data: data as never}};
    };
    const cache = join(folder, 'cache', 'several');
    const seen: (readonly [string, string])[] = [];
    const reading = async ({recipe: {data}}: Task): Promise<unknown> => {
      const own = data as {folder?: string; file?: string; labels?: string};
      const paths = own.folder
        ? (await readdir(own.folder, {recursive: true})).filter((path) => path.endsWith('.png')).toSorted()
        : [];
      const all = [...paths.map((path) => join(own.folder!, path)), own.file, own.labels];
      for (const path of all) if (path) seen.push([relative(cache, path), await readFile(path, 'utf8')]);
      return {testError: 0};
    };
    serve(reading, {cache});
    const {train} = await ask();
    await train(own('pictures', {name: 'pictures', folder: join(here, 'pictures'), sha256: pictures}));
    await train(own('arrays', {name: 'arrays', file: x, labels: y, sha256: arrays}));
    expect(seen).toEqual([
      [join(pictures, 'cat/1.png'), 'first'],
      [join(pictures, 'dog/a b.png'), 'second'],
      [join(arrays, 'x.npy'), 'inputs'],
      [join(arrays, 'labels/x.npy'), 'targets'],
    ]);
    // A file that has changed is not trained on by anyone.
    await writeFile(y, 'other targets');
    const sha256 = await sumOf(`${await sumOf('inputs')}\n${await sumOf('gone')}`);
    await expect(train(own('changed', {name: 'arrays', file: x, labels: y, sha256}))).rejects.toMatchObject({
      code: 'changed-file',
    });
  });

  it('is not asked any more for what a search has left', async () => {
    const {train, close} = await ask();
    const controller = new AbortController();
    const left = expect(train(fakeTask('left'), {signal: controller.signal})).rejects.toMatchObject({
      code: 'aborted',
    });
    controller.abort();
    await left;
    await close();
    const seen: string[] = [];
    serve(async (task) => {
      seen.push(task.recipe.name!);
      return reportOf(task);
    });
    await (await ask()).train(fakeTask('next'));
    expect(seen).toEqual(['next']);
  });

  it.each([
    ['bad-option', 'http://localhost', 'received one of http:'],
    ['bad-option', 'nonsense', 'received "nonsense"'],
    [
      'no-queue',
      'redis://user:secret@127.0.0.1:1',
      'redis://127.0.0.1:1 does not answer: connect ECONNREFUSED',
    ],
  ])('refuses by %s %s', async (code, address, problem) => {
    const given = {version: '1', say: () => undefined};
    await expect(askQueue(address, given)).rejects.toMatchObject({
      code,
      problem: expect.stringContaining(problem),
    });
  });
});

describe('processes that are killed', () => {
  const scripts = new Map<string, Script>();
  let log = '';
  beforeAll(async () => {
    for (const name of ['search-child', 'worker-child']) {
      scripts.set(name, await bundleScript(new URL(`${name}.ts`, import.meta.url)));
    }
  });
  afterAll(async () => {
    for (const script of scripts.values()) await script.remove();
  });

  interface Started {
    readonly process: ChildProcess;
    readonly lines: readonly string[];
    readonly ended: Promise<unknown>;
    /** Once it has printed a line that the pattern fits. */
    says(pattern: RegExp): Promise<void>;
    kill(): Promise<unknown>;
  }

  const start = (name: string, ...words: string[]): Started => {
    const child = spawn(process.execPath, [scripts.get(name)!.path, redis.address, ...words], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {...process.env, FAKE_LOG: log},
    });
    const lines = linesOf(child.stdout);
    const ended = once(child, 'close');
    const kill = (): Promise<unknown> => {
      child.kill('SIGKILL');
      return ended;
    };
    ends.push(kill);
    const says = async (pattern: RegExp): Promise<void> => {
      while (!lines.some((line) => pattern.test(line))) {
        await Promise.race([once(child.stdout, 'data'), ended]);
        if (child.exitCode !== null) throw new Error(`${name} has ended: ${lines.join('\n')}`);
      }
    };
    return {process: child, lines, ended, says, kill};
  };
  const worker = (silence = 6000): Started => start('worker-child', fakeEntry.file, String(silence));

  it('worker, search and server in turn: nothing that was finished is lost', async () => {
    log = join(folder, 'killed.log');
    const study = join(folder, 'killed.jsonl');
    const expected = await search({
      ...options,
      run: (trial) => ({validation: errorAt(trial), test: errorAt(trial)}),
    });
    const workers = [worker(), worker()];
    // A busy machine starts one long before the other.
    const trainersBefore = (at: number): Set<number> =>
      new Set(
        begun(log)
          .filter((one) => one.at < at)
          .map(({pid}) => pid),
      );
    const {train} = await ask();
    for (let seed = 0; trainersBefore(Infinity).size < 4; seed += 4) {
      await Promise.all([0, 1, 2, 3].map((i) => train(fakeTask('sleeps 50', seed + i))));
    }
    let searching = start('search-child', study);
    await searching.says(/^trial 8$/);
    await workers[0]!.kill();
    const killedAt = Date.now();
    await searching.says(/^trial 15$/);
    await searching.kill();
    searching = start('search-child', study);
    await searching.says(/^trial 25$/);
    await redis.kill();
    await redis.start();
    await searching.says(/^\{/);
    expect(JSON.parse(searching.lines.at(-1)!).result).toEqual(JSON.parse(JSON.stringify(expected)));
    // What the worker had, which ended with its trainers, is given out again within ten seconds, and nothing else is. A busy
    // machine takes its time to begin.
    const seen = begun(log);
    const again = seen.filter(({seed, point}, i) =>
      seen
        .slice(0, i)
        .some((one) => one.seed === seed && JSON.stringify(one.point) === JSON.stringify(point)),
    );
    expect(again.length).toBeLessThanOrEqual(2);
    for (const {at} of again) expect(at - killedAt).toBeLessThan(20_000);
    expect([...trainersBefore(killedAt)].filter(isThere)).toHaveLength(2);
    expect(searching.lines.some((line) => line.endsWith('is away. What is asked of it waits.'))).toBe(true);
    expect(searching.lines.some((line) => line.endsWith('is back.'))).toBe(true);
  });

  it('workers that a task ends twice: it counts as failed', async () => {
    log = join(folder, 'ends.log');
    const {train} = await ask();
    const workers = [worker(500), worker(500), worker(500)];
    await expect(train(fakeTask('ends'))).rejects.toMatchObject({code: 'worker-lost'});
    expect(await train(fakeTask('well', 9))).toMatchObject({testError: 9});
    expect(workers.filter(({process: {signalCode}}) => signalCode === 'SIGKILL')).toHaveLength(2);
    expect(begun(log).filter(({name}) => name === 'ends')).toHaveLength(2);
  });
});
