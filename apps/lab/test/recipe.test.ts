import {RegularizerError} from '@regularizers/core';
import {describe, expect, test} from 'vitest';
import {defaultRecipe, entriesFor, entriesOfRecipe} from '../src/defaults.ts';
import {parseRecipe, readRecipe} from '../src/recipe.ts';
import {createRegularizers, techniques} from '../src/regularizers.ts';

const tiny = {data: {name: 'moons'}, model: {name: 'mlp'}} as const;

/** A recipe as text with the key `__proto__` at one place: in an object literal it would not be a key. */
function withProto(at: string): string {
  const marked = {...tiny, data: {name: 'moons', at: 'data.'}, model: {name: 'mlp', at: 'model.'}, at: ''};
  const text = JSON.stringify({...marked, regularizers: [{name: 'l2', at: 'regularizers.0.'}]});
  return text.replace(`"at":${JSON.stringify(at)}`, '"__proto__":{"x":1}').replaceAll(/,"at":"[^"]*"/g, '');
}

function errorOf(work: () => unknown): RegularizerError {
  try {
    work();
  } catch (error) {
    if (RegularizerError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('fills in every default, and what it returns is the same recipe again', () => {
  const recipe = parseRecipe({...tiny, regularizers: [{name: 'l2', strength: 1e-3}]});
  expect(recipe).toMatchObject({
    seed: 0,
    data: {name: 'moons', train: 100, labelNoise: 0.1},
    model: {name: 'mlp', hidden: [256, 128], activation: 'relu'},
    optimizer: {name: 'adam', learningRate: 1e-3},
    regularizers: [{name: 'l2', strength: 1e-3}],
  });
  expect(parseRecipe(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
});

describe('what is wrong is refused before anything is built', () => {
  test.each<[string, unknown, string, RegExp]>([
    ['no recipe', 7, 'bad-option', /^\[recipe\] must be an object \{name, seed.*; received 7$/],
    ...['', 'data.', 'model.', 'regularizers.0.'].map((at): [string, unknown, string, RegExp] => [
      `a key __proto__ at ${at === '' ? 'the top' : at}`,
      JSON.parse(withProto(at)),
      'bad-option',
      new RegExp(`there is no option ${at.replaceAll('.', '\\.')}__proto__`),
    ]),
    ['no data', {model: {name: 'mlp'}}, 'bad-option', /data/],
    [
      'unknown data',
      {...tiny, data: {name: 'mnst'}},
      'bad-option',
      /data\.name: must be one of glyphs, mnist.*"mnst"/,
    ],
    [
      'unknown model',
      {...tiny, model: {name: 'gpt'}},
      'bad-option',
      /model\.name: must be one of mlp, cnn.*"gpt"/,
    ],
    [
      'unknown optimizer',
      {...tiny, optimizer: {name: 'lion'}},
      'bad-option',
      /one of adam, sgd, momentum.*"lion"/,
    ],
    ['unknown option', {...tiny, epoch: 3}, 'bad-option', /there is no option epoch/],
    [
      'unknown option of the data',
      {...tiny, data: {name: 'moons', spred: 1}},
      'bad-option',
      /data: there is no option spred/,
    ],
    [
      'a name that clears the screen',
      {...tiny, name: 'a\u001b[2J'},
      'bad-option',
      /name: .*control characters/,
    ],
    ['a name of two lines', {...tiny, name: 'a\nb'}, 'bad-option', /name: .*control characters/],
    [
      'a regularizer by such a name',
      {...tiny, regularizers: [{name: 'l2', as: '\u009b31m'}]},
      'bad-option',
      /regularizers\.0\.as: .*control characters/,
    ],
    [
      'no epochs',
      {...tiny, epochs: 0},
      'bad-option',
      /epochs: must be an integer in \[1, 100000\]; received 0/,
    ],
    ['half a batch', {...tiny, batchSize: 2.5}, 'bad-option', /batchSize: .*received 2\.5/],
    [
      'a rate that runs away',
      {...tiny, optimizer: {name: 'sgd', learningRate: -1}},
      'bad-option',
      /learningRate/,
    ],
    [
      'unknown regularizer',
      {...tiny, regularizers: [{name: 'droput'}]},
      'unknown-regularizer',
      /"droput"\n.*dropout/,
    ],
    [
      'a rate out of range',
      {...tiny, regularizers: [{name: 'dropout', rate: 1.2}]},
      'out-of-range',
      /^\[dropout] rate must be in \[0, 1\); received 1\.2/,
    ],
    [
      'unknown option of a regularizer',
      {...tiny, regularizers: [{name: 'l2', strenght: 1}]},
      'unknown-option',
      /^\[l2] unknown option strenght/,
    ],
    [
      'one technique twice',
      {...tiny, regularizers: [{name: 'l2'}, {name: 'l2'}]},
      'duplicate-name',
      /two regularizers are called l2\n.*"as"/,
    ],
    [
      'an option of the wrong kind',
      {...tiny, regularizers: [{name: 'randomAffine', scale: 3}]},
      'not-a-list',
      /^\[randomAffine] scale/,
    ],
  ])('%s', (_, json, code, message) => {
    const error = errorOf(() => parseRecipe(json));
    expect(error.message).toMatch(message);
    expect(error.code).toBe(code);
  });

  test('text that is not JSON', () => {
    const error = errorOf(() => readRecipe('{"data": ', 'my.json'));
    expect(error.code).toBe('bad-json');
    expect(error.message).toContain('my.json');
  });
});

test('one technique twice, under two names', () => {
  const plugins = createRegularizers([
    {name: 'l2', include: 'hidden1/kernel'},
    {name: 'l2', as: 'l2 of the output', include: 'output/kernel'},
  ]);
  expect(plugins.map(({name}) => name)).toEqual(['l2', 'l2 of the output']);
});

test('every technique says its options, which have no other', () => {
  for (const technique of techniques) {
    expect([technique.name, Object.keys(technique.options)]).not.toEqual([technique.name, []]);
  }
});

describe('comparisons', () => {
  test('baseline, each alone, together', () => {
    const entries = entriesFor(defaultRecipe());
    expect(entries[0]).toEqual({name: 'baseline', regularizers: []});
    expect(entries.at(-1)?.name).toBe('together');
    expect(entries.at(-1)?.regularizers.length).toBeGreaterThan(2);
    // The eight families of the lecture.
    expect(entries.slice(1, -1).map(({name}) => name)).toEqual([
      'l2',
      'augmentation',
      'sharing',
      'inputNoise',
      'labelSmoothing',
      'earlyStopping',
      'dropout',
      'bagging',
    ]);
  });

  test('some of the usual ones, and any other by name', () => {
    const entries = entriesFor(defaultRecipe(), ['maxNorm', 'swa']);
    expect(entries.map(({name}) => name)).toEqual(['baseline', 'maxNorm', 'swa', 'together']);
    expect(entries[2]?.regularizers).toEqual([{name: 'swa'}]);
    expect(entriesFor(defaultRecipe(), ['l2']).map(({name}) => name)).toEqual(['baseline', 'l2']);
    expect(errorOf(() => entriesFor(defaultRecipe(), ['swo'])).code).toBe('unknown-regularizer');
  });

  test("a recipe's own regularizers", () => {
    const recipe = parseRecipe({...tiny, regularizers: [{name: 'l2'}, {name: 'l1', as: 'lasso'}]});
    const entries = entriesOfRecipe(recipe);
    expect(entries.map(({name}) => name)).toEqual(['baseline', 'l2', 'lasso', 'together']);
    expect(entries.at(-1)?.regularizers).toEqual(recipe.regularizers);
    expect(entriesOfRecipe(recipe, ['lasso']).map(({name}) => name)).toEqual(['baseline', 'lasso']);
    expect(errorOf(() => entriesOfRecipe(recipe, ['l3'])).message).toContain('It has: l2, lasso.');
  });
});
