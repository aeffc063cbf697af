import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {lock} from '../src/setup/lock.ts';
import {lastLines, run} from '../src/setup/run.ts';
import {setupWith} from '../src/setup/setup.ts';
import {fakeMachine} from './fake-tools.ts';

const node = (script: string) => ({program: process.execPath, args: ['-e', script]});

test('both outputs are taken, in pieces and in all', async () => {
  let pieces = '';
  const outcome = await run({
    ...node('console.log("out", process.env.OF_MINE); console.error("err"); process.exitCode = 3'),
    env: {OF_MINE: 'mine'},
    onOutput: (text) => {
      pieces += text;
    },
  });
  expect(outcome).toMatchObject({ok: false, missing: false, signal: null});
  expect(outcome.output.split('\n').sort()).toEqual(['', 'err', 'out mine']);
  expect(pieces).toBe(outcome.output);
});

test('a program that is not there is told apart from one that fails', async () => {
  expect(await run({program: 'no-such-program', args: []})).toMatchObject({ok: false, missing: true});
});

test('an abort ends the program and what it started', async () => {
  const stop = new AbortController();
  const forever = 'setInterval(() => {}, 1000)';
  // The child of the child holds the pipe open too: that the pipe closes shows that both have ended.
  const parent = `require('child_process').spawn(process.execPath, ['-e', '${forever}'], {stdio: 'inherit'});
    console.log('started'); ${forever}`;
  const running = run({...node(parent), signal: stop.signal, onOutput: () => stop.abort()});
  await expect(running).rejects.toMatchObject({code: 'aborted'});
  await expect(run({...node(''), signal: stop.signal})).rejects.toMatchObject({code: 'aborted'});
});

test('a set-up that is stopped half way leaves nothing half made, and no lock', async () => {
  const stop = new AbortController();
  using machine = fakeMachine(
    {
      download: async () => {
        stop.abort();
        return run({...node('setInterval(() => {}, 1000)'), signal: stop.signal});
      },
    },
    {signal: stop.signal},
  );
  await expect(setupWith(machine.tools)).rejects.toMatchObject({code: 'aborted'});
  expect(readdirSync(machine.tools.root)).toEqual(['tfjs-node-4.22.0']);
});

test('waiting for a lock can be stopped', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'));
  const path = join(folder, 'lock');
  const stop = new AbortController();
  {
    using _held = await lock(path);
    const waiting = lock(path, {signal: stop.signal, onWait: () => stop.abort()});
    await expect(waiting).rejects.toMatchObject({code: 'aborted'});
  }
  using _again = await lock(path);
  rmSync(folder, {recursive: true});
});

test('the last lines that say something', () => {
  expect(lastLines('a\n\nb\nc\n\n', 2)).toBe('b\nc');
});
