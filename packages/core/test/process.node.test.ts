// Who wrote a file and whether that process still runs: numbers of processes are used again.
import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {execPath, pid, platform} from 'node:process';
import {Worker} from 'node:worker_threads';
import {isAlive, type Owner, ownerName, ownerNamed, thisProcess} from '@regularizers/core/node';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';

test('an owner comes back from its name, and nothing else is one', () => {
  expect(ownerNamed(ownerName(thisProcess))).toEqual(thisProcess);
  const owners = fc.record({
    host: fc.stringMatching(/^[\p{L}\p{N}-]{1,20}$/u),
    pid: fc.nat(),
    born: fc.stringMatching(/^[0-9a-f]{8}-\d{1,12}$/),
  });
  fc.assert(
    fc.property(owners, (owner) => {
      expect(ownerNamed(ownerName(owner))).toEqual(owner);
    }),
  );
  for (const text of ['', 'host', 'host.1', 'host.x.1', 'a.b.1.2', 'host.1.2.3', 'ho/st.1.2']) {
    expect(ownerNamed(text)).toBeUndefined();
  }
});

test('this process runs, an earlier one of its number does not', () => {
  expect(thisProcess.pid).toBe(pid);
  expect(isAlive(thisProcess)).toBe(true);
  expect(isAlive({...thisProcess, born: 'deadbeef-1'})).toBe(false);
  expect(isAlive({...thisProcess, born: '1000'})).toBe(false);
});

test('of another host nothing is known', () => {
  expect(isAlive({host: 'elsewhere', pid: 2 ** 22 + 1, born: '1'})).toBe(true);
});

test('no process has so high a number', () => {
  expect(isAlive({...thisProcess, pid: 2 ** 22 + 1})).toBe(false);
});

describe.runIf(platform === 'linux')('on Linux', () => {
  /** When a process began, as Linux says it of any. */
  const bornOf = (process: number): string => {
    const fields = readFileSync(`/proc/${process}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return `${thisProcess.born.slice(0, 9)}${fields[19]}`;
  };
  const ownerOf = (child: ChildProcess): Owner => ({
    ...thisProcess,
    pid: child.pid!,
    born: bornOf(child.pid!),
  });

  test('another process runs until it ends; one that has its number later is another', async () => {
    // Its name holds what the fields of /proc are parted by.
    const child = spawn(execPath, ['-e', "process.title = 'a) S 1 (b'; process.stdin.resume()"]);
    const ended = once(child, 'exit');
    const owner = ownerOf(child);
    expect(isAlive(owner)).toBe(true);
    expect(isAlive({...owner, born: thisProcess.born})).toBe(owner.born === thisProcess.born);
    expect(isAlive({...owner, born: `00000000-${owner.born.slice(9)}`})).toBe(false); // before the machine was booted
    child.kill('SIGKILL');
    await ended;
    expect(isAlive(owner)).toBe(false);
  });

  test('one that was killed, and that its parent takes no note of, runs no more', async () => {
    // The shell becomes a program that doesn't know of its child, which prints its number and ends when told.
    const parent = spawn('sh', ['-c', 'sh -c "echo \\$\\$; read line" <&3 & exec sleep 100'], {
      stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
    });
    try {
      const [text] = await once(parent.stdout!, 'data');
      const number = Number(String(text));
      const owner = {...thisProcess, pid: number, born: bornOf(number)};
      expect(isAlive(owner)).toBe(true);
      const output = once(parent.stdout!, 'end').catch(() => undefined);
      process.kill(number, 'SIGKILL');
      while (!/\) Z/.test(readFileSync(`/proc/${number}/stat`, 'utf8'))) await new Promise(setImmediate);
      expect(isAlive(owner)).toBe(false);
      parent.kill('SIGKILL');
      await output;
    } finally {
      parent.kill('SIGKILL');
    }
  });

  test('threads of a process are that process', async () => {
    const code = `
      const {readFileSync} = require('node:fs');
      const {parentPort} = require('node:worker_threads');
      parentPort.postMessage(readFileSync('/proc/self/stat', 'utf8').replace(/^.*\\) /s, '').split(' ')[19]);
    `;
    const worker = new Worker(code, {eval: true});
    const [start] = await once(worker, 'message');
    expect(thisProcess.born).toBe(`${thisProcess.born.slice(0, 9)}${start}`);
    await worker.terminate();
  });
});
