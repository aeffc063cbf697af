// Somebody else's package: what is loaded, what is refused, and that nothing is loaded unless a person says so.
import {mkdir, readFile, symlink, writeFile} from 'node:fs/promises';
import {dirname} from 'node:path';
import {fileURLToPath} from 'node:url';
import {registerNative} from '@regularizers/native';
import {Ajv2020} from 'ajv/dist/2020.js';
import {afterEach, describe, expect, test} from 'vitest';
import {loadPlugins} from '../../src/cli/plugins.ts';
import {hasChromium} from '../../src/headless/browser.ts';
import {recipeJsonSchema} from '../../src/recipe-schema.ts';
import {formOf} from '../../src/web/techniques.ts';
import {tiny, useFolder} from './folder.ts';
import {lab} from './terminal.ts';

const folder = useFolder();
afterEach(() => registerNative()); // back from other backends
afterEach(() => {
  delete (globalThis as {loaded?: unknown}).loaded;
});

const modules = fileURLToPath(new URL('../../node_modules/', import.meta.url));
const fits = {peerDependencies: {'@regularizers/core': '^0.1.0'}};

/** A plugin that shakes weights after each update; its module says that it was run. */
const shake = (name: string): string => `
  import {defineRegularizer, defineTechnique, option, readTechnique} from '@regularizers/core';
  import * as tf from '@tensorflow/tfjs-core';
  globalThis.loaded = [...(globalThis.loaded ?? []), '${name}'];
  const described = {by: option.number({min: 0, max: 1, default: 0.5, nothing: 0, about: 'How far.'})};
  const shake = (options) => {
    const {name, by} = readTechnique('${name}', options, described);
    return defineRegularizer({
      name,
      setup: () => ({idle: by === 0}),
      project: (weights) => Object.fromEntries(
        Object.entries(weights).map(([key, weight]) => [key, tf.mul(weight, 1 - by)]),
      ),
    });
  };
  export const techniques = [
    defineTechnique({name: '${name}', family: 'shaking', about: 'Shrinks.', options: described, create: shake}),
  ];
`;

const loaded = (): readonly string[] => (globalThis as {loaded?: string[]}).loaded ?? [];

async function writeUnder(path: string, content: unknown): Promise<string> {
  await mkdir(dirname(folder.path(path)), {recursive: true});
  await writeFile(folder.path(path), typeof content === 'string' ? content : JSON.stringify(content));
  return folder.path(path);
}

/** A file, with core beside it. */
async function writePlugin(code: string, range: object = fits): Promise<string> {
  await writeUnder('package.json', {name: 'mine', type: 'module', ...range});
  await symlink(modules, folder.path('node_modules')).catch(() => undefined);
  return writeUnder('plugin.js', code);
}

/** A package in a project's node_modules. Vitest leaves those to Node, which can't read core's sources. */
async function installPlugin(name: string): Promise<void> {
  const at = `project/node_modules/${name}`;
  await writeUnder(`${at}/package.json`, {name, type: 'module', exports: {import: './main.js'}, ...fits});
  await writeUnder(`${at}/main.js`, technique("name: 'quiver'"));
}

/** The code of a plugin that does nothing. */
const technique = (change: string): string =>
  `export const techniques = [{name: 'odd', family: 'f', about: 'a', options: {}, create: () => ({name: 'odd'}), ${change}}];`;

const small = {...tiny, name: 'small'};
const shaken = (use: string | undefined, name: string): object => ({
  ...small,
  regularizers: [{...(use === undefined ? {} : {use}), name, by: 0.25}],
});

