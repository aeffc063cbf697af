// Adding a technique takes three files of its package: here to a copy of one, with the app as it is.
import {execFile} from 'node:child_process';
import {appendFile, cp, mkdtemp, readFile, rm, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {Ajv2020} from 'ajv/dist/2020.js';
import {createServer, type ViteDevServer} from 'vite';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const original = join(root, 'packages', 'noise');

const source = `
import {
  defineRegularizer, defineTechnique, type Named, type OptionsOf, option, type Regularizer, readTechnique,
  type Technique,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';

/** Options of {@link wobble}. */
export interface WobbleOptions<Name extends string = string> extends Named<Name> {
  /** How far weights shrink, in [0, 1]. @defaultValue 0.5 */
  readonly by?: number;
}

const described = {
  by: option.number({min: 0, max: 1, default: 0.5, nothing: 0, about: 'How far weights shrink.'}),
} satisfies OptionsOf<WobbleOptions>;

/** Shrinks all weights after each update. */
export function wobble<const Name extends string = 'wobble'>(options: WobbleOptions<Name> = {}): Regularizer<Name> {
  const {name, settings, by} = readTechnique('wobble', options, described);
  return defineRegularizer({
    name,
    settings,
    after: ['decay', 'shrinkage', 'constraint', 'partial-update'],
    setup: () => ({idle: by === 0}),
    project: (weights) =>
      Object.fromEntries(Object.entries(weights).map(([key, weight]) => [key, tf.mul(weight, 1 - by)])),
  });
}

/** What {@link wobble} says of itself. */
export const wobbleTechnique: Technique = defineTechnique({
  name: 'wobble',
  family: 'noise',
  about: 'Shrinks weights.',
  options: described,
  create: wobble,
});
`;

const testSource = `
import {expect, test} from 'vitest';
import {wobble} from '../src/wobble.ts';

test('it is called wobble', () => expect(wobble().name).toBe('wobble'));
`;

/** Vitest as the workspace has it, with the copy in place of the package. */
const config = (copy: string): string => `
import {mergeConfig} from 'vitest/config';
import base from ${JSON.stringify(join(root, 'vitest.config.ts'))};

const alias = {'@regularizers/noise': ${JSON.stringify(join(copy, 'src', 'index.ts'))}};
const [cpu] = base.test.projects;
const include = [
  ${JSON.stringify(join(copy, 'test', '{contract,wobble}.test.ts'))},
  ${JSON.stringify(join(root, 'apps/lab/test/compositions/pairs.test.ts'))},
];
const setupFiles = cpu.test.setupFiles.map((file) => ${JSON.stringify(root)} + file);
export default {
  root: '/',
  test: {projects: [{...cpu, resolve: {...cpu.resolve, alias}, test: {...cpu.test, include, setupFiles}}]},
};
`;

let copy: string;
let server: ViteDevServer;
let passed: readonly string[];
let failed: readonly string[];

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lab-technique-'));
  copy = join(folder, 'noise');
  await cp(original, copy, {
    recursive: true,
    filter: (path) => !/[\\/](node_modules|dist)$/.test(path),
  });
  await symlink(join(original, 'node_modules'), join(copy, 'node_modules'));
  // The three files.
  await writeFile(join(copy, 'src', 'wobble.ts'), source);
  await writeFile(join(copy, 'test', 'wobble.test.ts'), testSource);
  const index = await readFile(join(copy, 'src', 'index.ts'), 'utf8');
  const listed = index.replace(/(techniques: readonly Technique\[\] = \[)/, '$1\n  wobbleTechnique,');
  await writeFile(join(copy, 'src', 'index.ts'), listed);
  await appendFile(
    join(copy, 'src', 'index.ts'),
    "import {wobbleTechnique} from './wobble.ts';\nexport * from './wobble.ts';\n",
  );

  await writeFile(join(folder, 'vitest.config.ts'), config(copy));
  const report = join(folder, 'report.json');
  const words = ['run', '--config', join(folder, 'vitest.config.ts'), '--testNamePattern', 'wobble'];
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  // It ends with 1 where a test fails, which the report tells.
  await promisify(execFile)(
    process.execPath,
    [vitest, ...words, '--reporter', 'json', '--outputFile', report],
    // All pairs of it, and not this backend's share of them.
    {cwd: root, env: {...process.env, REGULARIZERS_THOROUGH: '1', VITEST: undefined, NODE_ENV: undefined}},
  ).catch(() => undefined);
  const {testResults} = JSON.parse(await readFile(report, 'utf8')) as {
    readonly testResults: readonly {
      readonly assertionResults: readonly {readonly fullName: string; readonly status: string}[];
    }[];
  };
  const results = testResults.flatMap(({assertionResults}) => assertionResults);
  passed = results.filter(({status}) => status === 'passed').map(({fullName}) => fullName);
  failed = results.filter(({status}) => status === 'failed').map(({fullName}) => fullName);

  server = await createServer({
    root: join(root, 'apps', 'lab'),
    configFile: false,
    logLevel: 'error',
    appType: 'custom',
    server: {middlewareMode: true, ws: false, watch: null},
    optimizeDeps: {noDiscovery: true},
    resolve: {alias: {'@regularizers/noise': join(copy, 'src', 'index.ts')}},
    ssr: {resolve: {conditions: ['source']}},
  });
}, 240_000);

