import {expect, test} from 'vitest';
import {makeData} from '../src/data/catalog.ts';
import {defaultRecipe} from '../src/defaults.ts';
import type {RecipeInput} from '../src/recipe.ts';
import {misfitsOf} from '../src/web/worker/misfits.ts';

const misfits = async (given: Partial<RecipeInput>): Promise<ReadonlyMap<string, string>> => {
  const recipe = defaultRecipe(given);
  const data = await makeData(recipe.data, {mnist: () => Promise.reject(new Error('not asked for'))});
  return (await misfitsOf(recipe, {data, plugins: [], goesOn: () => true}))!;
};

const colours = ['randomHue', 'randomSaturation', 'randomGrayscale'];

test('grey pictures have no colours to change, and every other change of pictures suits them', async () => {
  const found = await misfits({
    data: {name: 'glyphs', train: 50, validation: 10, test: 10},
    model: {name: 'mlp', hidden: [16]},
  });
  for (const name of colours) expect(found.get(name)).toMatch(/must have 3 channels/);
  const pictures = [
    'randomAffine',
    'cutout',
    'cutmix',
    'mixup',
    'dropout',
    'l2',
    'convolve',
    'labelSmoothing',
  ];
  for (const name of pictures) expect([name, found.get(name)]).toEqual([name, undefined]);
});

test('points and values are no pictures and have no classes, and sequences have dropout of their own', async () => {
  const wave = await misfits({data: {name: 'wave'}, model: {name: 'mlp', hidden: [8]}});
  for (const name of [...colours, 'randomAffine', 'cutmix', 'labelSmoothing', 'balancedSampling']) {
    expect(wave.has(name)).toBe(true);
  }
  const sequences = await misfits({data: {name: 'gestures'}});
  expect(sequences.has('randomAffine')).toBe(true);
  expect(sequences.has('dropout')).toBe(false); // with the options that the usual comparison has
});

test('a newer question ends the search', async () => {
  const recipe = defaultRecipe({data: {name: 'moons'}});
  const data = await makeData(recipe.data, {mnist: () => Promise.reject(new Error('not asked for'))});
  let asked = 0;
  expect(await misfitsOf(recipe, {data, plugins: [], goesOn: () => ++asked < 3})).toBeUndefined();
  expect(asked).toBe(3);
});
