// Writes the examples of a recipe as plain binary files, for programs in other languages, such as scikit.py beside it:
//   node apps/lab/scripts/export-split.mjs results/search-digits-mlp.recipe.json split
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {importSource} from './source.mjs';

const source = (path) => importSource(fileURLToPath(new URL(`../src/${path}`, import.meta.url)));
const {makeData} = await source('data/catalog.ts');
const {mnist} = await source('data/mnist.ts');
const {readMnistBytes} = await source('data/mnist-files.ts');
const {ownFiles} = await source('data/own/own-files.ts');

const [recipe, folder = 'split'] = process.argv.slice(2);
const {data} = JSON.parse(await readFile(recipe, 'utf8'));
const splits = await makeData(data, {
  mnist: async (options) => mnist(await readMnistBytes(), options),
  own: ownFiles(),
});
await mkdir(folder, {recursive: true});
const shapes = {};
for (const part of ['train', 'validation', 'test']) {
  const {x, y, size} = splits[part];
  shapes[part] = [size, x.length / size];
  await writeFile(join(folder, `${part}.x.f32`), new Uint8Array(x.buffer, x.byteOffset, x.byteLength));
  await writeFile(join(folder, `${part}.y.i32`), new Uint8Array(y.buffer, y.byteOffset, y.byteLength));
}
await writeFile(join(folder, 'split.json'), `${JSON.stringify(shapes)}\n`);
process.exit();
