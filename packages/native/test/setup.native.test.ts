import {once} from 'node:events';
import {existsSync, mkdirSync, readdirSync, rmSync, truncateSync, utimesSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {readEntry} from '../src/cache.ts';
import {oneDnnVariable} from '../src/one-dnn.ts';
import {setupWith} from '../src/setup/setup.ts';
import type {SetupProgress} from '../src/setup/tools.ts';
import {distinct, fakeMachine, tidyNames, usual, write} from './fake-tools.ts';

// What registerNative may have set in this process is no choice of the user's.
beforeEach(() => void vi.stubEnv(oneDnnVariable, undefined));
afterEach(() => void vi.unstubAllEnvs());

test('falls back from the stock script to the wheel, and says why', async () => {
  using machine = fakeMachine();
  const result = await setupWith(machine.tools);
  expect(result).toMatchObject({tensorflowVersion: '2.21.0', source: 'wheel'});
  expect(result.tried).toEqual([{source: 'stock', reason: 'Error: 403 Forbidden'}]);
  expect(distinct(machine.ran)).toEqual([
    'npm',
    'stock',
    'compiler',
    'pip',
    'download',
    'extract',
    'compile',
    'verify',
    'measure',
  ]);
});

test('leaves the two libraries and two addons, and nothing half made', async () => {
  using machine = fakeMachine();
  const {bindingPath} = await setupWith(machine.tools);
  expect(readdirSync(machine.tools.root).sort()).toEqual(tidyNames);
  expect(readdirSync(dirname(bindingPath)).sort()).toEqual([
    'libtensorflow_cc.so.2',
    'libtensorflow_framework.so.2',
    'quiet.node',
    'tfjs_binding.node',
  ]);
  expect(readdirSync(dirname(dirname(bindingPath))).sort()).toEqual(['lib', 'manifest.json']);
});

test('a second set-up only looks whether the first still works', async () => {
  using machine = fakeMachine();
  const {bindingPath} = await setupWith(machine.tools);
  machine.ran.length = 0;
  expect(await setupWith(machine.tools)).toMatchObject({bindingPath, source: 'wheel', tried: []});
  expect(machine.ran).toEqual(['verify']);
});

test('a project with its own tfjs-node needs none in the cache', async () => {
  using machine = fakeMachine();
  using project = fakeMachine();
  await setupWith(project.tools, {sources: ['wheel']});
  const installed = join(
    project.tools.root,
    'tfjs-node-4.22.0/node_modules/@tensorflow/tfjs-node/package.json',
  );
  await setupWith({...machine.tools, installed}, {sources: ['wheel']});
  expect(machine.ran).not.toContain('npm');
});

test.each([
  ['a library cut short', (folder: string) => truncateSync(join(folder, 'lib/libtensorflow_cc.so.2'), 3)],
  ['a library gone', (folder: string) => rmSync(join(folder, 'lib/libtensorflow_framework.so.2'))],
  ['no manifest', (folder: string) => rmSync(join(folder, 'manifest.json'))],
  ['an empty manifest', (folder: string) => truncateSync(join(folder, 'manifest.json'), 0)],
])('makes a damaged cache anew: %s', async (_, damage) => {
  using machine = fakeMachine();
  const {bindingPath} = await setupWith(machine.tools);
  const folder = dirname(dirname(bindingPath));
  damage(folder);
  expect(readEntry(folder)).toBeUndefined();
  await setupWith(machine.tools);
  expect(readEntry(folder)).toBeDefined();
  expect(readdirSync(machine.tools.root).sort()).toEqual(tidyNames);
});

test('makes an addon that is whole but no longer loads anew', async () => {
  let broken = false;
  using machine = fakeMachine({
    verify: () => (broken ? {ok: false, output: 'Error: wrong ELF class'} : {output: 'TensorFlow=2.21.0'}),
    download: (command) => {
      broken = false;
      return usual.download(command);
    },
  });
  await setupWith(machine.tools);
  broken = true;
  const {tried} = await setupWith(machine.tools, {sources: ['wheel']});
  expect(tried).toEqual([{source: 'wheel', reason: 'Error: wrong ELF class'}]);
});

test('force makes it anew although it works', async () => {
  using machine = fakeMachine();
  await setupWith(machine.tools);
  machine.ran.length = 0;
  await setupWith(machine.tools, {force: true, sources: ['wheel']});
  expect(machine.ran).toContain('download');
  expect(readdirSync(machine.tools.root).sort()).toEqual(tidyNames);
});

test('keeps what the stock script makes, when it works', async () => {
  using machine = fakeMachine({
    stock: ({cwd}) => {
      for (const path of ['deps/lib/libtensorflow.so.2', 'lib/napi-v8/tfjs_binding.node']) {
        write(join(cwd!, path), 'compiled');
      }
      return {};
    },
  });
  const result = await setupWith(machine.tools);
  expect(result).toMatchObject({source: 'stock', tried: []});
  expect(existsSync(join(result.bindingPath, '../../../deps/lib/libtensorflow.so.2'))).toBe(true);
  expect(machine.ran).not.toContain('download');
});

test('two set-ups at once do the work once', async () => {
  const told = new AbortController();
  const waiting = once(told.signal, 'abort');
  using machine = fakeMachine({
    download: async (command) => {
      await waiting;
      return usual.download(command);
    },
  });
  const tools = {
    ...machine.tools,
    onProgress: ({stage}: SetupProgress) => {
      if (stage === 'wait') told.abort();
    },
  };
  const [first, second] = await Promise.all([setupWith(tools), setupWith(tools)]);
  expect(second.bindingPath).toBe(first.bindingPath);
  expect(machine.ran.filter((step) => step === 'download')).toHaveLength(1);
});

test('the lock and the leftovers of a set-up that was killed stop nobody', async () => {
  using machine = fakeMachine();
  const longAgo = new Date(Date.now() - 7_200_000);
  for (const name of ['setup.lock', 'tmp-killed']) {
    mkdirSync(join(machine.tools.root, name));
    utimesSync(join(machine.tools.root, name), longAgo, longAgo);
  }
  await setupWith(machine.tools);
  expect(readdirSync(machine.tools.root).sort()).toEqual(tidyNames);
});
