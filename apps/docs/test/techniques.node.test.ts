// A page for each technique, with an example that is of the right types and runs, and a recipe that the lab takes.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import {afterAll, beforeAll, beforeEach, describe, expect, inject, test, vi} from 'vitest';
import {isThorough} from '../../../packages/testing/src/thorough.ts';
import {makeData} from '../../lab/src/data/catalog.ts';
import type {DataSet} from '../../lab/src/data/data-set.ts';
import {parseRecipe, type Recipe} from '../../lab/src/recipe.ts';
import {previewRecipe, runRecipe} from '../../lab/src/run.ts';
import {fromHash} from '../../lab/src/web/share.ts';
import {modulesOf, programOf, run, typeErrors} from '../../lab/test/docs/examples/program.ts';
import measured from '../measured/glyphs.json' with {type: 'json'};
import {labAddress, type Measured, recipeOf} from '../src/picture.ts';
import {siteTechniques} from '../src/techniques/all.ts';
import {exampleCode, exampleRecipe, widestLine} from '../src/techniques/example.ts';
import {pages} from '../src/techniques/pages.ts';
import {relationsOf} from '../src/techniques/relations.ts';
import {signatureOf} from '../src/techniques/write.ts';

const programs = siteTechniques.map(({technique, address}) => {
  const code = exampleCode(siteTechniques.find((one) => one.technique === technique)!);
  return programOf({path: address, title: technique.name}, [{language: 'ts', code, line: 1}]);
});
const load = async (name: string): Promise<Record<string, unknown>> => {
  const {default: whole, ...named} = await import(/* @vite-ignore */ name);
  return typeof whole === 'object' ? {...named, ...whole} : named;
};

let backend = '';
beforeAll(async () => {
  backend = tf.getBackend();
  // On its first tensor the cpu backend says in Node that there are faster ones.
  await tf.setBackend('cpu');
  tf.dispose(tf.scalar(0));
});
beforeEach(async () => {
  await tf.setBackend('cpu');
  vi.mocked(console.log).mockImplementation(() => undefined);
});
afterAll(async () => {
  await tf.setBackend(backend);
});

test('the site speaks of the techniques that there are, and of no others', () => {
  const spoken = Object.values(pages).flatMap((family) => Object.keys(family));
  expect(spoken.toSorted()).toEqual(siteTechniques.map(({technique}) => technique.name).toSorted());
});

test('examples are of the right types', {timeout: 300_000}, () => {
  expect(typeErrors(programs)).toEqual([]);
});

test('examples and signatures have no line that a page cuts', () => {
  const lines = siteTechniques.flatMap((one) =>
    [exampleCode(one), signatureOf(one.technique)].join('\n').split('\n'),
  );
  expect(lines.filter(({length}) => length > widestLine)).toEqual([]);
});

describe('examples run', async () => {
  const names = modulesOf(programs);
  const modules = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await load(name)])));
  test.each(programs.map((program) => [program.title, program] as const))('%s', async (_, program) => {
    await run(program, modules);
  });
});

describe('the button that opens the lab', () => {
  const buttons = siteTechniques.flatMap((one) => {
    const recipe = exampleRecipe(one);
    return recipe ? [{...one, hash: new URL(labAddress(recipe), 'https://example.org').hash}] : [];
  });
  const loaders = {mnist: () => Promise.reject(new Error('a download was asked for'))};
  const sets = new Map<string, Promise<DataSet>>();
  const dataOf = ({data}: Recipe): Promise<DataSet> => {
    const key = JSON.stringify(data);
    const made = sets.get(key) ?? makeData(data, loaders);
    sets.set(key, made);
    return made;
  };

  test('is on every page but those of colours, which the lab has not got', () => {
    const without = siteTechniques.filter((one) => !exampleRecipe(one));
    expect(without.map(({technique}) => technique.name)).toEqual([
      'randomSaturation',
      'randomHue',
      'randomGrayscale',
    ]);
  });

  test.each(buttons.map((one) => [one.technique.name, one] as const))(
    '%s: has a recipe with the options of the page, whose data and model it suits',
    async (name, {hash, page, options}) => {
      const recipe = fromHash(hash)!;
      expect(recipe.regularizers.find((one) => one.name === name)).toMatchObject(page.labOptions ?? options);
      const {explanation} = previewRecipe(recipe, {data: await dataOf(recipe)});
      expect(JSON.stringify(explanation)).toContain(`"${name}"`);
    },
  );

  // One of each kind of model and data always.
  const seed = inject('seed');
  const kinds = new Set<string>();
  const tried = buttons.filter(({page: {on}}, index) => {
    const isFirst = !kinds.has(on);
    kinds.add(on);
    return isThorough || isFirst || index % 10 === seed % 10;
  });
  test.each(tried.map((one) => [one.technique.name, one] as const))(
    '%s: trains',
    async (_, {hash, page: {on}}) => {
      // A few steps of a recurrent network are done before its graph is made.
      await tf.setBackend(on === 'sequence' ? 'cpu' : backend);
      const {data, ...rest} = fromHash(hash)!;
      const recipe = parseRecipe({...rest, epochs: 1, data: {...data, train: 32, validation: 16, test: 16}});
      const {history, testError} = await runRecipe(recipe, {data: await dataOf(recipe)});
      expect(history.length).toBeGreaterThan(0);
      expect(history.map(({train}) => train.loss).filter((loss) => !Number.isFinite(loss))).toEqual([]);
      expect(Number.isFinite(testError)).toBe(true);
    },
  );

  test('of the picture has a recipe that the lab takes', () => {
    const shown = (measured as unknown as Measured).tables.flatMap((table) =>
      table.rows.map((row) => recipeOf(table, row)),
    );
    for (const recipe of shown) expect(() => parseRecipe(recipe)).not.toThrow();
  });
});

describe('what goes with what', () => {
  const of = (name: string) => relationsOf(siteTechniques.find(({technique}) => technique.name === name)!);
  const names = (list: ReturnType<typeof of>['after']): readonly string[] =>
    list.map(({technique}) => technique.name);

  test('is said from both sides', () => {
    for (const one of siteTechniques) {
      const {before, after, listed, refused} = relationsOf(one);
      for (const other of before) expect(relationsOf(other).after).toContain(one);
      for (const other of after) expect(relationsOf(other).before).toContain(one);
      for (const other of listed) expect(relationsOf(other).listed).toContain(one);
      for (const [other] of refused) expect(relationsOf(other).refused.map(([each]) => each)).toContain(one);
    }
  });

  test('is what guides say', () => {
    expect(names(of('gradientNoise').after)).toContain('clipGradients');
    expect(names(of('maxNorm').after)).toContain('weightDecay');
    expect(names(of('mixup').listed)).toEqual(['cutmix']);
    expect(of('ema').refused.map(([{technique}]) => technique.name)).toEqual(['snapshots', 'swa']);
    expect(of('clipGradients').once).toBe(true);
  });
});
