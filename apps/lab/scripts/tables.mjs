// Writes what of READMEs and guides is made from sources and measurements: npm run tables
import {fileURLToPath} from 'node:url';
import {importSource} from './source.mjs';

const {writeMadeFiles} = await importSource(
  fileURLToPath(new URL('../test/docs/tables.ts', import.meta.url)),
);
await writeMadeFiles();
process.exit();
