import {describe, expect, it} from 'vitest';
import {parseRecipe} from '../src/recipe.ts';
import {createRegularizers, techniques} from '../src/regularizers.ts';
import {
  firstRecipe,
  labelOf,
  toDraft,
  toRecipeJson,
  withCard,
  withKind,
  withoutCard,
  withTechnique,
} from '../src/web/draft.ts';
import {numberField, textField} from '../src/web/fields/field.ts';
import {dataKinds, modelKinds, optimizerKinds} from '../src/web/fields/recipe-fields.ts';
import {fromText, rangeText, toText, valueAt, withValue} from '../src/web/fields/value.ts';
import {byPart} from '../src/web/mnist-parts.ts';
import {placeOf, problemOf} from '../src/web/problem.ts';
import {fileNameOf, fromHash, toHash} from '../src/web/share.ts';
import {techniqueForms, techniqueGroups} from '../src/web/techniques/index.ts';

/** Options that JSON can't hold: functions. */
const beyondJson = new Set(['criterion']);

describe('the forms of techniques', () => {
  it.each(techniques.map((technique) => [technique.name, technique] as const))(
    '%s asks for every option of its own, and starts right',
    (name, technique) => {
      const {fields, start = {}} = techniqueForms[name]!;
      const asked = new Set(fields.map(({key}) => key.split('.')[0]));
      expect(
        Object.keys(technique.options).filter((option) => !asked.has(option) && !beyondJson.has(option)),
      ).toEqual([]);
      const initial = fields
        .filter(({kind, when}) => kind !== 'json' && (when?.(start) ?? true))
        .flatMap((field) =>
          'initial' in field && field.initial !== undefined ? [[field.key, field.initial]] : [],
        );
      const options = initial.reduce<Readonly<Record<string, unknown>>>(
        (all, [key, value]) =>
          valueAt(all, String(key)) === undefined ? withValue(all, String(key), value) : all,
        start,
      );
      expect(() => createRegularizers([{name, ...start}])).not.toThrow();
      expect(() => createRegularizers([{name, ...options}])).not.toThrow();
    },
  );

  it('lists each technique once', () => {
    expect(techniqueGroups.flatMap(([, names]) => names)).toEqual(techniques.map(({name}) => name));
  });
});

describe('the forms of data, models and optimizers', () => {
  it('take ranges and defaults from the schemas', () => {
    expect(dataKinds['glyphs']?.fields.find(({key}) => key === 'difficulty')).toMatchObject({
      kind: 'number',
      min: 0,
      max: 2,
      initial: 1,
    });
    expect(modelKinds['recurrent']?.fields.find(({key}) => key === 'cell')).toMatchObject({
      kind: 'choice',
      choices: ['lstm', 'gru', 'simple'],
    });
    expect(optimizerKinds['adam']?.fields.find(({key}) => key === 'learningRate')).toMatchObject({
      above: 0,
      max: 100,
      initial: 0.001,
    });
  });
});

