// `npm test`: sets up what the suites need and runs all of them on cpu, native and WebGL. Words after `--` go to
// vitest: `npm test -- --project cpu packages/dropout`.
import {join} from 'node:path';
import {installBrowser} from './browser.mjs';
import {buildPackages, checkNode, installNative, installPackages} from './install.mjs';
import {installRedis} from './redis.mjs';
import {giveUp, root, run, say} from './run.mjs';

checkNode();
await installPackages();
await buildPackages();
if (!(await installNative())) {
  giveUp(
    'The suites run on the native backend too, and it cannot be set up.',
    'See above for what is missing.',
  );
}
await installBrowser();
await installRedis();

const bin = (name) => join(root, 'node_modules', '.bin', name);
const words = process.argv.slice(2);
const checks = [
  ['Types.', bin('tsc'), ['-p', 'tsconfig.json']],
  ['Lint.', bin('biome'), ['check', '.']],
  ['Architecture.', bin('depcruise'), ['packages', 'apps']],
  ['What nothing uses.', bin('knip'), []],
];
if (words.length === 0) {
  // Side by side, since each of them takes one core; what they say comes one after another.
  const codes = checks.map(([, command, args]) => run(command, args, {quiet: true}));
  for (const [i, [what]] of checks.entries()) {
    say(what);
    if ((await codes[i]) !== 0) giveUp(`${what.slice(0, -1)}: see above.`);
  }
}
say('Suites.');
process.exit(await run(bin('vitest'), ['run', ...words]));
