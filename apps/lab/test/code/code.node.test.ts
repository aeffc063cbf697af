// What `lab code` writes is of the right types, and comes to what `lab run` comes to, to the bit.
import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {registerNative} from '@regularizers/native';
import {deriveKey, hostPermutation} from '@regularizers/random';
import {isThorough} from '@regularizers/testing';
import {loadLayersModel} from '@tensorflow/tfjs-layers';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {modelCode} from '../../src/code/model-code.ts';
import {npyOf} from '../../src/code/npy.ts';
import {programCode} from '../../src/code/program.ts';
import {makeData} from '../../src/data/catalog.ts';
import {type LoadOwn, ownDataFrom} from '../../src/data/own/own-data.ts';
import {buildModel} from '../../src/models/catalog.ts';
import {portsOf} from '../../src/models/ports.ts';
import {parseRecipe, type Recipe} from '../../src/recipe.ts';
import {createRegularizers, techniques} from '../../src/regularizers.ts';
import {dataFor} from '../../src/run.ts';
import {lab} from '../cli/terminal.ts';
import {type Program, programOf, run, typeErrors} from '../docs/examples/program.ts';
import {outputOf} from './output.ts';
import {ofColours, otherRecipes, recipeOf, recipesOfTechniques} from './recipes.ts';
import {recipeOf as recipeOfTable, tables} from './tables.ts';

await registerNative();
const found = await recipesOfTechniques();
const recipes = new Map<string, Recipe>([...found, ...Object.entries(otherRecipes)]);
const names = [...recipes.keys()];

/** A few of them by seed, and always the one with names that need care. */
const sample = isThorough
  ? names
  : [
      ...Array.from(hostPermutation(names.length, deriveKey(16, 'lab code')).slice(0, 5), (at) => names[at]!),
      names.at(-1)!,
    ];

const noFiles = {mnist: () => Promise.reject(new Error('no files here'))};

/** The program of a recipe, as it is printed. */
async function written(name: string, recipe: Recipe, own?: LoadOwn): Promise<Program> {
  const data = dataFor(recipe, await makeData(recipe.data, {...noFiles, own}));
  const model = buildModel(recipe.model, portsOf(data));
  const code = programCode({
    recipe,
    data,
    model,
    regularizers: createRegularizers(recipe.regularizers),
    backend: 'cpu',
    file: 'train.ts',
    folder: 'train-data',
    moduleOf: (use) => use,
    csvUrl: (file) => file,
  });
  model.dispose();
  return programOf({title: name, path: name}, [{language: 'ts', code, line: 1}]);
}

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-code-'));
});
afterAll(() => rm(folder, {recursive: true}));
afterEach(() => registerNative());

test('each technique has a recipe, but for those of colours, which no data of the lab has', () => {
  const missing = techniques.map(({name}) => name).filter((name) => !found.has(name));
  expect(missing).toEqual(ofColours);
});

test('all are of the right types', {timeout: 300_000}, async () => {
  const whole = [...recipes, ...ofColours.map((name) => [name, recipeOf(name)] as const)];
  const all = isThorough ? whole : whole.filter(([name], at) => at % 4 === 0 || sample.includes(name));
  const programs: Program[] = [];
  for (const [name, recipe] of all) programs.push(await written(name, recipe));
  for (const [name, table] of Object.entries(tables)) {
    const own = ownDataFrom({file: async () => Buffer.from(table.content), pictures: noFiles.mnist});
    programs.push(await written(name, parseRecipe(recipeOfTable(table, table.file)), own));
  }
  expect(typeErrors(programs)).toEqual([]);
});

/** A name of a file with what a URL, a comment or TypeScript would read otherwise. */
const fileName = `it's \`\${1}\` #é%20?.ts`;