describe('values of controls', () => {
  const rate = numberField('rate', 'Rate');
  const hidden = textField('numbers', 'hidden', 'Hidden');
  const lone = textField('numbers', 'pixels', 'Pixels', {lone: true});
  const names = textField('words', 'at', 'At', {lone: true});

  it('are read from text, and written as it', () => {
    expect(fromText(rate, ' 0.5 ')).toBe(0.5);
    expect(fromText(rate, '')).toBeUndefined();
    expect(fromText(rate, 'half')).toBe('half');
    expect(fromText(hidden, '256, 128')).toEqual([256, 128]);
    expect(fromText(hidden, '64')).toEqual([64]);
    expect(fromText(lone, '4')).toBe(4);
    expect(fromText(lone, '{"horizontal": 2}')).toEqual({horizontal: 2});
    expect(fromText(names, 'hidden1, hidden2')).toEqual(['hidden1', 'hidden2']);
    expect(fromText(names, 'hidden*')).toBe('hidden*');
    for (const [field, value] of [
      [rate, 0.5],
      [hidden, [256, 128]],
      [lone, {horizontal: 2}],
      [lone, [null, 1]],
      [names, ['a', 'b']],
    ] as const) {
      expect(fromText(field, toText(field, value))).toEqual(value);
    }
  });

  it('go to their place among the options, and leave nothing behind', () => {
    expect(withValue({a: 1}, 'affine.rotation', 10)).toEqual({a: 1, affine: {rotation: 10}});
    expect(withValue({affine: {rotation: 10, shear: 1}}, 'affine.shear', undefined)).toEqual({
      affine: {rotation: 10},
    });
    expect(withValue({a: 1, affine: {rotation: 10}}, 'affine.rotation', undefined)).toEqual({a: 1});
  });

  it('have ranges that are said in short', () => {
    expect(rangeText({min: 0, below: 1})).toBe('0 – < 1');
    expect(rangeText({above: 0, max: 1})).toBe('> 0, ≤ 1');
    expect(rangeText({above: 0})).toBe('> 0');
    expect(rangeText({min: 2})).toBe('≥ 2');
    expect(rangeText({min: 0})).toBe('');
    expect(rangeText({min: 1, max: 1_000_000})).toBe('');
  });
});

describe('a draft', () => {
  const draft = toDraft(parseRecipe(firstRecipe));

  it('is the recipe that it was made from', () => {
    expect(parseRecipe(toRecipeJson(draft))).toEqual(parseRecipe(firstRecipe));
  });

  it('leaves out what is switched off, and names a second one of a technique', () => {
    const [first] = draft.cards;
    const off = withCard(draft, first!.id, (card) => ({...card, enabled: false}));
    expect(parseRecipe(toRecipeJson(off)).regularizers.map(({name}) => name)).toEqual(['l2']);
    const twice = withTechnique(draft, 'dropout');
    expect(labelOf(parseRecipe(toRecipeJson(twice)))).toBe('dropout + l2 + dropout 2');
    expect(withoutCard(twice, first!.id).cards).toHaveLength(2);
    expect(toRecipeJson(withKind(draft, 'data', 'mnist'))['data']).toEqual({name: 'mnist', train: 2000});
  });

  it('has its problems at the controls that they are about', () => {
    const [first, second] = draft.cards;
    const off = withCard(draft, first!.id, (card) => ({...card, enabled: false}));
    const wrong = withCard(off, second!.id, (card) => ({...card, options: {...card.options, strength: -1}}));
    const places = (one: typeof draft): readonly string[] => {
      try {
        parseRecipe(toRecipeJson(one));
        return [];
      } catch (error) {
        return [...problemOf(error, one).places.keys()];
      }
    };
    expect(places(wrong)).toEqual([`${placeOf(second!)}.strength`]);
    expect(places({...draft, data: {name: 'glyphs', train: 0}})).toEqual(['data.train']);
    expect(places({...draft, run: {...draft.run, epochs: 'many'}})).toEqual(['epochs']);
  });
});

describe('a recipe that is shared', () => {
  it('comes back from an address', () => {
    const recipe = parseRecipe(firstRecipe);
    expect(fromHash(toHash(recipe))).toEqual(recipe);
    expect(fromHash('')).toBeUndefined();
    expect(() => fromHash('#recipe=%7B')).toThrow(/is not JSON/);
    expect(() => fromHash('#recipe=%')).toThrow(/is not JSON/);
  });

  it('is a file that is called after it', () => {
    expect(fileNameOf({name: 'Dropout & L2!'})).toBe('dropout-l2.json');
    expect(fileNameOf({})).toBe('recipe.json');
  });
});

describe('MNIST files', () => {
  it('are told apart by their names', () => {
    const files = ['train-images-idx3-ubyte.gz', 't10k-labels.idx1-ubyte', 'holiday.jpg'].map(
      (name) => new File([], name),
    );
    expect(byPart(files)).toEqual({trainImages: files[0], testLabels: files[1]});
  });
});
