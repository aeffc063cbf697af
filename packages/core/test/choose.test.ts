// One way to choose weights, sites, inputs, outputs and layers: an option's description says what it reaches.
import {
  type Choice,
  choosing,
  createTrainer,
  describeKind,
  isOfModel,
  type LayerInfo,
  type Named,
  namesOf,
  type OptionRecord,
  type OptionsOf,
  option,
  optionsMarkdown,
  type PortInfo,
  type Regularizer,
  RegularizerError,
  readTechnique,
  type Selector,
  type SetupContext,
  type SiteInfo,
  sgd,
  toJsonSchema,
  type WeightInfo,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, expectTypeOf, test} from 'vitest';
import {nested, normalizedMlp} from './support/models.ts';
import {derive, squares} from './support/plugins.ts';
import {errorOf, trainerOf} from './support/trainers.ts';

interface AllOptions<Name extends string = string> extends Named<Name> {
  readonly trained?: Selector<WeightInfo>;
  readonly any?: Selector<WeightInfo>;
  readonly sites?: Selector<SiteInfo>;
  readonly inputs?: Selector<PortInfo>;
  readonly outputs?: Selector<PortInfo>;
  readonly layers?: Selector<LayerInfo>;
  readonly must: Selector<SiteInfo>;
  readonly may?: Selector<WeightInfo>;
  readonly text?: string;
}

const described = {
  trained: option.weights({about: 'Which.', default: isOfModel, otherwise: "the model's"}),
  any: option.anyWeights({about: 'Which.', default: '**', otherwise: 'all'}),
  sites: option.sites({
    about: 'Which.',
    default: (site, all) => site === all.find(({isOutput}) => isOutput),
    otherwise: 'the first output',
  }),
  inputs: option.inputs({about: 'Which.', default: () => true, otherwise: 'all'}),
  outputs: option.outputs({about: 'Which.', default: () => true, otherwise: 'all'}),
  layers: option.layers({about: 'Which.', default: '*', otherwise: 'all at the top'}),
  must: option.sites({about: 'Which.', required: true}),
  may: option.weights({about: 'Which.'}),
  text: option.text({about: 'No selector.'}),
} satisfies OptionsOf<AllOptions>;

const read = (options: Partial<AllOptions<'all'>> = {}) =>
  readTechnique<'all', AllOptions<'all'>, typeof described>('all', {must: '*', ...options}, described);

/** What a plugin's setup is given, derived weights and plugins' own among the weights. */
function contextOf(model: () => Parameters<typeof trainerOf>[1] & object): SetupContext {
  let seen: SetupContext | undefined;
  const look: Regularizer = {
    name: 'look',
    setup: (context) => {
      seen = context;
      return {};
    },
  };
  const brings: Regularizer = {
    name: 'brings',
    setup: ({initial}) => ({weights: {own: tf.clone(Object.values(initial)[0]!)}}),
  };
  const {dispose} = trainerOf(
    [brings, derive('tie', 'output/bias', 'output/kernel', (kernel) => tf.mean(kernel, 0)), look],
    model(),
  );
  dispose();
  return seen!;
}

let context: SetupContext;
beforeAll(() => {
  context = contextOf(() => {
    const made = normalizedMlp();
    made.getLayer('bn').trainable = true;
    return {model: made};
  });
});

