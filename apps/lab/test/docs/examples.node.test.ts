// Whoever copies an example has something that works: each is checked by TypeScript and run, with what its page says to
// install. What pages have in common is in docs/guides/examples.md.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import * as process from 'node:process';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import {afterAll, beforeAll, beforeEach, describe, expect, test, vi} from 'vitest';
import {useIndexedDb} from '../indexed-db.ts';
import {docblocks, documents, type Page} from './examples/pages.ts';
import {modulesOf, type Program, programOf, run, typeErrors} from './examples/program.ts';

const isCode = ({language}: {readonly language: string}): boolean => ['ts', 'js'].includes(language);

const pages = documents();
const preludePath = 'docs/guides/examples.md';
const prelude = pages.find(({path}) => path === preludePath)!.blocks.filter(isCode);

const load = async (name: string): Promise<Record<string, unknown>> => {
  const {default: whole, ...named} = await import(/* @vite-ignore */ name);
  // A CommonJS module has all of its exports in `default` alone.
  return typeof whole === 'object' ? {...named, ...whole} : named;
};

/** What is in scope of a docblock: its own package's exports, then core's, then random's, each name once. */
async function impliedFor(own: string): Promise<Parameters<typeof programOf>[2]> {
  const found = new Map<string, string>();
  for (const from of [own, '@regularizers/core', '@regularizers/random']) {
    for (const name of Object.keys(await load(from))) if (!found.has(name)) found.set(name, from);
  }
  return Array.from(found, ([name, from]) => ({from, name, as: name, isType: false}));
}

async function programOfDocblock(page: Page): Promise<Program> {
  const written = prelude.map((block) => ({...block, line: 0}));
  return programOf(page, [...written, ...page.blocks.filter(isCode)], await impliedFor(page.package!));
}

const programs: readonly Program[] = [
  ...pages
    .map((page) => ({page, blocks: page.blocks.filter(isCode)}))
    .filter(({blocks}) => blocks.length > 0)
    .map(({page, blocks}) => programOf(page, blocks)),
  ...(await Promise.all(docblocks().map(programOfDocblock))),
];
const modules = Object.fromEntries(
  await Promise.all(modulesOf(programs).map(async (name) => [name, await load(name)] as const)),
);

/** What a processor alone cannot do: only its types are checked. By what is exported, with the reason. */
const notRun: Readonly<Record<string, string>> = {
  poisonWebGL: 'needs WebGL; packages/core/test/past-the-edge.webgl.test.ts does the same',
  watchWebGL: 'needs WebGL; apps/lab/test/launches.webgl.test.ts does the same',
};
const exportOf = ({title}: Program): string => title.split(' ')[1] ?? '';

useIndexedDb();
let backend = '';
const folder = mkdtempSync(join(tmpdir(), 'examples-'));
const before = process.cwd();
beforeAll(async () => {
  backend = tf.getBackend();
  process.chdir(folder); // some write files
});
beforeEach(async () => {
  await tf.setBackend('cpu');
  // Examples print.
  vi.mocked(console.log).mockImplementation(() => undefined);
  vi.mocked(console.error).mockImplementation(() => undefined);
});
afterAll(async () => {
  process.chdir(before);
  rmSync(folder, {recursive: true});
  await tf.setBackend(backend);
});

test('they are all of the right types', {timeout: 300_000}, () => {
  expect(typeErrors(programs)).toEqual([]);
});

test('there are as many as it looks, and those that are not run say why', () => {
  expect(programs.length).toBeGreaterThan(200);
  expect(programs.map(exportOf).filter((name) => name in notRun)).toEqual(Object.keys(notRun));
});

test('every block says what it is', () => {
  const languages = pages.flatMap(({path, blocks}) => blocks.map(({language}) => `${path}: ${language}`));
  expect(languages.filter((each) => !/: (ts|js|sh|json|html|text)$/.test(each))).toEqual([]);
});

const runnable = programs.filter((program) => !(exportOf(program) in notRun));

/** Suites of vitest are found before tests run. */
const isSuite = ({code}: Program): boolean => /^ *(describe\w+|test)\(/m.test(code);

describe.each(runnable.filter(isSuite).map((program) => [program.title, program] as const))(
  '%s',
  async (_, program) => {
    await tf.setBackend('cpu');
    await run(program, modules).catch((error) => test('is suites', () => expect.fail(String(error))));
  },
);

test.each(
  runnable.filter((program) => !isSuite(program)).map((program) => [program.title, program] as const),
)('%s runs', async (_, program) => {
  await run(program, modules);
});
