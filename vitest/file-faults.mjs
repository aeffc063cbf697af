// Lets a call of the file system fail, or kills the process there. By hand, or in a process of its own:
//   FILE_FAULT=kill@5 FILE_FAULT_WITHIN=/tmp/folder node --import ./vitest/file-faults.mjs …
// Calls outside the folder neither fail nor count.
import fsp from 'node:fs/promises';
import {syncBuiltinESMExports} from 'node:module';
import {resolve} from 'node:path';

const calls = ['mkdir', 'readdir', 'open', 'link', 'copyFile', 'rename', 'rm', 'stat'];
const handleCalls = ['writeFile', 'sync', 'close'];

/**
 * @param what `kill`, or the code of the error that the call fails with, such as `ENOSPC`
 * @param at which call, from 1; or the name of a call, of which each fails
 * @param within the folder
 * @returns what puts an end to it, and how many calls there were
 */
export function faultAt(what, at, within) {
  let count = 0;
  const isDue = (name) => {
    count += 1;
    return name === at || count === at;
  };
  const fault = () => {
    if (what === 'kill') process.kill(process.pid, 'SIGKILL');
    return Object.assign(new Error(`${what}: a fault of the test`), {code: what});
  };
  const isWithin = (path) => resolve(String(path)).startsWith(resolve(within));
  const originals = calls.map((name) => [name, fsp[name]]);
  for (const [name, original] of originals) {
    fsp[name] = async (path, ...rest) => {
      if (!isWithin(path)) return original(path, ...rest);
      if (isDue(name)) throw fault();
      const result = await original(path, ...rest);
      return name === 'open' ? faultyHandle(result, isDue, fault) : result;
    };
  }
  syncBuiltinESMExports();
  return {
    count: () => count,
    undo: () => {
      for (const [name, original] of originals) fsp[name] = original;
      syncBuiltinESMExports();
    },
  };
}

function faultyHandle(handle, isDue, fault) {
  for (const name of handleCalls) {
    const original = handle[name].bind(handle);
    handle[name] = async (content, ...rest) => {
      if (!isDue(name)) return original(content, ...rest);
      // Half of it is written, as when a disk is full.
      if (name === 'writeFile') await original(content.slice(0, content.length / 2));
      // Whatever happens, the test's process gets its file back.
      if (name === 'close') await original();
      throw fault();
    };
  }
  return handle;
}

const {FILE_FAULT, FILE_FAULT_WITHIN = '/'} = process.env;
if (FILE_FAULT) {
  const [what, at] = FILE_FAULT.split('@');
  faultAt(what, Number(at) || at, FILE_FAULT_WITHIN);
}