describe('a plugin that was named', () => {
  test('is listed, is in the schema and in a form', async () => {
    const file = await writePlugin(shake('wobble'));
    const list = await lab(['list', '--plugin', file]);
    expect(list.stdout).toMatch(
      /regularizers of .*plugin\.js\n {2}wobble, of shaking: Shrinks\.\n {4}by = 0\.5 {2}in \[0, 1\]\n/,
    );
    expect((await lab(['list'])).stdout).not.toContain('wobble');

    const {stdout} = await lab(['schema', '--plugin', file]);
    const validate = new Ajv2020({strict: false}).compile(JSON.parse(stdout));
    expect(validate(shaken(file, 'wobble'))).toBe(true);
    expect(validate({...small, regularizers: [{use: file, name: 'wobble', by: 2}]})).toBe(false);
    expect(validate(shaken(undefined, 'wobble'))).toBe(false);
    expect(new Ajv2020({strict: false}).compile(recipeJsonSchema())(small)).toBe(true);

    const [plugin] = await loadPlugins([file], folder.path(''));
    expect(formOf(plugin!.techniques[0]!)).toMatchObject({label: 'Wobble', fields: [{key: 'by', max: 1}]});
  });

  test('trains and is compared, and its options are checked', async () => {
    const file = await writePlugin(shake('wobble'));
    const recipe = await folder.write('recipe.json', shaken(file, 'wobble'));
    const out = ['--out', folder.path('out'), '--backend', 'cpu', '--plugin', file];
    const run = await lab(['run', recipe, ...out]);
    expect(run.stderr).toContain('wobble');
    expect(run.code).toBe(0);
    const report = JSON.parse(await readFile(folder.path('out/small.json'), 'utf8'));
    expect(report.recipe.regularizers).toEqual([{use: file, name: 'wobble', by: 0.25}]);

    const compared = await lab(['compare', recipe, '--seeds', '1', ...out, '--name', 'of the recipe']);
    expect(compared.code).toBe(0);
    expect(compared.stdout).toContain('wobble');
    const none = await folder.write('none.json', {...small, regularizers: []});
    const only = ['--only', 'l2,wobble', '--seeds', '1', '--name', 'by name'];
    const named = await lab(['compare', none, ...only, ...out]);
    expect(named.code).toBe(0);
    expect(named.stdout).toMatch(/baseline.*l2.*wobble.*together/s);

    await folder.write('recipe.json', {...small, regularizers: [{use: file, name: 'wobble', by: 2}]});
    const refused = await lab(['run', recipe, ...out]);
    expect(refused).toMatchObject({code: 2, stderr: expect.stringContaining('[wobble] by must be')});
  });

  test('may be a package, which is looked up from the working folder', async () => {
    await installPlugin('@acme/regularizers-shake');
    const [plugin] = await loadPlugins(['@acme/regularizers-shake'], folder.path('project'));
    expect(plugin).toMatchObject({use: '@acme/regularizers-shake', techniques: [{name: 'quiver'}]});
    await expect(loadPlugins(['@acme/regularizers-shake'], folder.path(''))).rejects.toMatchObject({
      code: 'no-plugin',
    });
    const [same] = await loadPlugins(['./node_modules/@acme/regularizers-shake'], folder.path('project'));
    expect(same).toMatchObject({techniques: [{name: 'quiver'}]});
  });

  test.runIf(hasChromium())('trains in the browser, or is refused where it needs Node', async () => {
    const file = await writePlugin(shake('wobble'));
    const recipe = await folder.write('recipe.json', shaken(file, 'wobble'));
    const webgl = ['--backend', 'webgl', '--out', folder.path('out'), '--plugin'];
    const done = await lab(['run', recipe, ...webgl, file]);
    expect(done.stderr).toContain('small on webgl');
    expect(done.code).toBe(0);
    expect(JSON.parse(await readFile(folder.path('out/small.json'), 'utf8')).backend).toBe('webgl');

    const code = `import {readFileSync} from 'node:fs';\nreadFileSync(import.meta.filename);\n${shake('wobble')}`;
    const node = await writeUnder('node.js', code);
    const nodes = await folder.write('nodes.json', shaken(node, 'wobble'));
    const refused = await lab(['run', nodes, ...webgl, node]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/^\[plugin .*node\.js\] it cannot be (bundled|imported)/);
  });
});

