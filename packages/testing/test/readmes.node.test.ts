// Whoever knows one package's README finds things in the next.
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, test} from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** Without what is in code blocks. */
const prose = (path: string): string =>
  readFileSync(join(root, path), 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, '');
const headings = (path: string): readonly string[] =>
  [...prose(path).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading!);
const foldersOf = (folder: string): readonly string[] =>
  readdirSync(join(root, folder))
    .filter((name) => existsSync(join(root, folder, name, 'package.json')))
    .map((name) => `${folder}/${name}`);

describe('a package has the common headings, in one order', () => {
  const common = [
    'What is this?',
    'When to use it',
    'Install',
    'Use',
    'Techniques',
    'Options',
    'Interactions',
    'References',
  ];
  /** What has no technique has neither options nor, where it is a tool, anything to compose with. */
  const without: Readonly<Record<string, readonly string[]>> = {
    'packages/core': ['Options'],
    'packages/native': ['Options'],
    'packages/random': ['Options'],
    'packages/search': ['Techniques', 'Options', 'Interactions'],
    'packages/testing': ['Options'],
    'packages/create-plugin': ['Techniques', 'Options', 'Interactions', 'References'],
  };

  test.each(foldersOf('packages'))('%s', (folder) => {
    const found = headings(`${folder}/README.md`).filter((heading) => common.includes(heading));
    expect(found).toEqual(common.filter((heading) => !without[folder]?.includes(heading)));
    const name = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')).name;
    expect(prose(`${folder}/README.md`).split('\n')[0]).toBe(`# ${name}`);
  });
});

test.each(foldersOf('examples'))('%s says how it is run and what to copy', (folder) => {
  expect(headings(`${folder}/README.md`)).toContain('What to copy');
  expect(readFileSync(join(root, folder, 'README.md'), 'utf8')).toMatch(/^```sh$/m);
});

test.each(foldersOf('examples'))(
  '%s can be copied and installed: it names versions, not this workspace',
  (folder) => {
    const {dependencies = {}, devDependencies = {}} = JSON.parse(
      readFileSync(join(root, folder, 'package.json'), 'utf8'),
    );
    const versions: readonly string[] = Object.values({...dependencies, ...devDependencies});
    expect(versions.filter((version) => /^(workspace|catalog|link|file):/.test(version))).toEqual([]);
    expect(readFileSync(join(root, folder, 'README.md'), 'utf8')).toMatch(/^npm install$/m);
  },
);

test('the README of all lists every package, and says no more than what this is and where to read on', () => {
  const text = readFileSync(join(root, 'README.md'), 'utf8');
  for (const folder of foldersOf('packages')) expect(text).toContain(`](${folder})`);
  expect(text.split('\n').length).toBeLessThan(100);
  expect(headings('README.md')).toEqual(['Packages', 'What it does, measured', 'Read on']);
});
