// What somebody else's package says of its techniques is checked where it says it.
import {
  type AnyOption,
  defineTechnique,
  option,
  RegularizerError,
  readOptions,
  readTechnique,
} from '@regularizers/core';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';

const rate = option.number({min: 0, max: 1, maxExclusive: true, default: 0.5, about: 'How much.'});
const mode = option.choice(['soft', 'hard'], {default: 'soft', about: 'How.'});

const technique = (options: Readonly<Record<string, unknown>>, more: object = {}): object => ({
  name: 'shake',
  family: 'shaking',
  about: 'Shakes.',
  options,
  create: () => ({name: 'shake'}),
  ...more,
});

function refusal(define: () => unknown): RegularizerError {
  try {
    define();
  } catch (error) {
    if (RegularizerError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

const define = (given: object): unknown => defineTechnique(given as never);

test('what was read comes with all settings together, as they were read', () => {
  const described = {rate, mode};
  const given: {name?: string; rate?: number; mode?: 'soft' | 'hard'} = {rate: 0.25};
  const {name, settings, ...read} = readTechnique<string, typeof given, typeof described>(
    'shake',
    given,
    described,
  );
  expect({name, settings, read}).toEqual({
    name: 'shake',
    settings: {rate: 0.25, mode: 'soft'},
    read: {rate: 0.25, mode: 'soft'},
  });
});

test.each(['name', 'settings'])('no option can be called %s', (taken) => {
  const {code, option: which} = refusal(() => define(technique({[taken]: rate})));
  expect({code, which}).toEqual({code: 'reserved-option', which: taken});
});

test('a technique that says what it should is as it was', () => {
  const given = technique(
    {
      mode,
      rate: {...rate, search: {from: 0.1, to: 0.9, scale: 'log'}, rare: true, when: {mode: ['hard']}},
      decay: {...rate, search: {from: 0.1, to: 0.99, scale: 'logOfRest'}, unit: 'steps', nothing: 0},
      steps: option.integer({min: 1, default: 2, about: 'How many.', search: {values: [1, 2, 4]}}),
      sides: option.record<{left?: number}>({left: rate})({about: 'Where.'}),
    },
    {title: 'Shaking', trials: [{label: 'hard', options: {mode: 'hard'}, on: ['images'], epochs: 3}]},
  );
  expect(define(given)).toEqual({...given, create: expect.any(Function)});
});

describe('an option is refused for', () => {
  const wrong: Readonly<Record<string, readonly [changes: object, path: string]>> = {
    'an unknown kind': [{kind: 'probability'}, 'rate.kind'],
    'no kind': [{kind: undefined}, 'rate.kind'],
    'no sentence': [{about: undefined}, 'rate.about'],
    'a sentence that is none': [{about: 3}, 'rate.about'],
    'a word that means nothing': [{maximum: 1}, 'rate.maximum'],
    'a bound that is no number': [{min: '0'}, 'rate.min'],
    'a default out of range': [{default: 1}, 'rate.default'],
    'a default of another kind': [{default: 'half'}, 'rate.default'],
    'a null value out of range': [{nothing: -1}, 'rate.nothing'],
    'rare by a word': [{rare: 'yes'}, 'rate.rare'],
    'rare by false': [{rare: false}, 'rate.rare'],
    'a search that is none': [{search: 0.5}, 'rate.search'],
    'an interval without an end': [{search: {from: 0.1, scale: 'linear'}}, 'rate.search.to'],
    'a scale that there is not': [{search: {from: 0.1, to: 0.2, scale: 'cubic'}}, 'rate.search.scale'],
    'an interval that falls': [{search: {from: 0.2, to: 0.1, scale: 'linear'}}, 'rate.search: [from, to]'],
    'an interval out of range': [{search: {from: 0.5, to: 2, scale: 'linear'}}, 'rate.search.to'],
    'the logarithm of 0': [{search: {from: 0, to: 0.5, scale: 'log'}}, 'rate.search.from'],
    'the logarithm of 1 less 1': [{max: 2, search: {from: 0, to: 1, scale: 'logOfRest'}}, 'rate.search.to'],
    'nothing to pick from': [{search: {values: []}}, 'rate.search.values'],
    'a value out of range': [{search: {values: [0.1, 7]}}, 'rate.search.values[1]'],
    'a condition that is none': [{when: 'mode'}, 'rate.when'],
    'a condition on no option': [{when: {shape: ['round']}}, 'rate.when.shape'],
    'a condition without values': [{when: {mode: []}}, 'rate.when.mode'],
    'a condition that is no list': [{when: {mode: 'hard'}}, 'rate.when.mode'],
    'a condition that is never met': [{when: {mode: ['gentle']}}, 'rate.when.mode[0]'],
  };

  test.each(Object.entries(wrong))('%s', (_, [changes, path]) => {
    const options = {mode, rate: {...rate, ...changes}};
    const error = refusal(() => define(technique(options)));
    expect([error.where, error.option]).toEqual(['shake', path]);
    expect(error.problem).not.toBe('');
    // A factory that describes its options alike refuses to read any.
    expect(refusal(() => readTechnique('shake', {}, options as never)).option).toBe(path);
    expect(refusal(() => readOptions('shake', {}, options as never)).option).toBe(path);
  });
});

test('what is nested is checked alike', () => {
  const bad = {...rate, default: 3};
  const nested = (one: AnyOption): string | undefined => refusal(() => define(technique({side: one}))).option;
  expect(nested(option.record<object>({left: bad} as never)({about: 'a'}))).toBe('side.fields.left.default');
  expect(nested(option.list<readonly number[]>(bad as never)({about: 'a'}))).toBe('side.of.default');
  expect(nested(option.oneOf<number>(rate, bad)({about: 'a'}))).toBe('side.options[1].default');
});

test.each([
  ['name', 3],
  ['family', undefined],
  ['about', ''],
  ['options', []],
  ['create', 'shake'],
  ['trials', [{on: ['everything']}]],
  ['trials', [{epochs: 0}]],
  ['example', 'rate 0.5'],
  ['weight', 1],
])('a technique is refused for its %s: %o', (key, value) => {
  const error = refusal(() => define(technique({rate}, {[key]: value})));
  expect(error.option).toMatch(new RegExp(`^${key}`));
});

test('any description is taken, or refused with a typed error', () => {
  const words = [
    'kind',
    'about',
    'default',
    'when',
    'search',
    'rare',
    'of',
    'options',
    'fields',
    'choices',
    'min',
  ];
  const part = fc.oneof(
    fc.constantFrom('number', 'list', 'record', 'oneOf', 'choice', 'flag'),
    fc.anything(),
  );
  const one = fc.dictionary(fc.constantFrom(...words), part);
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('rate', 'mode', 'x'), fc.oneof(one, fc.anything())),
      (options) => {
        try {
          define(technique(options));
        } catch (error) {
          expect(RegularizerError.isInstance(error)).toBe(true);
        }
      },
    ),
    {numRuns: 500},
  );
});
