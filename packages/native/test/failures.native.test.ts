import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {NativeError} from '../src/index.ts';
import {setupWith} from '../src/setup/setup.ts';
import {type Behaviour, fakeMachine, type Step, usual, write} from './fake-tools.ts';

const gone: Behaviour = () => ({ok: false, missing: true, output: 'spawn ENOENT'});
const fails =
  (output: string): Behaviour =>
  () => ({ok: false, output});

type Case = [what: string, unusual: Partial<Record<Step, Behaviour>>, code: string, says: RegExp];
const cases: Case[] = [
  ['no Python', {pip: gone}, 'no-python', /Python 3 is not installed.*apt install python3-pip/s],
  ['no pip', {pip: fails('No module named pip')}, 'no-python', /python3 has no pip.*ensurepip/s],
  ['no compiler', {compiler: gone}, 'no-compiler', /no C\+\+ compiler.*apt install g\+\+/s],
  ['no npm', {npm: gone}, 'no-npm', /npm is not installed/],
  ['npm offline', {npm: fails('npm error ENOTFOUND')}, 'download-failed', /ENOTFOUND.*registry/s],
  [
    'pip offline',
    {download: fails('Temporary failure in name resolution')},
    'download-failed',
    /name res.*index/s,
  ],
  ['a damaged wheel', {extract: fails('zipfile.BadZipFile')}, 'download-failed', /BadZipFile/],
  [
    'a compiler that is too old',
    {compile: fails("x.cc: note\nx.cc:3:1: error: 'string_view' is not a member\nmore")},
    'build-failed',
    /x\.cc:3:1: error: 'string_view' is not a member\n.*C\+\+17/s,
  ],
  [
    'an addon that needs what is not there',
    {verify: fails('Error: libc.so.6: version')},
    'will-not-load',
    /libc/,
  ],
  ['an old processor', {verify: () => ({ok: false, signal: 'SIGILL'})}, 'will-not-load', /AVX/],
];

describe('set-up says what is missing and how to get it, and leaves nothing half made', () => {
  test.each(cases)('%s', async (_, unusual, code, says) => {
    using machine = fakeMachine(unusual);
    const error = await setupWith(machine.tools).catch((reason: unknown) => reason);
    expect(NativeError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({code, message: expect.stringMatching(says)});
    expect(readdirSync(machine.tools.root).filter((name) => name !== 'tfjs-node-4.22.0')).toEqual([]);
  });

  test('a missing compiler is noticed before the download', async () => {
    using machine = fakeMachine({compiler: gone});
    await expect(setupWith(machine.tools)).rejects.toMatchObject({code: 'no-compiler'});
    expect(machine.ran).not.toContain('download');
  });

  test('a cache that is no folder', async () => {
    using machine = fakeMachine();
    const root = join(machine.tools.root, 'file');
    write(root, '');
    await expect(setupWith({...machine.tools, root})).rejects.toMatchObject({
      code: 'cache-unusable',
      hint: expect.stringContaining('REGULARIZERS_CACHE'),
    });
  });

  test.each([
    [{platform: 'win32', arch: 'x64', glibc: false}, /Windows.*WSL 2/],
    [{platform: 'linux', arch: 'x64', glibc: false}, /without glibc.*node:24-slim/],
    [{platform: 'linux', arch: 'ia32', glibc: true}, /linux-ia32/],
    [{platform: 'darwin', arch: 'x64', glibc: false}, /darwin-x64/],
  ])('%o', async (machineFacts, says) => {
    using machine = fakeMachine({}, {machine: machineFacts});
    await expect(setupWith(machine.tools)).rejects.toMatchObject({
      code: 'unsupported-platform',
      message: expect.stringMatching(says),
    });
  });
});

describe('downloading', () => {
  test('asks for the tested TensorFlow in the name of another Python, then for any', async () => {
    const asked: string[][] = [];
    using machine = fakeMachine({
      download: (command) => {
        asked.push(command.args.slice(command.args.indexOf('-d') + 2));
        if (asked.length < 3) return {ok: false, output: 'ERROR: No matching distribution found'};
        return usual.download(command);
      },
    });
    await setupWith(machine.tools);
    const other = ['--only-binary=:all:', '--python-version', '3.12'];
    expect(asked).toEqual([
      ['tensorflow-cpu>=2.21,<2.22'],
      [...other, 'tensorflow-cpu>=2.21,<2.22'],
      [...other, 'tensorflow-cpu'],
    ]);
  });

  test('reads how far it is off the disk', async () => {
    const fractions: number[] = [];
    using machine = fakeMachine(
      {
        download: async (command) => {
          command.onOutput?.('Downloading tensorflow_cpu-2.21.0-cp312.whl (0.1 MB)\n');
          const {TMPDIR = ''} = command.env!;
          write(join(TMPDIR, 'pip-unpack', 'part'), 'x'.repeat(50_000));
          await new Promise((resolve) => setTimeout(resolve, 700));
          return usual.download(command);
        },
      },
      {
        onProgress: ({stage, fraction}) => {
          if (stage === 'download' && fraction !== undefined) fractions.push(fraction);
        },
      },
    );
    await setupWith(machine.tools, {sources: ['wheel']});
    expect(fractions).toEqual([0.5]);
  });
});
