// Documents of the repository link to each other by their paths. On the site they are pages, where there is one.
import {posix} from 'node:path';
import {families, others, sourceUrl} from './places.ts';

/** Documents of the repository with a page of their own, and its address. */
export type PageAddresses = ReadonlyMap<string, string>;

/** The addresses of READMEs and guides. */
export function addressesOf(guides: readonly string[], decisions: readonly string[]): PageAddresses {
  const packages = [...families, ...others].flatMap((folder): [string, string][] => [
    [`packages/${folder}`, `/reference/${folder}/`],
    [`packages/${folder}/README.md`, `/reference/${folder}/`],
  ]);
  return new Map([
    ['README.md', '/'],
    ['docs/guides/techniques.md', '/techniques/'],
    ['docs/decisions', '/decisions/'],
    ['docs/guides/benchmarks', '/guides/benchmarks'],
    ...packages,
    ...guides.map((name): [string, string] => [`docs/guides/${name}.md`, `/guides/${name}`]),
    ...decisions.map((name): [string, string] => [`docs/decisions/${name}.md`, `/decisions/${name}`]),
  ]);
}

/** Everything outside of code, changed: what is between fences stays as it is. */
function outsideFences(markdown: string, change: (text: string) => string): string {
  return markdown
    .split(/(^ *```[\s\S]*?^ *```$)/m)
    .map((part, index) => (index % 2 === 1 ? part : change(part)))
    .join('');
}

/**
 * The text of a document with its links as the site has them: to pages, or to the file in the repository.
 *
 * @param path the document's, from the root of the repository
 */
export function withSiteLinks(markdown: string, path: string, pages: PageAddresses): string {
  return outsideFences(markdown, (text) =>
    text.replace(/\]\((?!\w+:|#|\/)([^)\s#]*)(#[^)\s]*)?\)/g, (_, link: string, anchor = '') => {
      const target = posix.join(posix.dirname(path), link).replace(/\/$/, '');
      if (isPicture(target)) return `](/${target})`;
      const page = pages.get(target);
      return `](${page === undefined ? sourceUrl(target) + anchor : page + anchor})`;
    }),
  );
}

/** The text with the names of techniques, where they stand as code, as links to their pages. */
export function withTechniqueLinks(markdown: string, addresses: ReadonlyMap<string, string>): string {
  return outsideFences(markdown, (text) =>
    text.replace(/^(?!#).+$/gm, (line) =>
      line.replace(/(?<![[`])`(\w+)(\([^`]*\))?`(?![\]`])/g, (code, name) => {
        const address = addresses.get(name);
        return address === undefined ? code : `[${code}](${address})`;
      }),
    ),
  );
}

/** A picture of a document: it is served under its path in the repository. */
const isPicture = (path: string): boolean => /\.(svg|png|jpg|gif|webp)$/.test(path);

/** The section under a heading of the second level, without the heading. */
export function sectionOf(markdown: string, heading: string): string | undefined {
  let inCode = false;
  let found: string[] | undefined;
  for (const line of markdown.split('\n')) {
    if (/^ *```/.test(line)) inCode = !inCode;
    if (!inCode && /^## /.test(line)) {
      if (found) break;
      if (line === `## ${heading}`) found = [];
      continue;
    }
    found?.push(line);
  }
  return found?.join('\n').trim();
}
