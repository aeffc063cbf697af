// A package's `build`: compiles it, and removes what an earlier build has left of files that are no more, since all of
// `dist` is published. What others read meanwhile stays.
import {spawnSync} from 'node:child_process';
import {readdirSync, rmSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join, resolve} from 'node:path';

const typescript = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const {status, stdout} = spawnSync(
  process.execPath,
  [typescript, '-p', 'tsconfig.build.json', '--listEmittedFiles'],
  {encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 2 ** 26},
);
const lines = stdout.split('\n');
const emitted = /^TSFILE: /;
process.stdout.write(lines.filter((line) => !emitted.test(line)).join('\n'));
if (status !== 0) process.exit(status ?? 1);

const made = new Set(
  lines.filter((line) => emitted.test(line)).map((line) => resolve(line.replace(emitted, ''))),
);
for (const entry of readdirSync('dist', {recursive: true, withFileTypes: true})) {
  const path = resolve(join(entry.parentPath, entry.name));
  if (entry.isFile() && !made.has(path)) rmSync(path);
}
