// What pages say to install is enough for what they import, and every command that they show is there.
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import * as process from 'node:process';
import sharp from 'sharp';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {MnistBytes} from '../../src/data/mnist.ts';
import {lab} from '../cli/terminal.ts';
import {documents, type Page, root} from './examples/pages.ts';
import {modulesOf, programOf} from './examples/program.ts';
import {commandsOf, installedBy, packageOf, type Shown} from './examples/shell.ts';

interface Manifest {
  readonly name: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, {readonly optional?: boolean}>>;
}

const read = (path: string): Manifest => JSON.parse(readFileSync(join(root, path), 'utf8'));
const ownFolder = (name: string): string => `packages/${name.replace('@regularizers/', '')}`;
/** What is known of a package: ours, or one that the workspace has installed. */
const manifestOf = (name: string): Manifest =>
  read(`${name.startsWith('@regularizers/') ? ownFolder(name) : `node_modules/${name}`}/package.json`);

const pages = documents();
const commands = commandsOf(pages);
const needs = ({peerDependencies = {}, peerDependenciesMeta = {}}: Manifest): readonly string[] =>
  Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
/** `npm create` writes a manifest, of what its page then has. */
const created = read('packages/create-plugin/template/__package.json');
const creates = ({words: [npm, what, name]}: Shown): boolean =>
  npm === 'npm' && what === 'create' && name === '@regularizers/plugin';
function installedOn(page: Page): readonly string[] {
  const shown = commandsOf([page]);
  const {devDependencies = {}, peerDependencies = {}} = created;
  const ofTemplate = shown.some(creates) ? Object.keys({...devDependencies, ...peerDependencies}) : [];
  // Its tools are for what is made of it to try: published/test/create-plugin.test.ts.
  const ours = ofTemplate.filter((name) => /^@(regularizers|tensorflow)\/|^vitest$/.test(name));
  return [...installedBy(shown), ...ours];
}
const brings = ({dependencies = {}}: Manifest): readonly string[] => Object.keys(dependencies);

describe('what a page says to install', () => {
  const withCode = pages
    .map((page) => ({...page, code: page.blocks.filter(({language}) => ['ts', 'js'].includes(language))}))
    .filter(({path, code}) => code.length > 0 && !path.startsWith('examples/'))
    .map((page) => [page.path, {...page, installed: installedOn(page)}] as const);

  test.each(withCode)('%s: is all that its code imports', (_, page) => {
    const imported = modulesOf([programOf(page, page.code)]).filter((name) => !name.startsWith('node:'));
    expect(imported.map(packageOf).filter((name) => !page.installed.includes(name))).toEqual([]);
  });

  test.each(withCode)('%s: has what each package needs besides, and a backend', (_, {installed}) => {
    const manifests = installed.map(manifestOf);
    const there = [...installed, ...manifests.flatMap(brings)];
    const peers = manifests.flatMap(needs);
    expect(peers.filter((name) => !there.includes(name))).toEqual([]);
    expect(
      there.filter((name) => /tfjs-backend-(cpu|webgl|wasm)$|^@regularizers\/native$/.test(name)),
    ).not.toEqual([]);
  });

  const readmes = pages
    .filter((page) => page.path.startsWith('packages/') && !commandsOf([page]).some(creates))
    .map((page) => [page.path, page] as const);
  test.each(readmes)('%s: names the package itself first or second', (_, page) => {
    expect(installedBy(commandsOf([page])).slice(0, 3)).toContain(page.package);
  });
});

/** What the guide to data of one's own shows: a table, and what the lab says of it. */
const yourData = {
  path: 'docs/guides/your-data.md',
  get text(): readonly string[] {
    const {blocks} = pages.find(({path}) => path === this.path)!;
    return blocks.filter(({language}) => language === 'text').map(({code}) => code);
  },
};

async function writeOwnFiles(folder: string): Promise<void> {
  for (const label of ['cat', 'dog']) {
    mkdirSync(join(folder, 'pictures', label), {recursive: true});
    for (const at of [0, 1, 2, 3]) {
      const create = {
        width: 8,
        height: 8,
        channels: 3,
        background: label === 'cat' ? 'red' : 'blue',
      } as const;
      await sharp({create})
        .png()
        .toFile(join(folder, 'pictures', label, `${at}.png`));
    }
  }
  const arrays = JSON.parse(readFileSync(join(root, 'apps/lab/test/own/reference/arrays.json'), 'utf8'));
  for (const [name, text] of [
    ['arrays.npz', arrays.npz],
    ['x.npy', arrays.rows],
    ['y.npy', arrays.values],
  ]) {
    writeFileSync(join(folder, name), Buffer.from(text, 'base64'));
  }
}

test('the lab says of the table in the guide what the guide says', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'your-data-'));
  const before = process.cwd();
  process.chdir(folder);
  try {
    const [table, said] = yourData.text;
    writeFileSync('my.csv', table!);
    const {stderr} = await lab(['run', '--data', 'my.csv', '--target', 'species'], {isInterrupted: true});
    expect(stderr).toContain(said);
  } finally {
    process.chdir(before);
    rmSync(folder, {recursive: true});
  }
});

