// Trains every lesson at its first value, and writes what it came to, and the guide of it:
//   npm run lessons -- [name…] [--backend native]
import {mkdir, writeFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {importSource} from './source.mjs';

const source = (path) => fileURLToPath(new URL(`../src/${path}`, import.meta.url));
const {lessons} = await importSource(source('examples/lessons/index.ts'));
const {useBackend} = await importSource(source('cli/backends.ts'));

/** A result as a module, which is loaded as others are. */
const codeOf = (result) => `\
// Made by \`npm run lessons\`: what the lesson came to at its first value, on ${backend}.
import type {LessonResult} from '../lesson.ts';

export const trained: LessonResult = ${JSON.stringify(result)};
`;

const {
  positionals: chosen,
  values: {backend},
} = parseArgs({
  // On cpu whoever runs this gets the same; native is some times as fast.
  options: {backend: {type: 'string', default: 'cpu'}},
  allowPositionals: true,
});
await useBackend(backend);
await mkdir(source('examples/lessons/trained'), {recursive: true});
for (const {name, load} of lessons) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const lesson = await load();
  const started = Date.now();
  const result = await lesson.run(lesson.slider.value);
  await writeFile(source(`examples/lessons/trained/${name}.ts`), codeOf(result));
  console.log(`${name}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
const {writeMadeFiles} = await importSource(
  fileURLToPath(new URL('../test/docs/tables.ts', import.meta.url)),
);
await writeMadeFiles();
process.exit();
