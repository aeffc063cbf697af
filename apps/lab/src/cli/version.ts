// Node only: which version of the lab this is.
import {existsSync, readFileSync} from 'node:fs';

interface Manifest {
  readonly name: string;
  readonly version: string;
}

/** As its package says, which this file is in at some depth: sources, what is built of them, and bundles of that. */
export const version: string = versionAbove(new URL('.', import.meta.url));

function versionAbove(folder: URL): string {
  const file = new URL('package.json', folder);
  const manifest = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Manifest) : undefined;
  if (manifest?.name === '@regularizers/lab') return manifest.version;
  const above = new URL('..', folder);
  if (above.href === folder.href) throw new Error(`${import.meta.url} is in no @regularizers/lab`);
  return versionAbove(above);
}
