// What docs/guides/write-a-regularizer.md says, command by command, in an empty folder, with packages as they would be
// published: a plugin that passes its suites on cpu and WebGL, and that the lab finds.
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, inject, test} from 'vitest';
import {chromiumPath} from '../../apps/lab/scripts/chromium.mjs';
import {run} from '../src/run.ts';

let parent = '';
let plugin = '';
const tarballs = (): Readonly<Record<string, string>> => inject('tarballs');
const quietly = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts'];

/** Installs what a folder's manifest says. The registry has none of ours: each is its file. */
async function install(folder: string): Promise<void> {
  const file = join(folder, 'package.json');
  const written = readFileSync(file, 'utf8');
  const manifest = JSON.parse(written);
  const files = Object.fromEntries(Object.entries(tarballs()).map(([name, path]) => [name, `file:${path}`]));
  for (const kind of ['dependencies', 'devDependencies', 'peerDependencies']) {
    for (const name of Object.keys(manifest[kind] ?? {})) if (files[name]) manifest[kind][name] = files[name];
  }
  writeFileSync(file, JSON.stringify({...manifest, overrides: files}, null, 2));
  await run('npm', ['install', ...quietly], folder);
  writeFileSync(file, written);
}

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'plugin-'));
  const create = tarballs()['@regularizers/create-plugin']!;
  await run('npm', ['exec', '--yes', '--package', create, '--', 'create-plugin', 'my-plugin'], parent);
  plugin = join(parent, 'my-plugin');
  await install(plugin);
}, 300_000);
afterAll(() => rmSync(parent, {recursive: true, force: true}));

test('npm test: its types and its suites, on cpu and on WebGL', {timeout: 400_000}, async () => {
  const chromium = chromiumPath();
  const said = await run('npm', ['test'], plugin, chromium ? {CHROMIUM_PATH: chromium} : {});
  expect(said).toMatch(/\|cpu\|/);
  expect(said).toMatch(/\|webgl/);
  expect(Number(/Tests +(\d+) passed/.exec(said)?.[1])).toBeGreaterThan(40);
});

test('npm run build, and the lab finds it', {timeout: 400_000}, async () => {
  await run('npm', ['run', 'build'], plugin);
  const lab = join(parent, 'lab');
  mkdirSync(lab);
  writeFileSync(join(lab, 'package.json'), JSON.stringify({dependencies: {'@regularizers/lab': '*'}}));
  await install(lab);
  expect(await run('npx', ['lab', 'list', '--plugin', '../my-plugin'], lab)).toMatch(
    /^ {2}towardMean, of l2: .+\n {4}strength .*\n {4}include/m,
  );
});

test('npx changeset version: a version and a changelog', {timeout: 60_000}, async () => {
  await run('git', ['init', '--quiet'], plugin);
  await run('npx', ['changeset', 'version'], plugin);
  expect(JSON.parse(readFileSync(join(plugin, 'package.json'), 'utf8')).version).toBe('0.1.0');
  expect(readFileSync(join(plugin, 'CHANGELOG.md'), 'utf8')).toContain('towardMean');
});
