// Exact resume in a new process: the script is bundled, since Node does not run TypeScript everywhere.
import {execFile} from 'node:child_process';
import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {execPath} from 'node:process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {build} from 'vite';
import {afterAll, beforeAll, expect, test} from 'vitest';

const run = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));
let folder = '';

beforeAll(async () => {
  // Within the package, so that the bundle finds the same tfjs.
  const cache = join(here, '../node_modules/.cache');
  await mkdir(cache, {recursive: true});
  folder = await mkdtemp(join(cache, 'resume-'));
  await build({
    configFile: false,
    logLevel: 'silent',
    resolve: {conditions: ['source']},
    ssr: {noExternal: [/^@regularizers\//], resolve: {conditions: ['source']}},
    build: {ssr: join(here, 'support/resume-child.ts'), outDir: folder, minify: false, target: 'node20'},
  });
});

afterAll(async () => {
  await rm(folder, {recursive: true, force: true});
});

async function inNewProcess(...words: string[]): Promise<unknown> {
  const {stdout} = await run(execPath, [join(folder, 'resume-child.js'), ...words]);
  return JSON.parse(stdout);
}

for (const [backend, execution] of [
  ['cpu', 'eager'],
  ['native', 'eager'],
  ['native', 'auto'],
] as const) {
  test(`a new process goes on exactly on ${backend} (${execution})`, async () => {
    const file = join(folder, `${backend}-${execution}.safetensors`);
    const whole = await inNewProcess(backend, execution, 'save', file);
    const resumed = await inNewProcess(backend, execution, 'resume', file);
    expect(resumed).toEqual(whole);
  });
}
