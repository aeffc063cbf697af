// The code that people are shown: fenced blocks of READMEs and guides, and those of docblocks.
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

export const root: string = fileURLToPath(new URL('../../../../../', import.meta.url));

/** A fenced block. */
export interface Block {
  /** What stands behind the fence: `ts`, `sh`, … */
  readonly language: string;
  readonly code: string;
  /** The line of the file that the code begins in, from 1. */
  readonly line: number;
}

/** What is read at once: a document from top to bottom, or the example of one export. */
export interface Page {
  /** The file, from the root. */
  readonly path: string;
  /** What tests call it. */
  readonly title: string;
  /** The package that it is about, if it is about one. */
  readonly package?: string;
  readonly blocks: readonly Block[];
}

const namesIn = (folder: string): readonly string[] => readdirSync(join(root, folder)).toSorted();

const filesBelow = (folder: string, end: string): readonly string[] =>
  (readdirSync(join(root, folder), {recursive: true}) as string[])
    .filter((name) => name.endsWith(end) && !name.includes('node_modules'))
    .map((name) => join(folder, name))
    .toSorted();

const nameOf = (folder: string): string =>
  JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')).name;

function blocksOf(text: string, firstLine: number): readonly Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const [, indent, language] = /^( *)```(\w*)/.exec(lines[i]!) ?? [];
    if (indent === undefined) continue;
    const start = i + 1;
    const end = lines.findIndex((line, at) => at >= start && line.startsWith(`${indent}\`\`\``));
    if (end < 0) throw new Error(`a block that begins in line ${firstLine + i} has no end`);
    const code = lines.slice(start, end).map((line) => line.slice(indent.length));
    blocks.push({language: language!, code: code.join('\n'), line: firstLine + start});
    i = end;
  }
  return blocks;
}

/** READMEs and guides: all of a document's blocks are one program. */
export function documents(): readonly Page[] {
  const packages = namesIn('packages').map((name) => `packages/${name}`);
  const readmes = [...packages, 'apps/lab', ...namesIn('examples').map((name) => `examples/${name}`)];
  const pages = readmes
    .filter((folder) => existsSync(join(root, folder, 'README.md')))
    .map((folder) => ({path: `${folder}/README.md`, package: nameOf(folder)}));
  const others = ['README.md', ...filesBelow('docs', '.md')].filter((path) => !path.startsWith('docs/api/'));
  return [...others.map((path) => ({path})), ...pages]
    .map((page) => ({
      ...page,
      title: page.path,
      blocks: blocksOf(readFileSync(join(root, page.path), 'utf8'), 1),
    }))
    .filter(({blocks}) => blocks.length > 0);
}

/** The examples of docblocks, each by itself. */
export function docblocks(): readonly Page[] {
  return namesIn('packages').flatMap((name) =>
    filesBelow(`packages/${name}/src`, '.ts').flatMap((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return [...text.matchAll(/\/\*\*[\s\S]*?\*\/\s*(?:export )?([^\n]*)/g)].flatMap(
        ({0: comment, 1: declaration, index}): readonly Page[] => {
          const doc = comment.slice(0, comment.indexOf('*/')).replaceAll(/^ *\* ?/gm, '');
          const line = text.slice(0, index).split('\n').length;
          const blocks = blocksOf(doc, line).filter(({language}) => language !== 'text');
          const what = /(?:function|const|class|type|interface) (\w+)/.exec(declaration!)?.[1] ?? '';
          const title = `${path}:${line} ${what}`;
          return blocks.length > 0 ? [{path, title, package: `@regularizers/${name}`, blocks}] : [];
        },
      );
    }),
  );
}
