// A site for suites: all that is written by hand, and of what typedoc writes a few of each kind of each package. Most of a
// build's time is for those pages, which are of one make.
import {readdirSync} from 'node:fs';
import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {pagesFolder} from './places.ts';

/** One of so many is built, and at least one of each kind. */
const oneOf = 12;

/**
 * Takes most pages of the reference out of what is to be built.
 *
 * @param seed which are left in: any whole number from 0 up
 * @returns those taken out, as paths of Markdown below the folder of pages
 */
export async function takeOut(seed: number): Promise<readonly string[]> {
  const out = foldersBelow('reference').flatMap((folder) => {
    const pages = readdirSync(join(pagesFolder, folder))
      .filter((name) => name.endsWith('.md') && name !== 'index.md')
      .toSorted();
    const first = seed % Math.min(oneOf, Math.max(1, pages.length));
    return pages.filter((_, index) => index % oneOf !== first).map((name) => `${folder}/${name}`);
  });
  await Promise.all(out.map((path) => rm(join(pagesFolder, path))));
  return out;
}

const foldersBelow = (folder: string): readonly string[] => [
  folder,
  ...readdirSync(join(pagesFolder, folder), {withFileTypes: true})
    .filter((entry) => entry.isDirectory())
    .flatMap(({name}) => foldersBelow(`${folder}/${name}`)),
];
