// `npm run web`: sets up and serves the lab's page. With `--plugin <package or file>`, that is in it, too.
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {checkNode, installPackages} from './install.mjs';
import {giveUp, root, run} from './run.mjs';

checkNode();
await installPackages();
const vite = join(root, 'node_modules', '.bin', 'vite');
const {values, tokens} = parseArgs({
  options: {plugin: {type: 'string', multiple: true, default: []}},
  strict: false,
  tokens: true,
});
const others = tokens.filter(({kind, name}) => !(kind === 'option' && name === 'plugin'));
const rest = [...new Set(others.map(({index}) => index))].map((index) => process.argv[index + 2]);
const env = values.plugin.length > 0 ? {LAB_PLUGINS: JSON.stringify(await findPlugins(values.plugin))} : {};
process.exit(await run(vite, ['serve', join('apps', 'lab'), ...rest], {env}));

/** Where they are, once they are found to be right: as the command line finds them, from where npm was called. */
async function findPlugins(words) {
  const {importSource} = await import('../apps/lab/scripts/source.mjs');
  const {loadPlugins} = await importSource(join(root, 'apps', 'lab', 'src', 'cli', 'plugins.ts'));
  try {
    const plugins = await loadPlugins(words, process.env.INIT_CWD ?? process.cwd());
    return plugins.map(({use, file}) => ({use, file}));
  } catch (error) {
    if (error?.name !== 'RegularizerError') throw error;
    return giveUp(error.message);
  }
}
