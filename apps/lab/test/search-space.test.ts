// What a search draws from, technique by technique: nothing that is drawn is refused, and every strength is drawn.
import {type AnyOption, drawOptions, searchSpace} from '@regularizers/core';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {cellsOf} from '../src/compare.ts';
import {dataNames} from '../src/data/catalog.ts';
import {defaultRecipe, entriesFor} from '../src/defaults.ts';
import {candidatesFor} from '../src/examples/candidates.ts';
import {modelNames} from '../src/models/catalog.ts';
import {parseRecipe} from '../src/recipe.ts';
import {createRegularizers, techniques} from '../src/regularizers.ts';

const cases = techniques.map((technique) => [technique.name, technique] as const);
const place = fc.double({min: 0, max: 1, maxExcluded: true, noNaN: true});

const isNumeric = (option: AnyOption): boolean =>
  option.kind === 'number' || (option.kind === 'oneOf' && option.options[0]?.kind === 'number');

describe.each(cases)('%s', (name, technique) => {
  const space = searchSpace(technique);

  it('takes whatever is drawn', () => {
    fc.assert(
      fc.property(fc.infiniteStream(place), (numbers) => {
        const drawn = drawOptions(technique, () => Number(numbers.next().value));
        expect(() => createRegularizers([{...technique.example, ...drawn, name}])).not.toThrow();
      }),
      {numRuns: 50, seed: 3},
    );
  });

  it('begins where a search can come', () => {
    for (const {path, search, default: initial, when = {}} of space) {
      // What an option depends on is drawn before it.
      const keys = Object.keys(technique.options);
      for (const other of Object.keys(when)) expect(keys.indexOf(other)).toBeLessThan(keys.indexOf(path));
      if (initial === undefined) continue;
      if ('values' in search) expect(search.values).toContainEqual(initial);
      else
        expect([path, search.from <= Number(initial) && Number(initial) <= search.to]).toEqual([path, true]);
    }
  });

  it('has every strength in it: what has a null value', () => {
    const strengths = Object.entries(technique.options).filter(
      ([, option]) => isNumeric(option) && option.nothing !== undefined,
    );
    const searched = new Set(space.map(({path}) => path));
    expect(strengths.map(([key]) => key).filter((key) => !searched.has(key))).toEqual([]);
  });
});

/** The strengths that comparisons take, each measured to be a good one. */
const measured = modelNames.flatMap((model) =>
  dataNames.flatMap((data) => {
    const recipe = {
      data: {name: data},
      model: model === 'mlp' ? {name: model, hidden: [64, 64, 64]} : {name: model},
    };
    return candidatesFor(parseRecipe(recipe)).flatMap(({alone, together = []}) => [...alone, ...together]);
  }),
);

it('what was measured to be good can be found', () => {
  const lost = measured.flatMap(({name, ...options}) => {
    const space = searchSpace(techniques.find((one) => one.name === name)!);
    return space.flatMap(({path, search}) => {
      const value = options[path];
      if (value === undefined) return [];
      const isThere =
        'values' in search
          ? search.values.some((one) => JSON.stringify(one) === JSON.stringify(value))
          : search.from <= Number(value) && Number(value) <= search.to;
      return isThere ? [] : [`${name} ${path}: ${JSON.stringify(value)}`];
    });
  });
  expect(lost).toEqual([]);
  expect(measured.length).toBeGreaterThan(20);
});

it('every technique that needs options says an example of them', () => {
  for (const {name, example = {}} of techniques) {
    expect(() => createRegularizers([{...example, name}])).not.toThrow();
  }
  const base = defaultRecipe({data: {name: 'moons'}});
  const entries = entriesFor(base, ['tie', 'swa']);
  expect(() => cellsOf({tables: [{name: '', base, entries}], seeds: [0]})).not.toThrow();
});
