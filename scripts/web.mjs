// `npm run web`: sets up and serves the lab's page.
import {join} from 'node:path';
import {checkNode, installPackages} from './install.mjs';
import {root, run} from './run.mjs';

checkNode();
await installPackages();
const vite = join(root, 'node_modules', '.bin', 'vite');
process.exit(await run(vite, ['serve', join('apps', 'lab'), ...process.argv.slice(2)]));
