// Node only: the plugins that the command line is told to load.
import {existsSync, readFileSync, statSync} from 'node:fs';
import {dirname, isAbsolute, join, resolve as resolvePath} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {RegularizerError} from '@regularizers/core';
import {resolve} from 'import-meta-resolve';
import {satisfies, validRange} from 'semver';
import type {PluginFile} from '../headless/with-plugins.ts';
import {importPlugins} from '../plugins.ts';
import type {LabPlugin} from '../regularizers.ts';

/** A plugin that is loaded, and where from. */
export interface LoadedPlugin extends LabPlugin, PluginFile {}

const core = '@regularizers/core';

/**
 * Loads what `--plugin` names.
 *
 * @param words packages by name, or files and folders
 * @param folder where names and relative paths are looked up
 * @throws RegularizerError as {@link findPlugins} and `importPlugins`
 */
export async function loadPlugins(
  words: readonly string[],
  folder: string,
): Promise<readonly LoadedPlugin[]> {
  const files = findPlugins(words, folder);
  const plugins = await importPlugins(
    files.map(({use, file}) => [use, () => import(/* @vite-ignore */ pathToFileURL(file).href)] as const),
  );
  return plugins.map((plugin, index) => ({...plugin, ...files[index]!}));
}

/**
 * Finds what `--plugin` names, and checks that it is for this version of core. Nothing is run.
 *
 * @throws RegularizerError with code `no-plugin` or `plugin-version`
 */
function findPlugins(words: readonly string[], folder: string): readonly PluginFile[] {
  const files = [...new Set(words)].map((word) => ({use: word, file: entryOf(word, folder)}));
  for (const {use, file} of files) checkVersion(use, file);
  return files;
}

const isPath = (word: string): boolean => /^\.{1,2}([\\/]|$)/.test(word) || isAbsolute(word);

function entryOf(word: string, folder: string): string {
  try {
    if (!isPath(word)) return fileURLToPath(resolve(word, pathToFileURL(join(folder, 'recipe.js')).href));
    const path = resolvePath(folder, word);
    if (!statSync(path).isDirectory()) return path;
    // A package names what it exports by its own name, too.
    const {name} = readPackage(join(path, 'package.json'));
    return fileURLToPath(resolve(name ?? word, pathToFileURL(join(path, 'package.json')).href));
  } catch (cause) {
    throw new RegularizerError({
      where: `plugin ${word}`,
      code: 'no-plugin',
      message: `it is not to be found from ${folder}`,
      hint: isPath(word) ? 'Name a file or a package.' : `Install it there, or name a file: ./${word}.js`,
      cause,
    });
  }
}

interface Package {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const readPackage = (path: string): Package => JSON.parse(readFileSync(path, 'utf8'));

/** The path of the first such file in a folder or one above it. */
function findUp(folder: string, name: string): string | undefined {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  return dirname(folder) === folder ? undefined : findUp(dirname(folder), name);
}

/** What the nearest package says of core. */
function rangeOf(file: string): string | undefined {
  const path = findUp(dirname(file), 'package.json');
  const {peerDependencies, dependencies, devDependencies} = path ? readPackage(path) : {};
  return peerDependencies?.[core] ?? dependencies?.[core] ?? devDependencies?.[core];
}

/** The version of core that this program runs on. */
function versionOfCore(): string {
  const path = findUp(dirname(fileURLToPath(import.meta.url)), join('node_modules', core, 'package.json'));
  return (path && readPackage(path).version) || '0.0.0';
}

function checkVersion(use: string, file: string): void {
  const range = rangeOf(file);
  const version = versionOfCore();
  const refuse = (message: string, hint: string): never => {
    throw new RegularizerError({where: `plugin ${use}`, code: 'plugin-version', message, hint});
  };
  if (range === undefined || validRange(range) === null) {
    const what = range === undefined ? 'nothing' : JSON.stringify(range);
    const line = `"peerDependencies": {"${core}": "^${version}"}`;
    refuse(`its package.json says ${what} of the versions of ${core} that it works with`, `Add ${line}.`);
  } else if (!satisfies(version, range, {includePrerelease: true})) {
    refuse(`it works with ${core} ${range}; this is ${version}`, 'Install a version of it that fits.');
  }
}