describe.each(isThorough ? (['cpu', 'native'] as const) : (['native'] as const))('on %s', (backend) => {
  test.each(sample)('%s comes to the same, to the bit', {timeout: 120_000}, async (name) => {
    const out = join(folder, `${backend} ${names.indexOf(name)}`);
    await mkdir(out);
    const file = join(out, 'recipe.json');
    await writeFile(file, JSON.stringify({...recipes.get(name), name: 'result'}));
    const words = ['--backend', backend, '--out'];
    expect((await lab(['run', file, ...words, out])).code).toBe(0);
    const report = JSON.parse(await readFile(join(out, 'result.json'), 'utf8'));
    const path = join(out, fileName);
    expect(await lab(['code', file, ...words, path])).toMatchObject({code: 0, stdout: ''});
    const code = await readFile(path, 'utf8');
    const printed = await outputOf(programOf({title: name, path}, [{language: 'ts', code, line: 1}]));
    for (const split of ['train', 'validation', 'test']) {
      expect([split, JSON.parse(printed.get(split)!)]).toEqual([split, report[split]]);
    }
    const [model] = (await readdir(join(out, 'model'), {recursive: true})).filter((one) =>
      one.endsWith('model.json'),
    );
    await registerNative();
    const loaded = await loadLayersModel(`file://${join(out, 'model', model!)}`);
    expect(loaded.getUserDefinedMetadata()).toEqual(
      report.measure === 'error' ? {classNames: expect.any(Array)} : undefined,
    );
    loaded.dispose();
  });
});

test.each(Object.keys(otherRecipes))('the model of %s is the same, layer by layer', async (name) => {
  const recipe = otherRecipes[name]!;
  const data = dataFor(recipe, await makeData(recipe.data, noFiles));
  const model = buildModel(recipe.model, portsOf(data));
  const code = [...modelCode(model), 'model = buildModel();'].join('\n');
  const program = programOf({title: name, path: ''}, [{language: 'ts', code, line: 1}]);
  const built: {model?: typeof model} = {};
  await run({...program, code: `const tf = modules.tf; let model;\n${code}\nmodules.built.model = model;`}, {
    tf: await import('@tensorflow/tfjs'),
    built,
  } as never);
  expect(built.model!.getConfig()).toEqual(model.getConfig());
  expect(built.model!.layers.map((layer) => layer.name)).toEqual(model.layers.map((layer) => layer.name));
  model.dispose();
  built.model!.dispose();
});

test('arrays are as NumPy says', () => {
  const bytes = Buffer.from(npyOf(Float32Array.of(1.5, -2), [2]));
  // numpy.save(file, numpy.array([1.5, -2], 'float32')), byte by byte.
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
  expect(bytes.subarray(0, 10)).toEqual(Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]));
  expect(bytes.toString('latin1', 10, 128)).toBe(`${header}${' '.repeat(117 - header.length)}\n`);
  expect(bytes.subarray(128)).toEqual(Buffer.from([0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0]));
  expect(Buffer.from(npyOf(new Int32Array(6), [3, 2])).toString('latin1', 10, 90)).toContain(
    "{'descr': '<i4', 'fortran_order': False, 'shape': (3, 2), }",
  );
});

test('without --out the program is printed, and nothing is written', async () => {
  const file = join(folder, 'a.json');
  await writeFile(file, JSON.stringify(otherRecipes['moons mlp']));
  const before = await readdir(folder);
  const {code, stdout, stderr} = await lab(['code', file, '--backend', 'cpu']);
  expect([code, stderr]).toEqual([0, 'Its data is not written: --out train.ts writes both.\n']);
  expect(stdout).toContain('const trainer = createTrainer({');
  expect(await readdir(folder)).toEqual(before);
});

test('another ending is refused, and so is what cannot be written, before anything is', async () => {
  const file = join(folder, 'a.json');
  await writeFile(file, JSON.stringify(otherRecipes['moons mlp']));
  const wrong = await lab(['code', file, '--out', join(folder, 'code')]);
  expect(wrong.stderr).toMatch(
    /^\[lab\] --out .* is no name of a TypeScript file\n {2}Such as --out .*train\.ts/,
  );
  await writeFile(join(folder, 'taken'), '');
  const taken = await lab(['code', file, '--out', join(folder, 'taken', 'train.ts')]);
  expect(taken.stderr).toMatch(/^\[files\] .* cannot be written: a part of its path is a file/);
  expect([wrong.code, taken.code]).toEqual([2, 2]);
});
