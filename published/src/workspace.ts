// A copy of the workspace as a release workflow has it, to change and to throw away.
import {cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync} from 'node:fs';
import {basename, join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';
import {publishedFolders} from '../../scripts/publishable.mjs';

/** The workspace that these suites are in. */
export const root: string = fileURLToPath(new URL('../..', import.meta.url));

/** What a package's manifest says, as far as it is read here. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly license?: string;
  readonly keywords?: readonly string[];
  readonly author?: string;
  readonly homepage?: string;
  readonly bugs?: {readonly url: string};
  readonly funding?: unknown;
  readonly repository?: {readonly url: string; readonly directory?: string};
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Reads a folder's `package.json`. */
export const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

/** A package of this workspace that is published. */
export interface Published {
  readonly name: string;
  /** Its folder, as a path from the workspace. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** All of them. */
export const published: readonly Published[] = publishedFolders(root).map((folder) => {
  const manifest = readManifest(join(root, folder));
  return {name: manifest.name, folder, manifest};
});

/** Those that bring techniques. */
export const plugins: readonly Published[] = published.filter(({folder}) => {
  const index = join(root, folder, 'src', 'index.ts');
  return existsSync(index) && /^export const techniques\b/m.test(readFileSync(index, 'utf8'));
});

const leftOut = new Set(['node_modules', '.turbo', 'test']);

/**
 * Copies the workspace's manifests and the packages that are published, as they are built.
 *
 * @throws Error if a package has not been built
 */
export function copyWorkspace(target: string): void {
  const copy = (path: string): void =>
    cpSync(join(root, path), join(target, path), {
      recursive: true,
      filter: (from) => !leftOut.has(basename(from)),
    });
  for (const path of ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', 'LICENSE', '.changeset']) {
    copy(path);
  }
  // Private ones too, whose manifests are a part of the workspace.
  for (const path of workspacePackages()) {
    mkdirSync(join(target, path), {recursive: true});
    copy(join(path, 'package.json'));
    linkSiblings(path, target);
  }
  for (const {name, folder} of published) {
    if (!existsSync(join(root, folder, 'dist'))) throw new Error(`${name} is not built: npm run build`);
    copy(folder);
  }
}

/** What `workspace:` stands for is looked up in a package's own node_modules. */
function linkSiblings(path: string, target: string): void {
  const scope = join(root, path, 'node_modules', '@regularizers');
  if (!existsSync(scope)) return;
  const folder = join(target, path, 'node_modules', '@regularizers');
  mkdirSync(folder, {recursive: true});
  const folders = new Map(workspacePackages().map((each) => [readManifest(join(root, each)).name, each]));
  for (const name of readdirSync(scope)) {
    const sibling = folders.get(`@regularizers/${name}`);
    if (sibling) symlinkSync(relative(folder, join(target, sibling)), join(folder, name));
  }
}

function workspacePackages(): readonly string[] {
  const nested = ['packages', 'apps', 'examples'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => join(parent, name)),
  );
  return [...nested, 'bench', 'published'].filter((path) => existsSync(join(root, path, 'package.json')));
}
