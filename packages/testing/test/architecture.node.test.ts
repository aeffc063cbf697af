// The guide to the architecture is held against the folders that there are.
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import {layersOfCore, packages} from '../../../scripts/architecture.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const core = join(root, 'packages', 'core', 'src');
const guide = readFileSync(join(root, 'docs', 'guides', 'architecture.md'), 'utf8');

const foldersIn = (path: string): string[] =>
  readdirSync(path, {withFileTypes: true})
    .filter((entry) => entry.isDirectory())
    .map(({name}) => name);

const tableOf = (heading: string): [string, string][] => {
  const section = guide.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| `([^`]+)` *\| (.+?) *\|$/gm)].map(([, folder, about]) => [
    folder!,
    about!,
  ]);
};

const linesOf = (...files: string[]): number =>
  files.reduce((sum, file) => sum + readFileSync(join(core, file), 'utf8').split('\n').length - 1, 0);

test('every folder of core has a layer, and its line in the guide', () => {
  const entries = ['node', 'browser'];
  expect(layersOfCore.map(({folder}) => folder).toSorted()).toEqual(
    foldersIn(core)
      .filter((folder) => !entries.includes(folder))
      .toSorted(),
  );
  const rows = tableOf('Folders of core');
  expect(rows.slice(0, layersOfCore.length)).toEqual(layersOfCore.map(({folder, about}) => [folder, about]));
  expect(rows.slice(layersOfCore.length).map(([folder]) => folder)).toEqual(entries);
});

test('every package has its line, and says what it is built on', () => {
  const folders = foldersIn(join(root, 'packages'));
  expect(packages.map(({folder}) => folder).toSorted()).toEqual(folders.toSorted());
  expect(
    tableOf('Packages')
      .map(([folder]) => folder)
      .toSorted(),
  ).toEqual(['apps/docs', 'apps/lab', ...folders.map((folder) => `packages/${folder}`)].toSorted());
  for (const {folder, builtOn} of packages) {
    const {dependencies = {}, peerDependencies = {}} = JSON.parse(
      readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'),
    );
    const ours = Object.keys({...dependencies, ...peerDependencies})
      .filter((name) => name.startsWith('@regularizers/'))
      .map((name) => name.replace('@regularizers/', ''));
    expect(
      ours.filter((name) => !builtOn.includes(name)),
      folder,
    ).toEqual([]);
  }
});

test('every file that the guide names is there', () => {
  const named = [...guide.matchAll(/(?<![\w/.>-])((?:[a-z-]+\/)*[a-z-]+\.(?:ts|md))\b/g)].map(
    ([, path]) => path!,
  );
  expect(named.length).toBeGreaterThan(10);
  const places = [core, root, join(root, 'docs', 'guides'), join(core, 'model')];
  const generic = new Set(['index.ts']);
  const missing = named.filter(
    (path) => !generic.has(path) && !places.some((place) => existsSync(join(place, path))),
  );
  expect(missing).toEqual([]);
});

test('the loop is a page: two files and 300 lines to the step, 500 with an eager one', () => {
  const loop = ['loop/loop.ts', 'loop/train-member.ts'];
  expect(linesOf(...loop)).toBeLessThanOrEqual(300);
  expect(linesOf(...loop, 'execution/eager.ts', 'step/step.ts')).toBeLessThanOrEqual(500);
});
