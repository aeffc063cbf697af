// A page for each technique, with an example that is of the right types and runs, and a recipe that the lab takes.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import {afterAll, beforeAll, beforeEach, describe, expect, test, vi} from 'vitest';
import {parseRecipe} from '../../lab/src/recipe.ts';
import {modulesOf, programOf, run, typeErrors} from '../../lab/test/docs/examples/program.ts';
import measured from '../measured/glyphs.json' with {type: 'json'};
import {type Measured, recipeOf} from '../src/picture.ts';
import {siteTechniques} from '../src/techniques/all.ts';
import {exampleCode, exampleRecipe} from '../src/techniques/example.ts';
import {pages} from '../src/techniques/pages.ts';
import {relationsOf} from '../src/techniques/relations.ts';

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

describe('examples run', async () => {
  const names = modulesOf(programs);
  const modules = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await load(name)])));
  test.each(programs.map((program) => [program.title, program] as const))('%s', async (_, program) => {
    await run(program, modules);
  });
});

test('the lab takes every recipe, of examples and of the picture', () => {
  const recipes = siteTechniques.flatMap((one) => exampleRecipe(one) ?? []);
  expect(recipes.length).toBeGreaterThan(siteTechniques.length - 4);
  const shown = (measured as unknown as Measured).tables.flatMap((table) =>
    table.rows.map((row) => recipeOf(table, row)),
  );
  for (const recipe of [...recipes, ...shown]) expect(() => parseRecipe(recipe)).not.toThrow();
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
