// What of the documentation is made from what techniques say of themselves: the options in READMEs, the list in the guide;
// from what is tested of data, and from what was measured; the guide to the lessons, of what they came to. The lab's default strengths are made likewise, from studies.
import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {dirname} from 'node:path';
import {fileURLToPath} from 'node:url';
import {markdownTable, optionsMarkdown, type Technique} from '@regularizers/core';
import {comparisonPicture, type Measured} from '../../../docs/src/picture.ts';
import {notesOf} from '../../src/report/notes.ts';
import {chosenOf, comparisonCells, comparisonHead} from '../../src/report/rows.ts';
import {dataTables} from '../data-guide/table.ts';
import {tunedText} from '../studies/studies.ts';
import {lessonPictures, lessonsMarkdown} from './lessons.ts';

const root = new URL('../../../../', import.meta.url);

/** A file, and what it should be. */
export interface MadeFile {
  readonly path: string;
  readonly text: string;
  readonly made: string;
}

interface Family {
  readonly folder: string;
  readonly techniques: readonly Technique[];
}

/** The packages that have techniques. */
async function families(): Promise<readonly Family[]> {
  const folders = (await readdir(new URL('packages/', root))).toSorted();
  const found = await Promise.all(folders.map(familyOf));
  return found.filter(({techniques}) => techniques.length > 0);
}

async function familyOf(folder: string): Promise<Family> {
  const index = new URL(`packages/${folder}/src/index.ts`, root);
  // Who has techniques says so there; the others need not be loaded.
  if (!/^export const techniques\b/m.test(await readFile(index, 'utf8'))) return {folder, techniques: []};
  const {techniques} = await import(/* @vite-ignore */ fileURLToPath(index));
  return {folder, techniques};
}

/** Every file with a part that is made, as it is and as it should be. */
export async function madeFiles(): Promise<readonly MadeFile[]> {
  const all = await families();
  const readmes = all.map(({folder, techniques}) =>
    madeFile(`packages/${folder}/README.md`, {options: optionsMarkdown(techniques)}),
  );
  return Promise.all([
    ...readmes,
    madeFile('docs/guides/techniques.md', {options: listOf(all)}),
    madeFile('docs/guides/data.md', dataTables()),
    madeFile('docs/guides/lessons.md', {lessons: lessonsMarkdown()}),
    ...(await lessonPictures()),
    readmePicture(),
    madeFile('apps/lab/README.md', {results: await resultsMarkdown()}),
    tunedFile(),
  ]);
}

/** Writes those that are not as they should be. */
export async function writeMadeFiles(): Promise<void> {
  for (const {path, text, made} of await madeFiles()) {
    if (made === text) continue;
    await mkdir(dirname(path), {recursive: true});
    await writeFile(path, made);
  }
}

const colours = `.comparison { font: 13px system-ui, sans-serif; background: #fff }
.name, .value { fill: #213547 }
.baseline { fill: #d97706 }
.one { fill: #3b82f6; opacity: 0.55 }
.all { fill: #3b82f6 }
.spread { stroke: #213547; stroke-width: 1.5; opacity: 0.55 }`;

/** The site's picture of what the lab has measured, by itself: in a README there are no styles, and nothing to follow. */
async function readmePicture(): Promise<MadeFile> {
  const path = fileURLToPath(new URL('docs/measured.svg', root));
  const measured = await readMeasured();
  const made = comparisonPicture(measured)
    .replaceAll(/<a [^>]*>|<\/a>/g, '')
    .replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ')
    .replace('>', `><style>${colours}</style><rect width="100%" height="100%" fill="#fff"/>`);
  return {path, text: await readFile(path, 'utf8').catch(() => ''), made: `${made}\n`};
}

const readMeasured = async (): Promise<Measured> =>
  JSON.parse(await readFile(new URL('apps/docs/measured/glyphs.json', root), 'utf8'));

/** The tables that `npm start` ended in when it was measured, and how they are to be read. */
async function resultsMarkdown(): Promise<string> {
  const {tables} = await readMeasured();
  return tables
    .map((table) => {
      const chosen = chosenOf(table.rows);
      const rows = table.rows.map((row) => [
        row === chosen ? `${row.name} \\*` : row.name,
        ...comparisonCells(row, table).map(({text}) => text),
      ]);
      const notes = notesOf(table).map((note) => note.replace(/^\*/, '\\*'));
      return [`**${table.name}**`, markdownTable(['', ...comparisonHead(table)], rows), ...notes].join(
        '\n\n',
      );
    })
    .join('\n\n');
}

async function tunedFile(): Promise<MadeFile> {
  const path = fileURLToPath(new URL('apps/lab/src/examples/tuned.ts', root));
  return {path, text: await readFile(path, 'utf8'), made: await tunedText()};
}

function listOf(all: readonly Family[]): string {
  return all
    .map(({folder, techniques}) => {
      const rows = techniques.map(({name, about}) => [`\`${name}\``, about]);
      return `## @regularizers/${folder}\n\n${markdownTable(['technique', 'what it does'], rows)}`;
    })
    .join('\n\n');
}

/** The file with its parts as they should be, each between `<!-- name: … -->` and `<!-- end of name -->`. */
async function madeFile(file: string, parts: Readonly<Record<string, string>>): Promise<MadeFile> {
  const path = fileURLToPath(new URL(file, root));
  const text = await readFile(path, 'utf8');
  let made = text;
  for (const [name, markdown] of Object.entries(parts)) {
    const part = new RegExp(`(<!-- ${name}: [^\\n]* -->\\n\\n)[\\s\\S]*?(<!-- end of ${name} -->)`);
    if (!part.test(made)) throw new Error(`${file} has no place for its ${name}`);
    made = made.replace(part, (_, start, end) => `${start}${markdown}\n\n${end}`);
  }
  return {path, text, made};
}
