// Bytes are not copied on the host either: what a run takes there beside them is a batch. In a process of its own, since
// Node counts what all of a process holds.
import {execFile} from 'node:child_process';
import {execPath} from 'node:process';
import {promisify} from 'node:util';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {bundleScript, type Script} from '../../../vitest/script.ts';

let script: Script;
beforeAll(async () => {
  script = await bundleScript(new URL('support/bytes-child.ts', import.meta.url));
});
afterAll(() => script.remove());

test('a run over 12 MB of bytes takes less than a quarter of them beside', async () => {
  const {stdout} = await promisify(execFile)(execPath, ['--expose-gc', script.path]);
  const {bytes, asIs, copied} = JSON.parse(stdout) as Record<string, number>;
  expect(asIs).toBeLessThan(bytes! / 4);
  // A copy would have been seen.
  expect(copied).toBeGreaterThanOrEqual(bytes!);
});
