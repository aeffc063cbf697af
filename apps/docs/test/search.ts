// The site's search without its box: the index as it is built, asked as VitePress asks it.
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import MiniSearch from 'minisearch';
import {siteFolder} from '../src/places.ts';

/** Addresses of what is found, the best first. */
export type Search = (words: string) => readonly string[];

let search: Promise<Search> | undefined;

/** Reads the index once; the site is built by then. */
export const siteSearch = (): Promise<Search> => {
  search ??= read();
  return search;
};

async function read(): Promise<Search> {
  const chunks = join(siteFolder, 'assets', 'chunks');
  const file = readdirSync(chunks).find((name) => name.startsWith('@localSearchIndex'))!;
  const {default: json} = await import(
    `data:text/javascript;base64,${Buffer.from(readFileSync(join(chunks, file))).toString('base64')}`
  );
  // It reads what the build wrote.
  const {searchOptions} = await import('../site/.vitepress/config.ts');
  const index = MiniSearch.loadJSON<{readonly id: string}>(json, {
    fields: ['title', 'titles', 'text'],
    storeFields: ['title', 'titles'],
    searchOptions,
  });
  return (words) => index.search(words).map(({id}) => String(id));
}