describe('every command is there', () => {
  const folder = mkdtempSync(join(tmpdir(), 'commands-'));
  const before = process.cwd();
  beforeAll(async () => {
    // The recipe that the lab's README shows, and a plugin in the place of somebody else's.
    const recipe = pages
      .find(({path}) => path === 'apps/lab/README.md')!
      .blocks.find(({language}) => language === 'json')!;
    writeFileSync(join(folder, 'my-recipe.json'), recipe.code);
    // The table that a guide shows, and files of the kinds that it names.
    writeFileSync(join(folder, 'my.csv'), yourData.text[0]!);
    await writeOwnFiles(folder);
    process.chdir(folder);
  });
  afterAll(() => {
    process.chdir(before);
    rmSync(folder, {recursive: true});
  });

  const scripts = read('package.json').scripts!;
  const bins = Object.fromEntries(
    ['native', 'core'].flatMap((name) =>
      Object.keys(read(`packages/${name}/package.json`).bin ?? {}).map(
        (bin) => [bin, `packages/${name}`] as const,
      ),
    ),
  );

  const none = new Uint8Array();
  const mnistBytes = async (): Promise<MnistBytes> => ({
    trainImages: none,
    trainLabels: none,
    testImages: none,
    testLabels: none,
  });

  /** What the command line says is wrong with what it is given, before it trains anything. */
  async function refusal(words: readonly string[]): Promise<string> {
    const {code, stderr} = await lab(words, {isInterrupted: true, sources: {mnistBytes}});
    return code === 2 ? stderr : '';
  }

  const wrong: Readonly<
    Record<string, (words: readonly string[], folder: string) => string | Promise<string>>
  > = {
    npm: ([what = '', ...rest], beside) => {
      if (what === 'install') return '';
      if (what === 'create')
        return rest[0] === '@regularizers/plugin' ? '' : `there is no ${rest[0]} to create`;
      const [name = '', dashes, ...given] = what === 'run' ? rest : [what, ...rest];
      const own = existsSync(join(root, beside, 'package.json'))
        ? read(join(beside, 'package.json')).scripts
        : {};
      if (![scripts, created.scripts, own].some((each) => each && name in each))
        return `there is no script ${name}`;
      if (dashes !== undefined && dashes !== '--') return `${dashes} goes to npm`;
      return name === 'start' ? refusal(['compare', ...given]) : '';
    },
    npx: ([bin, ...words]) => {
      if (bin === 'lab' || bin === '@regularizers/lab') return refusal(words);
      if (bin! in bins) {
        const source = readFileSync(join(root, bins[bin!]!, 'src/bin.ts'), 'utf8');
        const known = words.filter((word) => !source.includes(`  ${word} `));
        return known.length === 0 ? '' : `${bin} has no ${known.join(' ')}`;
      }
      return existsSync(join(root, 'node_modules/.bin', bin!)) ? '' : `there is no command ${bin}`;
    },
    node: ([script = ''], beside) => {
      const isThere = ['', beside].some((folder) => existsSync(join(root, folder, script)));
      return isThere ? '' : `there is no ${script}`;
    },
  };

  const own = commands.filter(({words}) => words[0]! in wrong);
  test.each(own.map((shown) => [`${shown.path}:${shown.line} ${shown.words.join(' ')}`, shown] as const))(
    '%s',
    async (_, {path, words: [program, ...words]}) => {
      expect(await wrong[program!]!(words, dirname(path))).toBe('');
    },
  );

  // npx takes what it does not find installed from the registry, where a short name is another's: `lab` is hapi's.
  const folders = ['packages', 'apps', 'examples'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => join(parent, name)),
  );
  const ownerOf = Object.fromEntries(
    folders
      .filter((path) => existsSync(join(root, path, 'package.json')))
      .map((path) => read(join(path, 'package.json')))
      .flatMap(({name, bin = {}}) => Object.keys(bin).map((command) => [command, name] as const)),
  );
  test.each(pages.map(({path}) => path))('%s: npx finds a short name installed', (path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const manifest = join(dirname(path), 'package.json');
    const has = path.startsWith('examples/') ? Object.keys(read(manifest).dependencies ?? {}) : [];
    const installed = [...text.matchAll(/npm install([^`]*?)(?:`|\n(?=npx|```))/g)].map(([, words]) =>
      words!.split(/\s+/),
    );
    const short = [...text.matchAll(/\bnpx ([\w-]+)/g)]
      .map(([, command]) => ownerOf[command!])
      .filter((name) => name !== undefined);
    expect(short.filter((name) => ![...has, ...installed.flat()].includes(name))).toEqual([]);
  });

  test('those of other programs are few, and known', () => {
    const others = commands
      .filter(({words}) => !(words[0]! in wrong))
      .map(({words}) => words.slice(0, 2).join(' '));
    expect(Array.from(new Set(others)).toSorted()).toEqual([
      'cd ..',
      'cd my-plugin',
      'pip install',
      'python apps/lab/scripts/scikit.py',
      'python scripts/photographs.py',
      'python3 -m',
    ]);
  });
});
