// Somebody's project: an empty folder outside the workspace, with packages installed by npm or pnpm.
import {mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {inject} from 'vitest';
import {run, tool} from './run.ts';
import {root} from './workspace.ts';

export type PackageManager = 'npm' | 'pnpm';

/** A folder with packages in it. */
export interface Consumer {
  readonly folder: string;
  /** Writes a file, by its path in the folder. */
  write(path: string, text: string): void;
  /** Runs a file of the folder in Node. @returns what it printed */
  node(...words: string[]): Promise<string>;
  remove(): void;
}

/**
 * Makes one.
 *
 * @param names what its user asks for: our packages come from their tarballs, others from the registry, at the versions
 *   that this workspace has
 */
export async function makeConsumer(manager: PackageManager, names: readonly string[]): Promise<Consumer> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'consumer-')));
  const write = (path: string, text: string): void => writeFileSync(join(folder, path), text);
  const remove = (): void => rmSync(folder, {recursive: true, force: true, maxRetries: 5});
  try {
    write('package.json', JSON.stringify(manifestFor(manager, names), null, 2));
    if (manager === 'npm') {
      await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund'], folder);
    } else {
      await run(tool('pnpm'), ['install', '--prefer-offline', '--no-frozen-lockfile'], folder);
    }
  } catch (error) {
    remove();
    throw error;
  }
  return {folder, write, remove, node: (...words) => run(process.execPath, words, folder)};
}

/**
 * What its package.json says. Ours depend on each other by versions that are not in the registry yet, so those are said to
 * be the tarballs, too.
 */
function manifestFor(manager: PackageManager, names: readonly string[]): object {
  const tarballs = Object.entries(inject('tarballs')).map(([name, path]) => [name, `file:${path}`] as const);
  const ours = new Map(tarballs);
  const dependencies = Object.fromEntries(names.map((name) => [name, ours.get(name) ?? versionHere(name)]));
  const overrides = Object.fromEntries(
    tarballs.filter(([name]) => !(name in dependencies) || manager === 'pnpm'),
  );
  return {
    name: 'consumer',
    private: true,
    type: 'module',
    dependencies,
    ...(manager === 'npm' ? {overrides} : {pnpm: {overrides}}),
  };
}

const catalog = new Map(
  [
    ...readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8').matchAll(/^ {2}"?([@\w/-]+)"?: (\d\S*)$/gm),
  ].map(([, name, version]) => [name!, version!]),
);

function versionHere(name: string): string {
  const version = catalog.get(name);
  if (version) return version;
  throw new Error(`${name} is neither ours nor in the catalog`);
}

/** The folders in which a package lies in a project, each a copy of it. */
export function copiesOf(name: string, folder: string): readonly string[] {
  const end = join('node_modules', ...name.split('/'));
  return readdirSync(join(folder, 'node_modules'), {recursive: true, withFileTypes: true})
    .filter((entry) => entry.name === 'package.json' && entry.parentPath.endsWith(end))
    .map(({parentPath}) => parentPath);
}
