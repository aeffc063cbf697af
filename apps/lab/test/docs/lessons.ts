// The guide to the lessons and its pictures, of what the lessons say and came to when they were trained.
import {readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {markdownTable} from '@regularizers/core';
import {lessons} from '../../src/examples/lessons/index.ts';
import type {Lesson, LessonResult, Source} from '../../src/examples/lessons/lesson.ts';
import {numberText, wantedText} from '../../src/examples/lessons/text.ts';
import {pictureSvg} from '../../src/report/picture-svg.ts';

interface Trained {
  readonly lesson: Lesson;
  readonly result: LessonResult;
}

const all: readonly Trained[] = await Promise.all(
  lessons.map(async ({load, trained}) => ({lesson: await load(), result: await trained()})),
);

const pictureOf = (name: string, index: number): string => `lessons/${name}-${index + 1}.svg`;

/** What is between the marks of the guide. */
export const lessonsMarkdown = (): string =>
  [listOf(all), ...all.map((one) => sectionOf(one).join('\n\n'))].join('\n\n');

function listOf(trained: readonly Trained[]): string {
  return trained
    .map(({lesson: {name, title}}) => `- [${title}](#${anchorOf(title)}) (\`${name}\`)`)
    .join('\n');
}

/** As GitHub and VitePress both make it of a heading of letters, digits and commas. */
const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');

function sectionOf({lesson, result}: Trained): readonly string[] {
  const {name, title, claim, see, exact, sources, slider} = lesson;
  const pictures = result.pictures.map(
    ({title: of, description}, i) => `![${of}. ${description}](${pictureOf(name, i)})`,
  );
  const rows = result.numbers.map((number) => [
    number.label,
    numberText(number.measured, number.unit),
    `${wantedText(number)}${number.note === undefined ? '' : ` (${number.note})`}`,
  ]);
  return [
    `## ${title}`,
    `**${claim}**`,
    pictures.join('\n'),
    ...see,
    `Measured at ${slider.label}: ${result.value}, with seed ${result.seed}.`,
    markdownTable(['', 'measured', 'expected'], rows),
    ...exact,
    `From: ${sources.map(sourceText).join('; ')}.`,
    `\`\`\`sh\nnpx @regularizers/lab lesson ${name}\n\`\`\``,
  ];
}

const sourceText = ({paper, where, url}: Source): string =>
  `${url === undefined ? paper : `[${paper}](${url})`}, ${where}`;

/** The pictures, as they are and as they should be. */
export async function lessonPictures(): Promise<
  readonly {readonly path: string; readonly text: string; readonly made: string}[]
> {
  const guides = new URL('../../../../docs/guides/', import.meta.url);
  return Promise.all(
    all.flatMap(({lesson, result}) =>
      result.pictures.map(async (picture, i) => {
        const path = fileURLToPath(new URL(pictureOf(lesson.name, i), guides));
        const text = await readFile(path, 'utf8').catch(() => '');
        return {path, text, made: `${pictureSvg(picture)}\n`};
      }),
    ),
  );
}