describe('a recipe', () => {
  test('loads nothing by itself, and says what to do', async () => {
    const file = await writePlugin(shake('silent'));
    const recipe = await folder.write('recipe.json', shaken(file, 'silent'));
    for (const command of ['run', 'compare']) {
      const {code, stderr} = await lab([command, recipe, '--out', folder.path('out')]);
      expect(code).toBe(2);
      expect(stderr).toContain('which is not loaded');
      expect(stderr).toContain(`--plugin ${file}`);
    }
    const nested = {name: 'pipeline', techniques: [{use: file, name: 'silent'}]};
    await folder.write('recipe.json', {...small, regularizers: [nested]});
    expect((await lab(['run', recipe])).stderr).toContain('which is not loaded');
    expect(loaded()).not.toContain('silent');
  });

  test('says whose a technique is', async () => {
    const file = await writePlugin(shake('wobble'));
    const plugin = ['--plugin', file, '--out', folder.path('out')];
    const bare = await lab(['run', await folder.write('a.json', shaken(undefined, 'wobble')), ...plugin]);
    expect(bare).toMatchObject({code: 2, stderr: expect.stringContaining(`{"use": ${JSON.stringify(file)}`)});
    const other = await lab(['run', await folder.write('a.json', shaken(file, 'dropout')), ...plugin]);
    expect(other).toMatchObject({code: 2, stderr: expect.stringMatching(/no regularizer "dropout" in .*js/)});
  });
});

describe('a plugin is refused by name', () => {
  test.each([
    ['throws as it is imported', 'throw new Error("no luck");', 'broken-plugin', 'no luck'],
    ['does not parse', 'export const = 1;', 'broken-plugin', 'cannot be imported'],
    ['has no techniques', 'export const technique = 1;', 'broken-plugin', 'techniques'],
    ['has an empty list', 'export const techniques = [];', 'broken-plugin', 'techniques'],
    ['lists factories', 'export const techniques = [() => 1];', 'broken-plugin', 'techniques.0'],
    ['has no create', technique('create: undefined'), 'broken-plugin', 'create must be a function'],
    ['has no name', technique('name: 7'), 'broken-plugin', 'techniques.0.name'],
    ['prints escapes', technique(String.raw`name: '\u001b[2J'`), 'broken-plugin', 'control characters'],
    [
      'describes no options',
      technique('options: {a: {kind: "nmber", about: "A."}}'),
      'broken-plugin',
      'a.kind must be one of number',
    ],
    [
      'describes lists of nothing',
      technique('options: {a: {kind: "list", about: "A."}}'),
      'broken-plugin',
      'a.of',
    ],
    [
      'takes what recipes have',
      technique('options: {use: {kind: "flag", about: ""}}'),
      'broken-plugin',
      'use',
    ],
    ['is called as ours', technique('name: "dropout"'), 'duplicate-technique', 'dropout'],
  ])('that %s', async (_, code, expected, word) => {
    const file = await writePlugin(code);
    const outcome = loadPlugins([file], folder.path(''));
    await expect(outcome).rejects.toMatchObject({code: expected, where: `plugin ${file}`});
    await expect(outcome).rejects.toThrow(word);
    const {code: exit, stderr} = await lab(['list', '--plugin', file]);
    expect(exit).toBe(2);
    expect(stderr).not.toMatch(/[^\P{Cc}\n]/u);
  });

  test('that is called as another plugin', async () => {
    await writePlugin(shake('wobble'));
    const [a, b] = [await writeUnder('a.js', shake('wobble')), await writeUnder('b.js', shake('wobble'))];
    await expect(loadPlugins([a, b], folder.path(''))).rejects.toMatchObject({code: 'duplicate-technique'});
    await expect(loadPlugins([a, a], folder.path(''))).resolves.toHaveLength(1);
  });

  test.each([
    [
      'another version of core',
      {peerDependencies: {'@regularizers/core': '^9.0.0'}},
      /\^9\.0\.0; this is 0\./,
    ],
    ['no version', {}, /says nothing of the versions/],
    ['what is no version', {peerDependencies: {'@regularizers/core': 'newest'}}, /says "newest"/],
  ])('that is for %s, before it is run', async (_, range, message) => {
    const file = await writePlugin(shake('tooNew'), range);
    const outcome = loadPlugins([file], folder.path(''));
    await expect(outcome).rejects.toMatchObject({code: 'plugin-version', where: `plugin ${file}`});
    await expect(outcome).rejects.toThrow(message);
    expect(loaded()).not.toContain('tooNew');
  });

  test('that there is not', async () => {
    for (const word of ['@acme/nowhere', './nowhere.js', '.', '..', 'no:thing', '\u001b[2J']) {
      const {code, stderr} = await lab(['list', '--plugin', word]);
      expect(code).toBe(2);
      expect(stderr).not.toMatch(/[^\P{Cc}\n]/u);
    }
  });
});
