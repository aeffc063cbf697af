// Exact resume in a new process.
import {execFile} from 'node:child_process';
import {join} from 'node:path';
import {execPath} from 'node:process';
import {promisify} from 'node:util';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {bundleScript, type Script} from '../../../vitest/script.ts';

const run = promisify(execFile);
let script: Script;
beforeAll(async () => {
  script = await bundleScript(new URL('support/resume-child.ts', import.meta.url));
});
afterAll(() => script.remove());

async function inNewProcess(...words: string[]): Promise<unknown> {
  const {stdout} = await run(execPath, [script.path, ...words]);
  return JSON.parse(stdout);
}

for (const [backend, execution] of [
  ['cpu', 'eager'],
  ['native', 'eager'],
  ['native', 'auto'],
] as const) {
  test(`a new process goes on exactly on ${backend} (${execution})`, async () => {
    const file = join(script.folder, `${backend}-${execution}.safetensors`);
    const whole = await inNewProcess(backend, execution, 'save', file);
    const resumed = await inNewProcess(backend, execution, 'resume', file);
    expect(resumed).toEqual(whole);
  });
}
