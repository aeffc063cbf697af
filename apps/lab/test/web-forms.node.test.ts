import {defineTechnique, option} from '@regularizers/core';
import {describe, expect, it} from 'vitest';
import {dataSchemas} from '../src/data/catalog.ts';
import {csvSchema} from '../src/data/own/options.ts';
import {defaultRecipe} from '../src/defaults.ts';
import {firstRecipe} from '../src/examples/first-recipe.ts';
import {parseRecipe, type RecipeInput} from '../src/recipe.ts';
import {createRegularizers, techniques} from '../src/regularizers.ts';
import {
  labelOf,
  toDraft,
  toRecipeJson,
  withCard,
  withColumn,
  withKind,
  withOwn,
  withoutCard,
  withTarget,
  withTechnique,
} from '../src/web/draft.ts';
import {type Field, numberField, textField} from '../src/web/fields/field.ts';
import {dataKinds, modelKinds, optimizerKinds, ownFieldsOf} from '../src/web/fields/recipe-fields.ts';
import {placeOnSlider, places, valueOnSlider} from '../src/web/fields/slider.ts';
import {fromText, rangeText, toText, valueAt, withValue} from '../src/web/fields/value.ts';
import {byPart} from '../src/web/mnist-parts.ts';
import {placeOf, problemOf} from '../src/web/problem.ts';
import {fileNameOf, fromHash, toHash} from '../src/web/share.ts';
import {formOf, techniqueForms, techniqueGroups} from '../src/web/techniques.ts';

/** Every field, those within others included; of what has entries, the first one's. */
function allFields(fields: readonly Field[]): readonly Field[] {
  return fields.flatMap((field): readonly Field[] => {
    switch (field.kind) {
      case 'record':
        return [field, ...allFields(field.fields)];
      case 'oneOf':
        return [field, ...allFields(field.alternatives.map((one) => one.field))];
      case 'list':
        return [field, ...allFields([field.entry(`${field.key}.0`)])];
      case 'technique':
        return [field, ...field.choices.flatMap(({name}) => allFields(field.fields(name)))];
      default:
        return [field];
    }
  });
}

/** A technique of somebody else's, with every kind of option. */
const foreign = defineTechnique({
  name: 'shakeWeights',
  family: 'shaking',
  about: 'Shakes.',
  options: {
    strength: option.number({min: 0, max: 1, maxExclusive: true, default: 0.3, about: 'How much.'}),
    often: option.integer({min: 1, about: 'How often.', otherwise: 'always', unit: 'steps', rare: true}),
    bare: option.number({about: 'Anything.'}),
    way: option.choice(['up', 'down'], {default: 'up', about: 'Where to.'}),
    far: option.number({default: 5, about: 'How far.', when: {way: ['down']}}),
    gently: option.flag({default: true, about: 'Slowly.'}),
    which: option.weights({about: 'Which.', otherwise: 'all'}),
    sides: option.oneOf<number | readonly number[]>(
      option.integer({about: 'Both.'}),
      option.list<readonly number[]>(option.integer({about: 'One.'}))({about: 'Each.'}),
    )({about: 'How wide.', default: 2}),
    nested: option.record<{readonly deep?: number}>({deep: option.number({about: 'Deep.'})})({
      about: 'More.',
    }),
    steps: option.list<readonly {readonly at: string}[]>(
      option.record<{readonly at: string}>({at: option.text({about: 'When.', required: true})})({
        about: 'One.',
      }),
    )({about: 'A list.'}),
    call: option.callback<() => void>()({about: 'Code.'}),
  },
  create: () => ({name: 'shakeWeights'}),
});

