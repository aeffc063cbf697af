import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {createPlugin} from '../src/index.ts';

let parent = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'create-plugin-'));
});
afterEach(() => rmSync(parent, {recursive: true}));

const read = (path: string): string => readFileSync(join(parent, path), 'utf8');
const own = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

test('the template becomes a package of that name, with the versions that belong together', () => {
  expect(createPlugin('@acme/regularizers-shake', parent)).toBe('regularizers-shake');
  const manifest = JSON.parse(read('regularizers-shake/package.json'));
  expect(manifest.name).toBe('@acme/regularizers-shake');
  expect(manifest.peerDependencies['@regularizers/core']).toBe(`^${own.version}`);
  expect(manifest.devDependencies['@regularizers/testing']).toBe(`^${own.version}`);
  expect(read('regularizers-shake/.gitignore')).toContain('node_modules/');
  expect(read('regularizers-shake/.changeset/first-release.md')).toContain(
    "'@acme/regularizers-shake': minor",
  );
  expect(existsSync(join(parent, 'regularizers-shake/spec/contract.spec.ts'))).toBe(true);
  const files = readdirSync(join(parent, 'regularizers-shake'), {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map(({parentPath, name}) => join(parentPath, name));
  expect(
    files.filter((path) => path.includes('/_') || readFileSync(path, 'utf8').includes('my-plugin')),
  ).toEqual([]);
});

test('the guide shows the sources and the suites as they are', () => {
  const guide = readFileSync(new URL('../../../docs/guides/write-a-regularizer.md', import.meta.url), 'utf8');
  for (const path of [
    'src/toward-mean-penalty.ts',
    'src/toward-mean.ts',
    'src/index.ts',
    'spec/toward-mean.spec.ts',
    'spec/contract.spec.ts',
  ]) {
    const text = readFileSync(new URL(`../template/${path}`, import.meta.url), 'utf8');
    expect(guide).toContain(`\`${path}\``);
    expect(guide, path).toContain(`\n\`\`\`ts\n${text}\`\`\`\n`);
  }
});

test.each(['', 'My-Plugin', '../elsewhere', 'a b', '@acme', '.hidden', `x${'y'.repeat(214)}`])(
  '"%s" is refused, and nothing is written',
  (name) => {
    expect(() => createPlugin(name, parent)).toThrow(/is no name of a package/);
    expect(readdirSync(parent)).toEqual([]);
  },
);

test('a folder with something in it is left alone', () => {
  createPlugin('mine', parent);
  writeFileSync(join(parent, 'mine/README.md'), 'mine');
  expect(() => createPlugin('mine', parent)).toThrow(/there is something in/);
  expect(read('mine/README.md')).toBe('mine');
});
