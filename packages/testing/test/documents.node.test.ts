// Decisions have a number each, and what documents point to is there.
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, test} from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const decisions = join(root, 'docs', 'decisions');

const read = (path: string): string => readFileSync(path, 'utf8');
const markdownIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));

test('decisions are numbered, each once, in the name of the file and in the heading', () => {
  const found = markdownIn(decisions).map((path) => ({
    file: Number(/(\d{4})-[^/]*$/.exec(path)?.[1]),
    heading: Number(/^# (\d+)\. /.exec(read(path))?.[1]),
  }));
  expect(found.map(({heading}) => heading)).toEqual(found.map(({file}) => file));
  expect(new Set(found.map(({file}) => file)).size).toBe(found.length);
});

const readmes = ['packages', 'apps', 'examples'].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => join(root, folder, name, 'README.md')),
);
const documents = [root, join(root, 'docs'), join(root, 'docs', 'guides'), decisions].flatMap(markdownIn);
const paths = [...documents, ...readmes].map((path) => path.slice(root.length + 1));

test.each(paths)('%s shows nothing twice', (document) => {
  const blocks = [...read(join(root, document)).matchAll(/^```\w+\n.*?^```$/gms)].map(([block]) => block);
  expect(blocks.filter((block, i) => blocks.indexOf(block) < i)).toEqual([]);
});

describe('what is linked to is there', () => {
  test.each(paths)('%s', (document) => {
    const path = join(root, document);
    const links = [...read(path).matchAll(/\]\((?!\w+:|#)([^)\s#]+)[^)]*\)/g)].map(([, link]) => link!);
    expect(links.filter((link) => !existsSync(join(dirname(path), link)))).toEqual([]);
  });
});

test('every file that guarantees are held by is there', () => {
  const cells = [...read(join(root, 'docs', 'guides', 'guarantees.md')).matchAll(/^\|.* \| (.+?) *\|$/gm)];
  const missing: string[] = [];
  let count = 0;
  for (const [, cell] of cells) {
    // A name without a folder is in the folder of the one before it.
    let folder = '';
    for (const [, file] of cell!.matchAll(/`([\w./-]+\.test\.ts)`/g)) {
      const path = file!.includes('/') ? file! : `${folder}/${file}`;
      folder = dirname(path);
      count += 1;
      // `test/contract.test.ts` is one in each package.
      if (!path.startsWith('test/') && !existsSync(join(root, path))) missing.push(path);
    }
  }
  expect(missing).toEqual([]);
  expect(count).toBeGreaterThan(60);
});