describe('the form of a technique', () => {
  it('is made of what the technique says of itself, whosever it is', () => {
    const {label, about, fields} = formOf(foreign);
    expect([label, about]).toEqual(['Shake weights', 'Shakes.']);
    expect(fields).toMatchObject([
      {kind: 'number', key: 'strength', label: 'Strength', help: 'How much.', min: 0, below: 1, initial: 0.3},
      {kind: 'number', key: 'often', min: 1, integer: true, empty: 'always', unit: 'steps', advanced: true},
      {kind: 'number', key: 'bare'},
      {kind: 'choice', key: 'way', choices: ['up', 'down'], initial: 'up'},
      {kind: 'number', key: 'far'},
      {kind: 'flag', key: 'gently', initial: true},
      {kind: 'words', key: 'which', empty: 'all', lone: true},
      {kind: 'numbers', key: 'sides', empty: '2', lone: true},
      {kind: 'record', key: 'nested', fields: [{key: 'nested.deep', kind: 'number'}]},
      {kind: 'list', key: 'steps', start: {}},
    ]);
    const [far] = fields.filter(({key}) => key === 'far');
    expect([far?.when?.({}), far?.when?.({way: 'down'})]).toEqual([false, true]);
    const [steps] = fields.filter(({kind}) => kind === 'list');
    expect(steps?.kind === 'list' && steps.entry('steps.1')).toMatchObject({
      label: '2',
      fields: [{key: 'steps.1.at', kind: 'text'}],
    });
  });

  it('asks for both axes or for each', () => {
    const field = techniqueForms['randomAffine']?.fields.find(({key}) => key === 'translation');
    expect(field).toMatchObject({
      kind: 'oneOf',
      alternatives: [
        {label: 'Both axes', field: {kind: 'number', key: 'translation', initial: 0.1, max: 1}},
        {field: {kind: 'record', fields: [{key: 'translation.horizontal'}, {key: 'translation.vertical'}]}},
      ],
    });
    const holds = (value: unknown): readonly boolean[] =>
      field?.kind === 'oneOf' ? field.alternatives.map((one) => one.holds(value)) : [];
    expect([holds(0.2), holds({vertical: 1})]).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it('holds other forms where a technique holds others', () => {
    const list = techniqueForms['pipeline']?.fields.find(({key}) => key === 'techniques');
    const entry = list?.kind === 'list' ? list.entry('techniques.1') : undefined;
    const fields = entry?.kind === 'technique' ? entry.fields('randomShift') : [];
    expect(fields.map(({key}) => key)).toEqual([
      'techniques.1.pixels',
      'techniques.1.fillMode',
      'techniques.1.fillValue',
    ]);
  });

  it.each(techniques.map((technique) => [technique.name, technique] as const))(
    '%s asks for every option of its own, and starts right',
    (name, technique) => {
      const {fields, start: startOn} = techniqueForms[name]!;
      const start = startOn(undefined);
      const options = Object.entries(technique.options).filter(([, {kind}]) => kind !== 'instance');
      expect(fields.map(({key}) => key)).toEqual(options.map(([key]) => key));
      const all = allFields(fields);
      for (const field of all) {
        if (field.kind !== 'number') continue;
        const {min = field.above ?? 0, max = field.below ?? 1, initial = min, step} = field;
        expect([field.key, min <= initial, initial <= max || field.max === undefined]).toEqual([
          field.key,
          true,
          true,
        ]);
        if (step !== undefined) expect(step).toBeGreaterThan(0);
      }
      const initial = fields.flatMap((field) => {
        const isThere = 'initial' in field && field.initial !== undefined && (field.when?.(start) ?? true);
        return isThere ? [[field.key, field.initial] as const] : [];
      });
      expect(() => createRegularizers([{name, ...start}])).not.toThrow();
      expect(() => createRegularizers([{name, ...Object.fromEntries(initial), ...start}])).not.toThrow();
    },
  );

  it('stands under its family, once', () => {
    expect(techniqueGroups.flatMap(([, names]) => names)).toEqual(techniques.map(({name}) => name));
    expect(techniqueGroups.map(([family]) => family)).toContain('Early stopping');
  });
});

describe("a form on the user's own data", () => {
  const found = csvSchema.parse({
    name: 'csv',
    file: 'own.csv',
    target: 'y',
    task: 'classification',
    train: 5000,
    validation: 100,
    test: 100,
    sha256: 'ab12'.repeat(16),
  });

  it('has what suits it as on the command line, and leaves to the files what they say', () => {
    const draft = withOwn(toDraft(firstRecipe), found);
    expect(draft.data).toEqual({
      name: 'csv',
      file: 'own.csv',
      target: 'y',
      seed: 0,
      sha256: found.sha256,
    });
    const suited = defaultRecipe({data: found});
    expect(draft).toMatchObject({
      model: suited.model,
      optimizer: suited.optimizer,
      run: {epochs: suited.epochs, batchSize: suited.batchSize},
    });
    expect(toRecipeJson(draft)).not.toHaveProperty('found');
    expect(() => parseRecipe(toRecipeJson(draft))).not.toThrow();
    // And from there to other data, as if it had not been there.
    const there = withKind(draft, 'data', 'moons');
    expect(toRecipeJson(there)).toEqual(toRecipeJson(withKind(toDraft(firstRecipe), 'data', 'moons')));
  });

  it('keeps what a person changed', () => {
    const draft = toDraft(firstRecipe);
    const changed = {...draft, run: {...draft.run, epochs: 7}};
    expect(withOwn(changed, found).run['epochs']).toBe(7);
  });

  it('asks anew for another target, and takes a column back to what it looks like', () => {
    const draft = withOwn(toDraft(firstRecipe), found);
    const told = withColumn(withColumn(draft, 'x', 'category'), 'z', 'ignored');
    expect(told.data['columns']).toEqual({x: 'category', z: 'ignored'});
    const other = withTarget({...told, data: {...told.data, task: 'regression'}}, 'x');
    expect(other.data).toMatchObject({target: 'x', columns: {z: 'ignored'}});
    expect(other.data).not.toHaveProperty('task');
    expect(withColumn(other, 'z', undefined).data).not.toHaveProperty('columns');
  });

  it('has a control for each option, but for what the file is and what is asked for beside', () => {
    for (const [name, schema] of Object.entries({
      csv: dataSchemas.csv,
      pictures: dataSchemas.pictures,
      arrays: dataSchemas.arrays,
    })) {
      const beside = ['name', 'file', 'folder', 'labels', 'target', 'columns', 'sha256'];
      expect(ownFieldsOf[name]!.map(({key}) => key).toSorted()).toEqual(
        Object.keys(schema.shape)
          .filter((key) => !beside.includes(key))
          .toSorted(),
      );
    }
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
    const pairs = [{to: 'a'}, {to: 'b', by: 'same'}];
    expect(valueAt({pairs}, 'pairs.1.to')).toBe('b');
    expect(withValue({pairs}, 'pairs.1.to', 'c')).toEqual({pairs: [{to: 'a'}, {to: 'c', by: 'same'}]});
    expect(withValue({pairs}, 'pairs.0.to', undefined)).toEqual({pairs: [{}, {to: 'b', by: 'same'}]});
    expect(withValue({at: [['a', 'b']]}, 'at.0', ['c'])).toEqual({at: [['c']]});
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

describe('a slider', () => {
  it.each([
    ['linear', 0.05, 0.7],
    ['log', 1e-5, 0.1],
    ['logOfRest', 0.5, 0.999],
  ] as const)(
    'of a %s scale ends where the interval does, rises, and finds its values again',
    (scale, from, to) => {
      const search = {from, to, scale};
      const values = Array.from({length: places + 1}, (_, place) => valueOnSlider(search, false, place));
      expect(values[0]).toBeCloseTo(from, 8);
      expect(values.at(-1)).toBeCloseTo(to, 8);
      values.forEach((value, place) => {
        expect(value).toBeGreaterThanOrEqual(values[place - 1] ?? 0);
        expect(Math.abs(placeOnSlider(search, value) - place)).toBeLessThanOrEqual(3); // values are rounded
      });
    },
  );

  it('takes whole numbers where there are only those, and what is off it or no number to an end', () => {
    const search = {from: 2, to: 5, scale: 'linear'} as const;
    expect(
      new Set(Array.from({length: places + 1}, (_, place) => valueOnSlider(search, true, place))),
    ).toEqual(new Set([2, 3, 4, 5]));
    expect([placeOnSlider(search, 99), placeOnSlider(search, -1), placeOnSlider(search, 'many')]).toEqual([
      places,
      0,
      0,
    ]);
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
  });

  it('takes what suits data and model from where the command line has it, until a person changes it', () => {
    for (const data of ['mnist', 'moons', 'gestures']) {
      expect(parseRecipe({...toRecipeJson(withKind(draft, 'data', data)), regularizers: []})).toEqual(
        defaultRecipe({data: {name: data}} as Partial<RecipeInput>),
      );
    }
    expect(parseRecipe({...toRecipeJson(withKind(draft, 'model', 'cnn')), regularizers: []})).toEqual(
      defaultRecipe({model: {name: 'cnn'}} as Partial<RecipeInput>),
    );
    const own = {...draft, optimizer: {name: 'sgd'}, run: {...draft.run, epochs: 7}};
    const changed = withKind(own, 'data', 'moons');
    expect(changed.optimizer).toEqual({name: 'sgd'});
    expect(changed.run).toMatchObject({epochs: 7, batchSize: 50});
    expect(withKind(changed, 'optimizer', 'adam').optimizer).toEqual({name: 'adam'});
    expect(withKind(changed, 'data', 'moons')).toBe(changed);
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
    const nested = withCard(off, second!.id, (card) => ({
      ...card,
      options: {name: 'tie', pairs: [{weight: 'a', to: 'b', by: 'half'}]},
    }));
    expect(places(nested)).toEqual([`${placeOf(second!)}.pairs.0.by`]);
    const alone = withCard(off, second!.id, (card) => ({...card, options: {name: 'tie', weight: 'a'}}));
    expect(places(alone)).toEqual([`${placeOf(second!)}.to`]);
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
