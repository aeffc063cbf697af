// Node only: which version of the lab this is.
import {readFileSync} from 'node:fs';

const manifest = new URL('../../package.json', import.meta.url);

/** As its package says. */
export const version: string = (JSON.parse(readFileSync(manifest, 'utf8')) as {readonly version: string})
  .version;
