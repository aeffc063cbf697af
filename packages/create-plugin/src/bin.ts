import {argv, cwd, stderr, stdout} from 'node:process';
import {createPlugin, PluginNameError} from './index.ts';

const usage = `Usage: npm create @regularizers/plugin <name>

  <name>   the package's, such as my-plugin or @acme/regularizers-shake; its folder is called as what follows the slash
`;

const [name, ...more] = argv.slice(2);
if (name === undefined || name.startsWith('-') || more.length > 0) {
  stderr.write(usage);
  process.exitCode = 2;
} else {
  try {
    const folder = createPlugin(name, cwd());
    stdout.write(`${name} is in ${folder}. Now:\n\n  cd ${folder}\n  npm install\n  npm test\n`);
  } catch (error) {
    if (!(error instanceof PluginNameError)) throw error;
    stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
