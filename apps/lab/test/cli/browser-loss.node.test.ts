// `--backend webgl` while the browser's processes are killed or stopped: the same results in the end, and nothing is
// left behind. Of the command line as a process of its own, with a folder for temporary files of its own.
import {type ChildProcess, execFileSync, spawn} from 'node:child_process';
import {mkdir, readdir, readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import type {RegularizerError} from '@regularizers/core';
import {isThorough} from '@regularizers/testing';
import {afterAll, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {browserRunner} from '../../src/headless/browser-runner.ts';
import {bundlePage, serve} from '../../src/headless/server.ts';
import {openSession} from '../../src/headless/session.ts';
import {parseRecipe} from '../../src/recipe.ts';
import {useFolder} from './folder.ts';

const program = fileURLToPath(new URL('../../scripts/lab.mjs', import.meta.url));
const folder = useFolder();
beforeEach(() => mkdir(folder.path('tmp')));

/** A few seconds on WebGL in software, with an average in its state. */
const recipe = {
  name: 'small',
  data: {name: 'moons', train: 60, validation: 20, test: 40},
  model: {name: 'mlp', hidden: [8]},
  optimizer: {name: 'adam'},
  epochs: 100,
  batchSize: 10,
  regularizers: [{name: 'dropout', rate: 0.2}],
};

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly state: string;
  readonly command: string;
}

interface Running {
  readonly child: ChildProcess;
  readonly text: () => string;
  /** Resolves once standard error holds this. */
  readonly saying: (words: string, times?: number) => Promise<void>;
  readonly ended: Promise<number | null>;
}

function start(words: readonly string[]): Running {
  const child = spawn(process.execPath, [program, ...words], {
    cwd: folder.path(''),
    env: {...process.env, NO_COLOR: '1', TMPDIR: folder.path('tmp')},
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  let onText = (): void => undefined;
  child.stderr!.on('data', (chunk) => {
    text += chunk;
    onText();
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const saying: Running['saying'] = (words, times = 1) =>
    new Promise((resolve, reject) => {
      onText = () => {
        if (text.split(words).length > times) resolve();
      };
      ended.then(() => reject(new Error(`it ended without saying ${words}:\n${text}`)));
      onText();
    });
  return {child, text: () => text, saying, ended};
}

/** The descendants of a process that still run. */
function descendants(root: number): readonly Process[] {
  const all = execFileSync('ps', ['-eo', 'pid=,ppid=,stat=,args='], {encoding: 'utf8'})
    .split('\n')
    .map((line) => line.trim().match(/^(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/))
    .flatMap((found) =>
      found ? [{pid: Number(found[1]), parent: Number(found[2]), state: found[3]!, command: found[4]!}] : [],
    );
  const of = (pid: number): Process[] =>
    all.filter(({parent}) => parent === pid).flatMap((one) => [one, ...of(one.pid)]);
  return of(root);
}

const kinds = {
  'the browser': ({command}: Process) => command.includes('--user-data-dir') && !command.includes('--type='),
  'the graphics process': ({command}: Process) => command.includes('--type=gpu-process'),
  'the page': ({command}: Process) => command.includes('--type=renderer'),
} satisfies Record<string, (one: Process) => boolean>;
type Kind = keyof typeof kinds;

/** Sends a signal to the processes of one kind. Returns all that there were. */
function hit({child}: Running, kind: Kind, signal: NodeJS.Signals): readonly Process[] {
  const before = descendants(child.pid!);
  for (const {pid} of before.filter(kinds[kind])) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended since.
    }
  }
  return before;
}

/** Nothing runs any more, but for what the system has not yet cleared away, and no temporary file is left. */
async function expectNothingLeft(processes: readonly Process[]): Promise<void> {
  const pids = new Set(processes.map(({pid}) => pid));
  const left = descendants(1).filter(({pid, state}) => pids.has(pid) && !state.startsWith('Z'));
  expect(left).toEqual([]);
  expect(await readdir(folder.path('tmp'))).toEqual([]);
}

/** A result without its times. */
async function resultOf(file: string): Promise<unknown> {
  return JSON.parse(await readFile(folder.path(file), 'utf8'), (key, value) =>
    key === 'seconds' ? undefined : value,
  );
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

const run = (out: string): readonly string[] => ['run', 'recipe.json', '--backend', 'webgl', '--out', out];

describe('killed at random moments, a run ends with the same result', () => {
  let whole: unknown;
  // Each of them starts a browser or two, so that `npm test` kills the one that is lost most often.
  const chosen: readonly Kind[] = isThorough ? (Object.keys(kinds) as Kind[]) : ['the graphics process'];
  test.each(chosen)('%s', {timeout: 240_000}, async (kind) => {
    await folder.write('recipe.json', recipe);
    if (whole === undefined) {
      const undisturbed = start(run('whole'));
      expect(await undisturbed.ended, undisturbed.text()).toBe(0);
      whole = await resultOf('whole/small.json');
    }
    const wait = Math.random() * 1000;
    const killed = start(run('killed'));
    await killed.saying(' on webgl');
    await pause(wait);
    const before = hit(killed, kind, 'SIGKILL');
    const code = await killed.ended;
    const after = `${kind}, killed after ${wait} ms: ${killed.text()}`;
    expect(code, after).toBe(0);
    expect(killed.text(), after).toContain('The browser is started again');
    expect(await resultOf('killed/small.json'), after).toEqual(whole);
    await expectNothingLeft(before);
  });
});

test('killed in the middle of a comparison, it goes on with the run that was lost', {
  timeout: 240_000,
}, async () => {
  const words = ['compare', '--data', 'moons', '--train', '40', '--epochs', '6', '--seeds', '1'];
  const common = [...words, '--only', 'l2', '--backend', 'webgl', '--name', 'c'];
  const undisturbed = start([...common, '--out', 'whole']);
  expect(await undisturbed.ended, undisturbed.text()).toBe(0);
  const killed = start([...common, '--out', 'killed']);
  await killed.saying('[1/');
  const before = hit(killed, 'the graphics process', 'SIGKILL');
  expect(await killed.ended, killed.text()).toBe(0);
  expect(killed.text()).toContain('The browser is started again');
  expect(await resultOf('killed/c.json')).toEqual(await resultOf('whole/c.json'));
  await expectNothingLeft(before);
});

test('a browser that is killed again and again is given up', {timeout: 240_000}, async () => {
  await folder.write('recipe.json', recipe);
  const killed = start(run('out'));
  await killed.saying(' on webgl');
  const before = [...hit(killed, 'the page', 'SIGKILL')];
  for (let restart = 1; restart <= 3; restart++) {
    await killed.saying('The browser is started again', restart);
    while (!descendants(killed.child.pid!).some(kinds['the page'])) await pause(20);
    before.push(...hit(killed, 'the browser', 'SIGKILL'));
  }
  expect(await killed.ended, killed.text()).toBe(2);
  expect(killed.text()).toContain(
    '[webgl] the browser was lost 4 times in a row without an epoch in between',
  );
  await expectNothingLeft(before);
});

describe('killed at any moment of its start, what is told is that it is lost', () => {
  let server: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => {
    server = await serve(await bundlePage());
  });
  afterAll(() => server.close());

  /** A page that is asked for what never comes. */
  async function startAndAsk(): Promise<never> {
    const session = await openSession(server.address, () => Promise.resolve(), undefined);
    try {
      return await session.ask<never, undefined>(() => new Promise(() => undefined), undefined);
    } finally {
      await session.close();
    }
  }

  // What throws beside the promise fails the suite too.
  const moments = Array.from({length: isThorough ? 40 : 3}, () => Math.round(Math.random() * 600));
  test.each(moments)('after %d ms', async (wait) => {
    const end = startAndAsk().catch((error: unknown) => error);
    while (!descendants(process.pid).some(kinds['the page'])) await pause(10);
    await pause(wait);
    for (const {pid} of descendants(process.pid).filter(kinds['the browser'])) process.kill(pid, 'SIGKILL');
    const since = performance.now();
    const error = (await end) as RegularizerError;
    expect(performance.now() - since).toBeLessThan(15_000); // two seconds, and more for a busy machine
    expect(['browser-ended', 'no-browser'], String(error)).toContain(error.code);
  });
});

describe.each(['SIGINT', 'SIGTERM'] as const)('%s ends everything soon', (signal) => {
  const moments = [
    ['while the browser starts', undefined, 0],
    ['while it trains', undefined, 1500],
    ['while the graphics process hangs', 'the graphics process', 1500],
    ['while the page hangs', 'the page', 1500],
    ['while the browser hangs', 'the browser', 1500],
  ] as const;
  // A browser that hangs is the same to both.
  const all = signal === 'SIGINT' ? moments : moments.slice(0, 2);
  const sample = signal === 'SIGINT' ? [moments[0], moments[4]] : [moments[1]];
  test.each(isThorough ? all : sample)('%s', {timeout: 240_000}, async (_, stopped, wait) => {
    await folder.write('recipe.json', {...recipe, epochs: 5000});
    const running = start(run('out'));
    if (wait > 0) await running.saying(' on webgl');
    else while (!descendants(running.child.pid!).some(kinds['the browser'])) await pause(20);
    await pause(wait);
    const before = stopped ? hit(running, stopped, 'SIGSTOP') : descendants(running.child.pid!);
    const since = performance.now();
    running.child.kill(signal);
    expect(await running.ended, running.text()).toBe(130);
    expect(performance.now() - since).toBeLessThan(10_000); // two seconds, and the rest for a busy machine
    await expectNothingLeft(before);
  });
});

test('a run goes on after the last epoch that was saved', {timeout: 240_000}, async () => {
  const runner = await browserRunner({mnistBytes: () => Promise.reject(new Error('not asked for'))});
  try {
    const small = parseRecipe({...recipe, epochs: 80});
    const whole = await runner.run(small);
    const said: string[] = [];
    let saved = 0;
    const report = await runner.run(small, {
      onNotice: (sentence) => said.push(sentence),
      onCheckpoint: async (save) => {
        saved += 1;
        if (saved !== 2) return;
        expect((await save()).members[0]!.position.epoch).toBeGreaterThan(1);
        for (const {pid} of descendants(process.pid).filter(kinds['the graphics process']))
          process.kill(pid, 'SIGKILL');
      },
    });
    expect(said).toEqual([
      expect.stringMatching(/^\[backend\] the backend webgl is lost.*; the run goes on after epoch \d+\.$/),
    ]);
    const timeless = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value), (key, one) => (key === 'seconds' ? undefined : one));
    expect(timeless(report)).toEqual(timeless(whole));
  } finally {
    await runner.close();
  }
});
