// `npm run bench`: sets everything up and measures our trainer beside its peers. `npm run bench -- --help`.
import {join} from 'node:path';
import {buildPackages, checkNode, installNative, installPackages} from './install.mjs';
import {giveUp, run} from './run.mjs';

checkNode();
await installPackages();
await buildPackages('@regularizers/bench...');
if (!(await installNative()))
  giveUp('The benchmark needs the native backend.', 'See above for what is missing.');
process.exit(await run(process.execPath, [join('bench', 'dist', 'main.js'), ...process.argv.slice(2)]));
