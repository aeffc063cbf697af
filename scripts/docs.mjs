// `npm run docs`: builds the documentation site and serves it. With `--build` it is only built.
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {parseArgs} from 'node:util';
import {checkNode, installPackages} from './install.mjs';
import {root, run, say} from './run.mjs';

checkNode();
await installPackages();
const {values} = parseArgs({options: {build: {type: 'boolean', default: false}}, allowPositionals: true});
const docs = join(root, 'apps', 'docs');
say('Building the site.');
const code = await run(process.execPath, [join('apps', 'docs', 'scripts', 'build.mjs')]);
if (code !== 0 || values.build) process.exit(code);
const {preview} = await import(
  pathToFileURL(join(root, 'node_modules', 'vite', 'dist', 'node', 'index.js')).href
);
const server = await preview({
  configFile: false,
  root: docs,
  base: process.env.DOCS_BASE ?? '/',
  build: {outDir: 'dist'},
  preview: {port: 4180},
});
server.printUrls();
