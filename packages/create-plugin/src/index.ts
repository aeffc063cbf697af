import {cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const template = fileURLToPath(new URL('../template', import.meta.url));

/** A name that cannot be a package's, or whose folder is taken. */
export class PluginNameError extends Error {
  override readonly name = 'PluginNameError';
}

/** A package's name, as npm takes it. */
const packageName = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/**
 * Copies the template of a package with a regularizer.
 *
 * @param name the package's
 * @param parent where its folder is made
 * @returns the folder's name
 * @throws PluginNameError if npm would not take the name, or there is something in the folder
 */
export function createPlugin(name: string, parent: string): string {
  if (!packageName.test(name) || name.length > 214) {
    throw new PluginNameError(
      `"${name}" is no name of a package: small letters, digits, ".", "_" and "-", maybe a scope: @acme/regularizers-shake`,
    );
  }
  const folder = name.slice(name.indexOf('/') + 1);
  const target = join(parent, folder);
  if (existsSync(target) && readdirSync(target).length > 0) {
    throw new PluginNameError(`there is something in ${target}: take another name, or move it away`);
  }
  for (const path of filesOf(template)) {
    // npm leaves files that begin with a dot out of packages, and reads what is called package.json.
    const to = join(
      target,
      path.replaceAll(/(^|\/)__?/g, (match, slash) => `${slash}${match.endsWith('__') ? '' : '.'}`),
    );
    mkdirSync(dirname(to), {recursive: true});
    cpSync(join(template, path), to);
    fillIn(to, name);
  }
  return folder;
}

const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder, {withFileTypes: true, recursive: true})
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );

/** The template says `my-plugin`, and of our packages the version that this one has. */
function fillIn(file: string, name: string): void {
  const {version} = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  };
  const text = readFileSync(file, 'utf8')
    .replaceAll('my-plugin', name)
    .replaceAll(/("@regularizers\/[\w-]+": )"[^"]*"/g, (_, key: string) => `${key}"^${version}"`);
  writeFileSync(file, text);
}
