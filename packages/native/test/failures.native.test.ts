import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test, vi} from 'vitest';
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
  test('asks for one wheel by version, whatever Python there is, and for nothing that would be built', async () => {
    const asked: string[][] = [];
    using machine = fakeMachine({
      download: (command) => {
        asked.push(command.args.slice(command.args.indexOf('-d') + 2));
        return usual.download(command);
      },
    });
    await setupWith(machine.tools);
    expect(asked).toEqual([['--only-binary=:all:', '--python-version', '3.12', 'tensorflow-cpu==2.21.0']]);
  });

  test('a wheel with other bytes than the tested one is not unpacked', async () => {
    using machine = fakeMachine({
      download: (command) => {
        const {TMPDIR = ''} = command.env!;
        write(join(TMPDIR, 'tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl'), 'A wheel');
        return {};
      },
    });
    await expect(setupWith(machine.tools)).rejects.toMatchObject({code: 'wrong-wheel'});
    expect(machine.ran).not.toContain('extract');
  });

  test('npm is told the hash of every package that comes with tfjs-node', async () => {
    let lock: {packages: Record<string, {integrity?: string; link?: boolean}>} | undefined;
    using machine = fakeMachine({
      npm: (command) => {
        expect(command.args[0]).toBe('ci');
        lock = JSON.parse(readFileSync(join(command.cwd!, 'package-lock.json'), 'utf8'));
        return usual.npm(command);
      },
    });
    await setupWith(machine.tools);
    const fetched = Object.entries(lock!.packages).filter(
      ([name, {link}]) => /^node_modules/.test(name) && !link,
    );
    expect(fetched.map(([name]) => name)).toContain('node_modules/@tensorflow/tfjs-node');
    // What lies in the stub's place is no package, and is not fetched.
    expect(
      fetched.filter(([, {integrity}]) => !integrity?.startsWith('sha512-')).map(([name]) => name),
    ).toEqual(fetched.map(([name]) => name).filter((name) => name.endsWith('tfjs-stub')));
  });

  test('reads how far it is off the disk', async () => {
    const fractions: number[] = [];
    using machine = fakeMachine(
      {
        download: async (command) => {
          command.onOutput?.('Downloading tensorflow_cpu-2.21.0-cp312.whl (0.1 MB)\n');
          const {TMPDIR = ''} = command.env!;
          write(join(TMPDIR, 'pip-unpack', 'part'), 'x'.repeat(50_000));
          await vi.waitFor(() => expect(fractions).toContain(0.5), {timeout: 20_000});
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
    expect(new Set(fractions)).toEqual(new Set([0.5]));
  });
});
