// For what needs a process of its own: a script of the sources, bundled, since Node 20 does not run TypeScript.
import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'vite';

/** A script that Node runs. */
export interface Script {
  readonly path: string;
  /** A folder for it alone, in which other files may be put. */
  readonly folder: string;
  remove(): Promise<void>;
}

/** The folder of the package that a file is in. */
const packageOf = (path: string): string => /^.*\/(?:packages|apps|examples)\/[^/]+(?=\/)/.exec(path)![0];

/**
 * Bundles it with the workspace's sources that it imports, not with what they depend on.
 *
 * @param script its URL, in a package of the workspace
 */
export async function bundleScript(script: URL): Promise<Script> {
  const source = fileURLToPath(script);
  // Within the package, so that the bundle finds the same tfjs.
  const cache = join(packageOf(dirname(source)), 'node_modules', '.cache');
  await mkdir(cache, {recursive: true});
  const folder = await mkdtemp(join(cache, 'script-'));
  await build({
    configFile: false,
    logLevel: 'silent',
    resolve: {conditions: ['source']},
    ssr: {noExternal: [/^@regularizers\//], resolve: {conditions: ['source']}},
    build: {ssr: source, outDir: folder, minify: false, target: 'node20'},
  });
  return {
    path: join(folder, basename(source).replace(/\.ts$/, '.js')),
    folder,
    remove: () => rm(folder, {recursive: true, force: true}),
  };
}
