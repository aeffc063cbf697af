// Writes test/agreement/reference.json: what the cpu backend makes of the recipes in test/agreement/observe.ts.
//   node apps/lab/scripts/reference.mjs
import {writeFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {importSource} from './source.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const {observeOnCpu} = await importSource(here('../test/agreement/on-cpu.ts'));
const text = JSON.stringify(await observeOnCpu(), null, 2);
await writeFile(here('../test/agreement/reference.json'), `${text}\n`);
process.exit();
