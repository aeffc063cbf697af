// What a search draws from, technique by technique: nothing that is drawn is refused, and every strength is drawn.
import {type AnyOption, drawOptions, searchSpace} from '@regularizers/core';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
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

it('every technique that needs options says an example of them', () => {
  for (const {name, example = {}} of techniques) {
    expect(() => createRegularizers([{...example, name}])).not.toThrow();
  }
});
