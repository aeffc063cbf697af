// The command line from its sources: node apps/lab/scripts/lab.mjs compare --only l2
import {fileURLToPath} from 'node:url';
import {importSource} from './source.mjs';

const {runMain} = await importSource(fileURLToPath(new URL('../src/cli/main.ts', import.meta.url)));
await runMain();
process.exit();