afterAll(async () => {
  await server?.close();
  if (copy) await rm(join(copy, '..'), {recursive: true, force: true});
});

/** A module of the app, which has the copy in place of the package. */
const app = (path: string) =>
  server.ssrLoadModule(join(root, 'apps', 'lab', 'src', path)) as Promise<Record<string, never>>;

describe('a technique that was added to a package is found by', () => {
  test('lab list', async () => {
    const {listText} = (await app('cli/list-command.ts')) as unknown as {listText: () => string};
    expect(listText()).toMatch(/^ {2}wobble, of noise: .+\n {4}by = /m);
  });

  test('the JSON Schema of recipes, and their checks', async () => {
    const {recipeJsonSchema} = (await app('recipe-schema.ts')) as unknown as {
      recipeJsonSchema: () => Record<string, unknown>;
    };
    const {parseRecipe} = (await app('recipe.ts')) as unknown as {parseRecipe: (json: unknown) => unknown};
    const validate = new Ajv2020({strict: false}).compile(recipeJsonSchema());
    const recipe = (by: number) => ({
      data: {name: 'moons'},
      model: {name: 'mlp'},
      regularizers: [{name: 'wobble', by}],
    });
    expect(validate(recipe(0.5)), JSON.stringify(validate.errors)).toBe(true);
    expect(validate(recipe(2))).toBe(false);
    expect(() => parseRecipe(recipe(0.5))).not.toThrow();
    expect(() => parseRecipe(recipe(2))).toThrow('[wobble] by must be');
  });

  test("the page's form", async () => {
    const {techniqueForms, techniqueGroups} = (await app('web/techniques.ts')) as unknown as {
      techniqueForms: Record<string, unknown>;
      techniqueGroups: readonly (readonly [string, readonly string[]])[];
    };
    expect(techniqueForms['wobble']).toMatchObject({label: 'Wobble', fields: [{key: 'by', min: 0, max: 1}]});
    expect(techniqueGroups.find(([, names]) => names.includes('wobble'))?.[0]).toBe('Noise');
  });

  test('the contract suite and the compositions suite, which hold it to all they check', () => {
    expect(failed).toEqual([]);
    expect(passed).toContain('it is called wobble');
    expect(
      passed.filter((name) => name.startsWith('the contract: wobble (classifier)')).length,
    ).toBeGreaterThan(11);
    expect(passed).toContain('the contract: wobble (classifier) changes nothing at its null strength');
    expect(passed).toContain('compositions: all techniques wobble and wobble');
    expect(passed.filter((name) => name.startsWith('compositions: all techniques ')).length).toBeGreaterThan(
      40,
    );
  });
});
