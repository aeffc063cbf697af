import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {drawOptions, option, searchedAt, searchSpace} from '../src/index.ts';

const options = {
  kind: option.choice(['plain', 'scaled', 'none'], {
    default: 'plain',
    about: 'Which.',
    search: {values: ['plain', 'scaled']},
  }),
  factor: option.number({
    min: 0,
    about: 'How much.',
    search: {from: 1e-4, to: 1, scale: 'log'},
    when: {kind: ['scaled']},
  }),
  decay: option.number({
    default: 0.99,
    about: 'How long.',
    search: {from: 0.9, to: 0.999, scale: 'logOfRest'},
  }),
  steps: option.oneOf<number | readonly number[]>(
    option.integer({about: 'All.'}),
    option.list<readonly number[]>(option.integer({about: 'One.'}))({about: 'Each.'}),
  )({about: 'How many.', search: {from: 1, to: 4, scale: 'linear'}}),
  nested: option.record<{readonly deep?: boolean; readonly left?: number}>({
    deep: option.flag({about: 'On.', search: {values: [false, true]}}),
    left: option.number({about: 'Alone.'}),
  })({about: 'More.'}),
  name: option.text({about: 'Alone too.'}),
};

const [kind, factor, decay, steps, deep] = searchSpace({options});

test('a space is what options say of themselves, nested ones included, and nothing of the others', () => {
  expect(searchSpace({options})).toEqual([
    {path: 'kind', search: {values: ['plain', 'scaled']}, integer: false, default: 'plain'},
    {path: 'factor', search: {from: 1e-4, to: 1, scale: 'log'}, integer: false, when: {kind: ['scaled']}},
    {path: 'decay', search: {from: 0.9, to: 0.999, scale: 'logOfRest'}, integer: false, default: 0.99},
    {path: 'steps', search: {from: 1, to: 4, scale: 'linear'}, integer: true},
    {path: 'nested.deep', search: {values: [false, true]}, integer: false},
  ]);
});

describe('a place in [0, 1] is a value', () => {
  test('at the middle of its own scale', () => {
    expect(searchedAt(factor!, 0.5)).toBeCloseTo(1e-2, 12);
    expect(searchedAt(decay!, 0.5)).toBeCloseTo(0.99, 12);
    expect(searchedAt(deep!, 0.49)).toBe(false);
    expect(searchedAt(deep!, 0.5)).toBe(true);
  });

  test('with both ends reached and none passed', () => {
    for (const one of [factor!, decay!, steps!]) {
      const {from, to} = one.search as {from: number; to: number};
      expect([searchedAt(one, 0), searchedAt(one, 1)]).toEqual([from, to]);
    }
    expect([searchedAt(kind!, 0), searchedAt(kind!, 1)]).toEqual(['plain', 'scaled']);
  });

  test('whole numbers as often as each other', () => {
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 4000; i++) counts[Number(searchedAt(steps!, (i + 0.5) / 4000)) - 1]!++;
    expect(counts).toEqual([1000, 1000, 1000, 1000]);
  });
});

test('what is drawn has a meaning beside the rest, and is in its place', () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.double({min: 0, max: 1, maxExcluded: true, noNaN: true})), (numbers) => {
      const drawn = drawOptions({options}, () => Number(numbers.next().value));
      expect('factor' in drawn).toBe(drawn['kind'] === 'scaled');
      expect(drawn).toMatchObject({decay: expect.any(Number), nested: {deep: expect.any(Boolean)}});
      expect(Object.keys(drawn)).not.toContain('name');
    }),
  );
});