describe('what an option reaches is a part of its description', () => {
  test('trained weights, those of the model by default', () => {
    expect(namesOf(read().trained(context))).toEqual([
      'hidden/kernel',
      'hidden/bias',
      'bn/gamma',
      'bn/beta',
      'output/kernel',
    ]);
    expect(namesOf(read({trained: '**'}).trained(context))).toContain('brings/own');
  });

  test('any weights', () => {
    expect(namesOf(read().any(context))).toEqual(expect.arrayContaining(['bn/moving_mean', 'output/bias']));
  });

  test('sites, inputs, outputs', () => {
    expect(namesOf(read().sites(context))).toEqual(['output']);
    expect(namesOf(read({must: 'hidde?'}).must(context))).toEqual(['hidden']);
    expect(read().inputs(context)).toEqual(context.inputs);
    expect(read().outputs(context)).toEqual(context.outputs);
  });

  test('layers, models within the model too', () => {
    const deep = contextOf(() => ({model: nested()}));
    expect(namesOf(read().layers(deep)).filter((name) => name !== 'brings')).toEqual(['inner', 'output']);
    expect(namesOf(read({layers: 'inner/**'}).layers(deep))).toEqual(['inner/a', 'inner/b']);
  });

  test('what is left out, and has no default, is not there', () => {
    expect(read().may).toBeUndefined();
    expect(namesOf(read({may: 'hidden/*'}).may!(context))).toEqual(['hidden/kernel', 'hidden/bias']);
  });

  test('a choice knows whether the user made it', () => {
    expect(read().trained.given).toBeUndefined();
    expect(read({trained: 'hidden/*'}).trained.given).toBe('hidden/*');
  });

  test('the types say so', () => {
    expectTypeOf(read().trained).toEqualTypeOf<Choice<WeightInfo>>();
    expectTypeOf(read().any).toEqualTypeOf<Choice<WeightInfo>>();
    expectTypeOf(read().sites).toEqualTypeOf<Choice<SiteInfo>>();
    expectTypeOf(read().inputs).toEqualTypeOf<Choice<PortInfo>>();
    expectTypeOf(read().layers).toEqualTypeOf<Choice<LayerInfo>>();
    expectTypeOf(read().must).toEqualTypeOf<Choice<SiteInfo>>();
    expectTypeOf(read().may).toEqualTypeOf<Choice<WeightInfo> | undefined>();
    expectTypeOf(read().text).toEqualTypeOf<string | undefined>();
    // @ts-expect-error: a default that is a selector is said in words too
    option.weights({about: 'Which.', default: isOfModel});
    // @ts-expect-error: a weight's option is not a site's
    const wrong: OptionsOf<{readonly at?: Selector<SiteInfo>}> = {at: option.weights({about: 'Which.'})};
    expect(wrong.at.kind).toBe('selector');
  });
});

describe('nothing chosen is refused', () => {
  const refused: readonly (readonly [string, () => unknown, string])[] = [
    ['by name', () => read({must: 'hiden'}).must(context), 'must: "hiden" selects nothing in this model'],
    [
      'by the default',
      () => read().inputs({...context, inputs: []}),
      'the default selects nothing in this model',
    ],
    [
      'what is derived',
      () => read({trained: 'output/bias'}).trained(context),
      'trained selects nothing that is trained: output/bias is derived by tie',
    ],
    [
      'statistics',
      () => read({trained: 'bn/moving_*'}).trained(context),
      'trained selects nothing that is trained: bn/moving_mean is a statistic, bn/moving_variance is a statistic',
    ],
    ['an empty list', () => read({any: []}).any(context), 'any: [] selects nothing in this model'],
  ];
  test.each(refused)('%s', async (_, choose, problem) => {
    expect(await errorOf(choose)).toMatchObject({where: 'all', code: 'nothing-selected', problem});
  });

  test('with the names that there are', async () => {
    expect(await errorOf(() => read({must: 'hiden'}).must(context))).toMatchObject({
      option: 'must',
      received: 'hiden',
      hint: 'There are: hidden, bn, output, hidden_input.',
      allowed: {enum: ['hidden', 'bn', 'output', 'hidden_input']},
    });
  });

  test('what is no selector is refused before there is a model', async () => {
    expect(await errorOf(() => read({trained: 5 as never}))).toMatchObject({
      code: 'not-a-selector',
      option: 'trained',
    });
    expect(await errorOf(() => choosing('a', 'pairs[0]', described.any, {} as never))).toMatchObject({
      code: 'not-a-selector',
      option: 'pairs[0]',
    });
  });
});

test('who reads descriptions is told what is chosen, and gets defaults as JSON or in words', () => {
  expect(describeKind(described.trained)).toBe(
    'a name, a glob, a predicate or a list of those, of trained weights',
  );
  const schema = JSON.parse(JSON.stringify(toJsonSchema(described))) as {
    readonly properties: Readonly<Record<string, {readonly default?: unknown; readonly description: string}>>;
  };
  expect(schema.properties['trained']).toMatchObject({description: "Which. Default: the model's."});
  expect(schema.properties['trained']).not.toHaveProperty('default');
  expect(schema.properties['any']).toMatchObject({default: '**'});
  const options: OptionRecord = {trained: described.trained};
  expect(
    optionsMarkdown([{name: 'all', family: 'x', about: 'It.', options, create: () => ({name: 'all'})}]),
  ).toContain("| the model's |");
});

test('a plugin that chooses is refused by createTrainer, in its name', () => {
  const include = choosing('mine', 'include', described.trained, 'nowhere/*');
  const plugin: Regularizer = {
    ...squares(1),
    name: 'mine',
    setup: (given) => ({plan: namesOf(include(given))}),
  };
  const make = () =>
    createTrainer({
      model: normalizedMlp(),
      loss: 'categoricalCrossentropy',
      optimizer: sgd(),
      regularizers: [plugin],
    });
  expect(make).toThrow(RegularizerError);
  expect(make).toThrow('[mine] include: "nowhere/*" selects nothing in this model');
});
