// `npm start`: sets everything up and runs the main job, the comparison of regularizers. `npm start -- --help`.
import {join} from 'node:path';
import {buildPackages, checkNode, installNative, installPackages} from './install.mjs';
import {run} from './run.mjs';

checkNode();
await installPackages();
await buildPackages('@regularizers/lab...');
// Where native cannot be had, set-up has said why, and the lab takes the fastest backend that there is.
await installNative();
process.exit(
  await run(process.execPath, [join('apps', 'lab', 'bin', 'lab.js'), 'compare', ...process.argv.slice(2)], {
    // What the lab says of how to go on is what a person gave.
    env: {REGULARIZERS_NPM_SCRIPT: 'start'},
  }),
);
