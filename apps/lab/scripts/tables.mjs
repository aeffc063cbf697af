// Writes the options of techniques into READMEs and guides: npm run tables
import {writeFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {importSource} from './source.mjs';

const {madeFiles} = await importSource(fileURLToPath(new URL('../test/docs/tables.ts', import.meta.url)));
for (const {path, text, made} of await madeFiles()) if (made !== text) await writeFile(path, made);
process.exit();
