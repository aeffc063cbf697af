import {existsSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {cacheDistrust, cacheRoot, findEntries, readSealed} from './cache.ts';

/** The version of tfjs-node that this package is written for, and that set-up fetches. */
export const tfjsNodeVersion = '4.22.0';

/** A copy of tfjs-node on this machine. */
export interface TfjsNodeCopy {
  /** Its folder. */
  readonly folder: string;
  /** Its version. */
  readonly version: string;
  /** Whether the project installed it or set-up put it in the cache. */
  readonly owner: 'project' | 'cache';
}

/** An addon that some copy of tfjs-node can be loaded with. */
export interface Candidate {
  /** The copy of tfjs-node. */
  readonly copy: TfjsNodeCopy;
  /** The compiled addon. */
  readonly bindingPath: string;
  /** Who made the addon: the project's own install, set-up with tfjs-node's script, or from the wheel. */
  readonly source: 'existing' | 'stock' | 'wheel';
}

/** The path, in the folder of tfjs-node, of the addon that its own install makes. */
export const ownBinding: string = join('lib', 'napi-v8', 'tfjs_binding.node');

/**
 * Finds a module as this package sees it: where the program's packages are. The working directory has no say, since
 * what is found is run, and people go into folders that they don't trust.
 *
 * @param id - the module's name
 * @returns its path, or undefined
 */
export function resolveModule(id: string): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(id);
  } catch {
    return undefined; // not installed
  }
}

/**
 * The name of the folder of the cache that holds set-up's own copy of tfjs-node.
 *
 * @param version - the version of tfjs-node
 * @returns a name in the cache
 */
export function packageFolder(version: string): string {
  return `tfjs-node-${version}`;
}

/** Where copies of tfjs-node are looked for. */
export interface Places {
  /** The cache. */
  readonly root: string;
  /** The package.json of the tfjs-node that the project has installed, if it has. */
  readonly installed: string | undefined;
}

/**
 * The places that this process looks in.
 *
 * @returns the user's cache, and what is installed for this package
 */
export function usualPlaces(): Places {
  return {root: cacheRoot(), installed: resolveModule('@tensorflow/tfjs-node/package.json')};
}

/**
 * The copies of tfjs-node that can be loaded: the project's, then set-up's.
 *
 * @param places - where to look
 * @returns the copies, the preferred one first
 */
export function findCopies({root, installed}: Places): TfjsNodeCopy[] {
  const own = join(root, packageFolder(tfjsNodeVersion));
  const cached = join(own, 'node_modules', '@tensorflow', 'tfjs-node', 'package.json');
  return [
    ...(installed ? [describe(installed, 'project')] : []),
    ...(!cacheDistrust(root) && readSealed(own) ? [describe(cached, 'cache')] : []),
  ];
}

function describe(path: string, owner: TfjsNodeCopy['owner']): TfjsNodeCopy {
  const {version} = JSON.parse(readFileSync(path, 'utf8')) as {version: string};
  return {folder: dirname(path), version, owner};
}

/**
 * Everything on this machine that might be loaded as the native backend.
 *
 * @param places - where to look
 * @returns the candidates, the preferred one first
 */
export function findCandidates(places: Places): Candidate[] {
  return findCopies(places).flatMap((copy): Candidate[] => {
    const own = join(copy.folder, ownBinding);
    const cached = findEntries(copy.version, places.root).map(
      ({folder, manifest}): Candidate => ({
        copy,
        bindingPath: join(folder, manifest.binding),
        source: manifest.source,
      }),
    );
    return existsSync(own) ? [{copy, bindingPath: own, source: 'existing'}, ...cached] : cached;
  });
}
