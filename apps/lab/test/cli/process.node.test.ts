// The command line as a process of its own, for what only a process shows: Ctrl-C, and what others print.
import {type ChildProcess, spawn} from 'node:child_process';
import {readdir, readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import {tiny, useFolder} from './folder.ts';

// From the sources as they are, not from a dist that may be missing or old.
const program = fileURLToPath(new URL('../../scripts/lab.mjs', import.meta.url));
const folder = useFolder();

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function lab(
  words: readonly string[],
  onText: (child: ChildProcess, text: string) => void = () => {},
): Promise<Ended> {
  // The native backend of this process has set it, and what is set in a process's environment is what the user wants.
  const {TF_CPP_MIN_LOG_LEVEL: _, ...environment} = process.env;
  const child = spawn(process.execPath, [program, ...words], {
    cwd: folder.path(''),
    env: {...environment, NO_COLOR: '1'},
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    onText(child, stderr);
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({code, stdout, stderr})));
}

test.each(['native', 'wasm', 'cpu'])('on %s nobody else prints anything', async (backend) => {
  await folder.write('a.json', tiny);
  const {code, stdout, stderr} = await lab(['run', 'a.json', '--backend', backend]);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^examples .*\ntrain .*\nvalidation .*\ntest .*\ntest error .*\n\d+ parameters, .*\n$/,
  );
  expect(stderr).toMatch(
    /^tiny on .*\nsgd on [\s\S]*parameters: \d+ trained\nresults\/tiny\.json\nresults\/tiny\.html\n$/,
  );
});

test('Ctrl-C ends a comparison after the running step, and keeps the finished runs', async () => {
  await folder.write('a.json', tiny);
  let isKilled = false; // a second Ctrl-C would end it at once
  const {code, stdout, stderr} = await lab(['compare', 'a.json', '--seeds', '500'], (child, text) => {
    if (isKilled || !text.includes('[2/')) return;
    isKilled = child.kill('SIGINT');
  });
  expect(code).toBe(130);
  expect(stdout).toContain('baseline');
  const [, told = ''] = /^Interrupted\. To go on: (.*)$/m.exec(stderr) ?? [];
  expect(told).toMatch(/^\S*node \S*lab\.mjs compare a\.json --seeds 500 --resume$/);
  expect(await readdir(folder.path('results'))).toEqual(['compare-moons-mlp.partial.json']);
  const saved = JSON.parse(await readFile(folder.path('results/compare-moons-mlp.partial.json'), 'utf8'));
  expect(saved.cells.length).toBeGreaterThan(1);
});

test('an error is one message, and exit code 2', async () => {
  const {code, stdout, stderr} = await lab(['run', 'nothing.json']);
  expect([code, stdout, stderr]).toEqual([2, '', '[recipe] nothing.json cannot be read\n']);
});
