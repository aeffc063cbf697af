import {describe, expect, it, test} from 'vitest';
import {makeData} from '../src/data/catalog.ts';
import {defaultRecipe} from '../src/defaults.ts';
import type {RecipeInput} from '../src/recipe.ts';
import {speedsText} from '../src/web/backend-text.ts';
import {fastestOf} from '../src/web/worker/fastest.ts';
import {candidatesOf, stepsOf, stepsPerSecond} from '../src/web/worker/measure.ts';
import type {BackendName} from '../src/web/worker/protocol.ts';

const all: readonly BackendName[] = ['cpu', 'wasm', 'webgl'];

describe('the fastest backend', () => {
  const tried = async (
    rates: Partial<Record<BackendName, number>>,
    steps: number,
  ): Promise<{tried: readonly BackendName[]; name: BackendName | undefined}> => {
    const asked: BackendName[] = [];
    const found = await fastestOf(
      all,
      async (name) => {
        asked.push(name);
        return rates[name];
      },
      steps,
    );
    return {tried: asked, name: found?.name};
  };

  it('is the one that takes the most steps, of those that can train', async () => {
    expect(await tried({cpu: 5, wasm: 50, webgl: 20}, 1e6)).toEqual({tried: all, name: 'wasm'});
    expect(await tried({cpu: 5, webgl: 20}, 1e6)).toEqual({tried: all, name: 'webgl'});
    expect(await tried({}, 1e6)).toEqual({tried: all, name: undefined});
  });

  it('is not looked for where the run ends soon', async () => {
    expect(await tried({cpu: 1000, wasm: 5000, webgl: 1}, 100)).toEqual({tried: ['cpu'], name: 'cpu'});
    expect(await tried({cpu: 10, wasm: 5000, webgl: 1}, 100)).toEqual({tried: ['cpu', 'wasm'], name: 'wasm'});
  });

  it('is said with its speed', () => {
    const speeds = [
      {name: 'cpu', stepsPerSecond: 51.2},
      {name: 'wasm', stepsPerSecond: 1234},
    ] as const;
    expect(speedsText(speeds)).toBe(
      'Measured for this model: WebAssembly 1,200 steps a second, plain JavaScript 51.',
    );
    expect(speedsText([])).toBe('');
  });
});

const planOf = async (given: Partial<RecipeInput>) => {
  const recipe = defaultRecipe(given);
  return {
    recipe,
    data: await makeData(recipe.data, {mnist: () => Promise.reject(new Error('not asked for'))}),
  };
};

test('small models are tried everywhere, convolutions on the graphics card, large ones not in plain JavaScript', async () => {
  const small = await planOf({data: {name: 'moons'}});
  expect(candidatesOf(small.recipe, small.data)).toEqual(all);
  expect(stepsOf({...small.recipe, epochs: 3, batchSize: 40}, small.data)).toBe(9);
  const data = {name: 'glyphs', train: 50, validation: 10, test: 10} as const;
  const convolutions = await planOf({data, model: {name: 'cnn'}});
  expect(candidatesOf(convolutions.recipe, convolutions.data)).toEqual(['webgl']);
  const large = await planOf({data, model: {name: 'mlp', hidden: [2000, 2000]}});
  expect(candidatesOf(large.recipe, large.data)).toEqual(['wasm', 'webgl']);
});

test('steps are measured on a part of the data, and what cannot be trained has no speed', async () => {
  const {recipe, data} = await planOf({data: {name: 'moons', train: 400}});
  let waits = 0;
  const backend = {
    info: {name: 'cpu', renderer: '', software: true},
    catchUp: async () => {
      waits++;
    },
  } as const;
  const options = {data, plugins: [], signal: new AbortController().signal};
  const measured = await stepsPerSecond(recipe, backend, options);
  expect(measured).toBeGreaterThan(0);
  expect(waits).toBeLessThan(60); // it ends after a few dozen steps
  const wrong = {...recipe, regularizers: [{name: 'randomAffine'}]};
  expect(await stepsPerSecond(wrong, backend, options)).toBeUndefined();
});
