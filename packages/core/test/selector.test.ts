import fc from 'fast-check';
import {expect, test} from 'vitest';
import {toPredicate} from '../src/description/selector.ts';
import {globMatcher} from '../src/lib/glob.ts';

/**
 * What a glob means, one rule a line: exponential, and too plain to be wrong. Neighbouring stars need no rule of their
 * own.
 */
function stands(glob: readonly string[], name: readonly string[]): boolean {
  const [part, ...rest] = glob;
  if (part === undefined) return name.length === 0;
  const inSegment = name.length > 0 && name[0] !== '/';
  if (part === '**') return stands(rest, name) || (name.length > 0 && stands(glob, name.slice(1)));
  if (part === '*') return stands(rest, name) || (inSegment && stands(glob, name.slice(1)));
  return (part === '?' ? inSegment : part === name[0]) && stands(rest, name.slice(1));
}

const matches = (selector: string, name: string): boolean =>
  toPredicate<{name: string}>(selector, 'one', 'at')({name}, []);

// Few different characters, so that globs and names meet; among them those that mean something to a RegExp.
const characters = ['a', 'b', '/', '.', '[', '\n', '💧'];
const name = fc.array(fc.constantFrom(...characters), {maxLength: 9});
const part = fc.constantFrom('*', '**', '?', ...characters);

/** Half of the globs are made from a name, so that both answers come up. */
const pair = fc.oneof(
  fc.record({name, glob: fc.array(part, {maxLength: 7})}),
  name.chain((given) =>
    fc
      .tuple(...given.map((character) => fc.constantFrom(character, character, '?', '*', '**')))
      .map((glob) => ({name: given, glob: glob as string[]})),
  ),
);

test('a selector chooses what the rules of its parts say', () => {
  const seen = {true: 0, false: 0};
  fc.assert(
    fc.property(pair, ({name, glob}) => {
      // `*` beside `*` is written as `**`, and means what that means.
      const parts = glob.join('').match(/\*\*|./gsu) ?? [];
      const expected = stands(parts, name) || name.join('') === glob.join('');
      seen[`${expected}`]++;
      expect(matches(glob.join(''), name.join(''))).toBe(expected);
    }),
    {numRuns: 3000},
  );
  expect(Math.min(seen.true, seen.false)).toBeGreaterThan(300);
});

const long = 'block10_conv2/'.repeat(10);

// Each of these took a regular expression seconds to hours.
for (const [what, selector] of Object.entries({
  'deep stars and question marks': `${'**?'.repeat(30)}!`,
  'stars and a letter': `${'*o*c*k'.repeat(20)}!`,
  'letters that come again': `${'**_**2'.repeat(15)}!`,
  'a hundred thousand stars': `${'*?'.repeat(100_000)}!`,
  'a million characters': 'x'.repeat(1_000_000),
})) {
  test(`no selector jams a page: ${what}`, () => {
    let steps = 0;
    const isGlob = globMatcher(selector, () => {
      steps += 1;
    });
    const isChosen = toPredicate<{name: string}>(selector, 'one', 'at');
    for (const name of [long, `${long}!`, long.slice(1)]) {
      steps = 0;
      expect(isChosen({name}, [])).toBe(isGlob(name));
      // What is counted is what takes the time: places in the glob, at most one for each part, for each character.
      expect(steps).toBeLessThanOrEqual(2 * (name.length + 1) ** 2);
    }
  });
}

test('steps are counted: a glob that may stop at each place takes a square of the length, and no less', () => {
  const steps = (length: number): number => {
    let count = 0;
    globMatcher(`${'*?'.repeat(length)}`, () => {
      count += 1;
    })('a'.repeat(length));
    return count;
  };
  expect(steps(60)).toBeGreaterThan(60 * 30);
  expect(steps(120) / steps(60)).toBeGreaterThan(3);
  expect(steps(120) / steps(60)).toBeLessThan(5);
});
