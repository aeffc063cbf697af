// Every factory of every package, called with what no one should call it with: it takes what it documents, and what it
// does not is a typed error. Who judges is a JSON Schema validator that knows nothing of how options are checked.
import {RegularizerError, type Technique, toJsonSchema} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {Ajv2020} from 'ajv/dist/2020.js';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {techniques} from '../src/regularizers.ts';

const numRuns = 60;

const circular: Record<string, unknown> = {};
circular['self'] = circular;

/** What JSON can't hold, and comes by mistake all the same. */
const oddities = fc.constantFrom<unknown[]>(
  null,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  10n,
  Symbol('option'),
  circular,
  new Map(),
  new Date(0),
  Object.create(null),
  tf.scalar(0.5),
  () => 0.5,
  Array(3),
);

const words = fc.constantFrom('', '*', 'hidden*', 'normal', 'noise', 'transpose', 'toString', '__proto__');
const finite = {noNaN: true, noDefaultInfinity: true};
const numbers = fc.oneof(
  fc.double(finite),
  fc.integer({min: -3, max: 8}),
  fc.double({...finite, min: 0, max: 1}),
);
const plain = fc.oneof(numbers, fc.boolean(), words);
const nested = fc.oneof(
  fc.array(plain, {maxLength: 4}),
  fc.dictionary(fc.constantFrom('horizontal', 'vertical', 'horizontl', 'weight', 'to', 'by'), plain),
  fc.array(fc.array(plain, {maxLength: 3}), {maxLength: 2}),
);
const json = fc.oneof(plain, nested, fc.constant(null));

const optionsFor = ({options}: Technique, value: fc.Arbitrary<unknown>): fc.Arbitrary<object> => {
  const known = fc.constantFrom(...Object.keys(options));
  const key = fc.oneof({weight: 8, arbitrary: known}, fc.constantFrom('rat', 'constructor', 'length'));
  return fc.dictionary(key, value, {maxKeys: 4});
};

/** Why options are refused, or undefined if they are not; any other error is the test's. */
const refusalOf = ({name, create}: Technique, options: unknown): RegularizerError | undefined => {
  try {
    create(options as Record<string, unknown>);
    return undefined;
  } catch (error) {
    if (!RegularizerError.isInstance(error)) throw error;
    expect(error.where.startsWith(name)).toBe(true);
    expect(error.message).toMatch(/^\[/);
    expect(new RegularizerError(JSON.parse(JSON.stringify(error))).message).toBe(error.message);
    return error;
  }
};

/** Complaints about what is left out, whatever else is given. */
const needsOthers: ReadonlySet<string> = new Set(['nothing-to-stop-at', 'missing-option']);

const made = (technique: Technique, options: unknown): boolean => refusalOf(technique, options) === undefined;

const ajv = new Ajv2020({strict: false});

describe.each(techniques.map((technique) => [technique.name, technique] as const))('%s', (_, technique) => {
  // Nested plugins are made by whoever reads the JSON.
  const holdsPlugins = Object.values(technique.options).some(
    (option) => option.kind === 'list' && option.of.kind === 'plugin',
  );

  it('refuses what is no object of options', () => {
    for (const options of [
      0.5,
      'half',
      true,
      null,
      [0.5],
      () => 0.5,
      10n,
      Symbol('options'),
      [],
      new Date(0),
    ]) {
      expect([options, made(technique, options)]).toEqual([options, false]);
    }
  });

  it('throws nothing but typed errors', () => {
    fc.assert(
      fc.property(optionsFor(technique, fc.oneof(json, oddities)), (options) => {
        made(technique, options);
      }),
      {numRuns, seed: 16},
    );
  });

  it('says as data which option it refuses, what it received and what it would take', () => {
    if (holdsPlugins) return;
    for (const [key, option] of Object.entries(technique.options)) {
      const required = Object.entries(technique.options).filter(
        ([one, {required}]) => required && one !== key,
      );
      if (option.when || required.length > 0) continue;
      fc.assert(
        fc.property(json, (value) => {
          const error = refusalOf(technique, {[key]: value});
          if (!error || needsOthers.has(error.code)) return;
          const {option: place = '', received, allowed} = error;
          // Of a list or an object the part that is wrong.
          expect([error.message, place.split(/[.[]/)[0]]).toEqual([error.message, key]);
          if (error.code === 'missing-option' || option.kind === 'list' || option.kind === 'oneOf') return;
          // JSON has no word for what an instance is.
          if (option.kind === 'instance') {
            expect([error.message, allowed]).toEqual([error.message, undefined]);
            return;
          }
          expect([error.message, ajv.validate(allowed!, received)]).toEqual([error.message, false]);
        }),
        {numRuns, seed: 19},
      );
    }
  });

  it('takes nothing that its JSON Schema refuses', () => {
    if (holdsPlugins) return expect(technique.name).toBe('pipeline');
    const validate = ajv.compile(toJsonSchema(technique.options));
    fc.assert(
      fc.property(optionsFor(technique, json), (options) => {
        // Options that are refused together, or by a rule between them, may be right one by one.
        if (made(technique, options)) expect([options, validate(options)]).toEqual([options, true]);
      }),
      {numRuns, seed: 17},
    );
  });

  it('takes each option alone exactly if its JSON Schema does', () => {
    if (holdsPlugins) return;
    const [required] = Object.entries(technique.options).filter(([, {required}]) => required);
    if (required || ['share', 'softShare', 'tie', 'stopWhen'].includes(technique.name)) return;
    const validate = ajv.compile(toJsonSchema(technique.options));
    for (const [key, option] of Object.entries(technique.options)) {
      if (option.when || option.kind === 'instance') continue;
      fc.assert(
        fc.property(json, (value) => {
          const options = {[key]: value};
          const isOrdered = option.kind !== 'list' || !option.ascending || inOrder(value);
          const isTaken = made(technique, options);
          if (isOrdered && validate(options) !== isTaken)
            expect(exceptions(technique.name, key, value)).toBe(true);
        }),
        {numRuns, seed: 18},
      );
    }
  });

  it('takes its defaults, null value and any name, and no other name', () => {
    const {options} = technique;
    for (const [key, option] of Object.entries(options)) {
      if (option.nothing === undefined) continue;
      const needed = Object.fromEntries(
        Object.entries(options).flatMap(([one, {required}]) => (required ? [[one, 'hidden*']] : [])),
      );
      const when = Object.fromEntries(
        Object.entries(option.when ?? {}).map(([one, [value]]) => [one, value]),
      );
      if (technique.name === 'softShare') needed['layers'] = 'hidden*';
      expect([key, made(technique, {...needed, ...when, [key]: option.nothing})]).toEqual([key, true]);
    }
    for (const name of [5, '', null, {}, ['a']]) expect(made(technique, {name})).toBe(false);
  });
});

const inOrder = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each, i) => i === 0 || value[i - 1] <= each);

/** What one option alone is refused for although it is in range: rules between options. */
function exceptions(technique: string, option: string, value: unknown): boolean {
  return (
    (technique === 'minMaxNorm' && option === 'minValue' && Number(value) > 1) ||
    (technique === 'minMaxNorm' && option === 'maxValue') ||
    (technique === 'snapshots' && option === 'keep' && Number(value) > 5) ||
    (technique === 'earlyStopping' && option === 'monitor')
  );
}
