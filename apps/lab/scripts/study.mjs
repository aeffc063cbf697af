// Searches for the strengths that `lab compare` takes by default, by validation error alone:
//   node apps/lab/scripts/study.mjs glyphs-wrong-labels 150 && npm run tables
import {fileURLToPath} from 'node:url';
import {importSource} from './source.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const {runStudy} = await importSource(here('../test/studies/run-study.ts'));
const [name, trials = 150] = process.argv.slice(2);
await runStudy(name, Number(trials));
process.exit();
