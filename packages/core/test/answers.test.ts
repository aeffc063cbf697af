// Whatever a hook returns is taken as it is meant, or refused in the plugin's name, with what is expected.
import {
  type Batch,
  cosineDecay,
  decodeCheckpoint,
  encodeCheckpoint,
  exponentialDecay,
  type Optimizer,
  type Regularizer,
  RegularizerError,
  sgd,
  type TrainerOptions,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {sampled} from '../../../vitest/share.ts';
import {type HookName, hookNames} from '../src/plugins/program.ts';
import {specialValues} from './support/garbage.ts';
import {mlp, withKnownWeights} from './support/models.ts';
import {classData, errorOf, trainerOf} from './support/trainers.ts';

beforeEach(() => {
  tf.engine().startScope();
});
afterEach(() => {
  tf.engine().endScope();
});

type Answer = (...given: never[]) => unknown;

/** What a plugin needs beside a hook for core to call it, and the hook's right answer. */
interface Calling {
  readonly beside?: Partial<Regularizer>;
  readonly right: Answer;
}

const sets = {owns: ['evaluation'], evaluation: () => [{}, {}]} satisfies Partial<Regularizer>;

const hooks: Readonly<Record<HookName | 'setup', Calling>> = {
  setup: {right: () => ({state: {count: 0}})},
  check: {right: () => undefined},
  adapt: {beside: {setup: () => ({state: {count: 0}})}, right: () => ({count: 1})},
  sample: {right: (indices) => indices},
  scalars: {right: () => ({rate: 1})},
  batch: {right: (batch) => batch},
  weights: {right: (weights) => weights},
  derive: {
    beside: {setup: () => ({derived: [{name: 'hidden/bias', from: ['output/kernel']}]})},
    right: () => ({'hidden/bias': tf.zeros([5])}),
  },
  activation: {beside: {setup: () => ({at: ['hidden']})}, right: (value) => value},
  targets: {right: (targets) => targets},
  penalty: {right: () => tf.scalar(1)},
  gradients: {right: (gradients) => gradients},
  project: {right: (weights) => weights},
  track: {beside: {setup: () => ({state: {count: 0}})}, right: () => ({count: 1})},
  collect: {beside: {setup: () => ({state: {count: 0}})}, right: () => ({count: 1})},
  evaluated: {right: () => ({})},
  epochEnd: {right: () => ({})},
  evaluation: {beside: {owns: ['evaluation']}, right: () => ({})},
  combine: {beside: sets, right: ([first]: never[]) => first},
  assemble: {beside: sets, right: () => mlp()},
  finish: {right: () => ({})},
};

function pluginOf(hook: HookName | 'setup', answer: Answer): Regularizer {
  return {name: 'one', ...hooks[hook].beside, [hook]: answer};
}

async function run(
  plugin: Regularizer,
  optimizer: Optimizer = sgd(),
  execution: TrainerOptions['execution'] = 'auto',
): Promise<void> {
  const trainer = trainerOf([plugin], {optimizer, execution, model: withKnownWeights(mlp())});
  try {
    await trainer.fit(classData(), {batchSize: 5, epochs: 2, validation: classData()});
    // What was accepted can be saved, and read again.
    await trainer.restore(decodeCheckpoint(encodeCheckpoint(await trainer.save())));
  } finally {
    trainer.dispose();
  }
}

const odd = {
  ...Object.fromEntries(specialValues),
  'a number': () => 7,
  yes: () => true,
  undefined: () => undefined,
  'an unknown key': () => ({unheardOf: 1}),
  'a list': () => [tf.zeros([5, 3])],
  'a list of nothing': () => [undefined],
  'a list of lists': () => [[[]]],
  'a date': () => new Date(),
  'integers where there are weights': () => ({'hidden/bias': tf.zeros([5], 'int32')}),
  'a weight of another shape': () => ({'hidden/bias': tf.zeros([4])}),
  'a disposed weight': () => {
    const bias = tf.zeros([5]);
    bias.dispose();
    return {'hidden/bias': bias};
  },
  'a weight that there is not': () => ({'hidden/bais': tf.zeros([5])}),
  'an asynchronous answer': () => Promise.reject(new Error('nobody waits for this')),
} satisfies Readonly<Record<string, () => unknown>>;

/** What is garbage for most hooks, and right for one. */
const right: Partial<Readonly<Record<HookName | 'setup', readonly string[]>>> = {
  setup: ['nothing at all'],
  check: ['undefined'],
  adapt: ['undefined'],
  penalty: ['a scalar'],
  scalars: ['an unknown key', 'nothing at all'],
  weights: ['nothing at all'],
  gradients: ['nothing at all'],
  project: ['nothing at all'],
  collect: ['undefined'],
  evaluated: ['nothing at all'],
  epochEnd: ['nothing at all'],
  evaluation: ['nothing at all'],
  assemble: ['a model', 'an unbuilt model', 'a disposed model'],
  finish: ['nothing at all'],
};

const named = [...hookNames, 'setup'] as const;

describe.each(named)('%s', (hook) => {
  test('may return what it is documented to', async () => {
    await run(pluginOf(hook, hooks[hook].right));
  });

  const garbage = Object.entries(odd).filter(([what]) => !right[hook]?.includes(what));
  test.each(sampled(garbage, named.indexOf(hook)))(
    'returning %s is refused in the name of its plugin',
    async (what, make) => {
      expect(await errorOf(() => run(pluginOf(hook, make)))).toMatchObject({
        name: 'RegularizerError',
        where: 'one',
        code: 'bad-answer',
        message: expect.stringMatching(new RegExp(`\\] ${hook} must return .*; received `)),
        hook,
        ...(what === 'undefined' ? {} : {received: what === 'null' ? null : expect.anything()}),
        allowed: {description: expect.stringMatching(/./)},
      });
    },
  );
});

const half = (batch: Batch) => ({...batch, size: 2});
const wrong: readonly (readonly [HookName | 'setup', string, Answer, RegExp])[] = [
  [
    'evaluated',
    'a stop that says not why',
    () => ({stop: true}),
    /stop must be a text that says why; it is true/,
  ],
  ['epochEnd', 'a stop that says not why', () => ({stop: ''}), /stop must be a text/],
  ['evaluated', 'a mark that is no flag', () => ({mark: 1}), /mark must be true or false; it is 1/],
  [
    'evaluated',
    'a state for none',
    () => ({state: {best: 1}}),
    /state holds at {2}a record, where null belongs/,
  ],
  ['finish', 'what is no flag', () => ({restore: 'yes'}), /restore must be true or false; it is "yes"/],
  [
    'track',
    'a state of another form',
    () => ({count: tf.scalar(1)}),
    /it holds at count a float32 tensor \[\], where a number/,
  ],
  ['track', 'a state with more', () => ({count: 1, more: 2}), /it holds more, for which there is no place/],
  ['sample', 'an example that there is not', () => Int32Array.of(0, 10), /it holds 10/],
  ['sample', 'none', () => new Int32Array(0), /it leaves no examples/],
  ['scalars', 'what is not finite', () => ({rate: Number.NaN}), /rate is NaN/],
  [
    'batch',
    'another size than its tensors have',
    half as Answer,
    /at inputs\[0\] a float32 tensor \[5, 4\] stands where a .*tensor \[2, 4\] belongs/,
  ],
  ['batch', 'no targets', ((batch: Batch) => ({...batch, targets: []})) as Answer, /targets must be 1 lists/],
  ['targets', 'no target', () => [[]], /targets\[0\] must be a list of at least one/],
  [
    'targets',
    'a target alone',
    () => [[tf.zeros([5, 3])]],
    /at targets\[0\]\[0\] a tensor \[5, 3\] stands where \{target, weight\} belongs/,
  ],
  [
    'targets',
    'class numbers',
    () => [[{target: tf.zeros([5]), weight: 1}]],
    /at targets\[0\]\[0\] a float32 tensor \[5\] stands where/,
  ],
  [
    'targets',
    'a weight that is none',
    () => [[{target: tf.zeros([5, 3]), weight: Number.NaN}]],
    /weight is NaN/,
  ],
  [
    'targets',
    'weights of other examples',
    () => [[{target: tf.zeros([5, 3]), weight: tf.ones([3])}]],
    /a float32 tensor \[3\] stands where a float32 tensor \[5\] belongs/,
  ],
  ['penalty', 'gradients without a value', () => ({gradients: {}}), /at value undefined stands/],
  ['penalty', 'a value without gradients', () => ({value: tf.scalar(1)}), /gradients is undefined/],
  [
    'penalty',
    'one for each weight',
    () => tf.ones([4]),
    /a float32 tensor \[4\] stands where a float32 tensor \[\] belongs/,
  ],
  ['evaluation', 'no set', () => [], /it holds no set/],
  [
    'setup',
    'a state that is not JSON',
    () => ({state: {at: new Date()}}),
    /at state at at a Date is neither JSON nor a tensor/,
  ],
  ['setup', 'a circular state', () => ({state: circular()}), /circular/],
  [
    'setup',
    'a state with a key that marks',
    () => ({state: {deep: [{$tensor: 'x'}]}}),
    /the name \$tensor begins with \$/,
  ],
  ['setup', 'a number that marks', () => ({state: {$number: 1}}), /the name \$number begins with \$/],
  [
    'setup',
    'a state with a prototype for a key',
    () => ({state: JSON.parse('{"__proto__": 1}')}),
    /the name __proto__ is one that every object has/,
  ],
  [
    'setup',
    'weights that are none',
    () => ({weights: {w: 1}}),
    /at weights w must be a float32 tensor; it is 1/,
  ],
  ['setup', 'sites that are no list', () => ({observe: 'hidden'}), /at observe it must be a list of words/],
  [
    'setup',
    'an interval that is none',
    () => ({evaluateEvery: 0.5}),
    /at evaluateEvery it must be an integer of at least 1/,
  ],
  [
    'setup',
    'derivations that are none',
    () => ({derived: ['hidden/bias']}),
    /at derived it must be a list of \{name, from\}/,
  ],
];

function circular(): object {
  const self: Record<string, unknown> = {};
  self['self'] = self;
  return self;
}

test.each(wrong)('%s returning %s is refused with what is wrong', async (hook, _, answer, message) => {
  expect(await errorOf(() => run(pluginOf(hook, answer)))).toMatchObject({
    name: 'RegularizerError',
    where: 'one',
    code: 'bad-answer',
    message: expect.stringMatching(message),
  });
});

/** Ways to run steps that there are on this backend. */
const executions = () =>
  tf.getBackend() === 'tensorflow' ? (['eager', 'captured'] as const) : (['eager'] as const);

test('a hook that forgets to return is told so by name, however steps are run', async () => {
  for (const execution of executions()) {
    for (const hook of [...hookNames, 'setup'] as const) {
      if (hook === 'check' || hook === 'adapt' || hook === 'collect') continue;
      const forgets = pluginOf(hook, () => undefined);
      expect(await errorOf(() => run(forgets, sgd(), execution)), `${hook}, ${execution}`).toMatchObject({
        where: 'one',
        code: 'bad-answer',
        message: expect.stringContaining(`${hook} must return`),
        hint: expect.stringContaining('does not return'),
      });
    }
  }
});

test('what a hook gives the functions of its step is checked likewise', async () => {
  const plugins: Readonly<Record<string, Partial<Regularizer>>> = {
    gradientsAt: {gradients: (_, step) => step.gradientsAt({'hidden/bias': tf.zeros([2])})},
    inputGradients: {
      batch: (batch, step) => ({...batch, inputs: step.inputGradients({...batch, inputs: []})}),
    },
  };
  for (const [name, hook] of Object.entries(plugins)) {
    expect(await errorOf(() => run({name: 'one', ...hook}))).toMatchObject({
      code: 'bad-answer',
      message: expect.stringMatching(new RegExp(`${name} in (gradients|batch) takes`)),
    });
  }
});

describe('an optimizer of a user’s own', () => {
  const base = sgd();
  const parts = ['name', 'learningRate', 'init', 'update', 'scalars'] as const;
  const isRight = (part: string, what: string): boolean =>
    (what === 'undefined' && part === 'scalars') ||
    (part === 'name' && what === 'text') ||
    (part === 'learningRate' && what === 'a number') ||
    (part !== 'name' && (what === 'function' || what === 'class'));

  test.each(parts)('is refused when the trainer is made, where %s is garbage', (part) => {
    for (const [what, make] of Object.entries(odd)) {
      // Nobody asks for an answer here that would be waited for.
      if (isRight(part, what) || what === 'an asynchronous answer') continue;
      const value = make();
      // What stands for complex numbers on wasm is a text, and a name may be any.
      if (part === 'name' && typeof value === 'string' && what === 'a complex tensor') continue;
      expect(() => trainerOf([], {optimizer: {...base, [part]: value} as never}), what).toThrow(
        RegularizerError,
      );
    }
  });

  test('is refused where its schedule was not called', () => {
    for (const schedule of [cosineDecay, exponentialDecay]) {
      expect(() => sgd({learningRate: schedule as never})).toThrow(
        /learningRate must be .* such as cosineDecay/,
      );
      expect(() => trainerOf([], {optimizer: {...base, learningRate: schedule as never}})).toThrow(
        /learningRate of the optimizer must be .* such as cosineDecay\(/,
      );
    }
  });

  test('is refused by name, where a function of its gives garbage', async () => {
    for (const part of ['learningRate', 'init', 'update', 'scalars'] as const) {
      for (const [what, make] of Object.entries(odd)) {
        const isTree = [
          'null',
          'NaN',
          'text',
          'a number',
          'yes',
          'an unknown key',
          'nothing at all',
          'a scalar',
        ];
        const isFine =
          (part === 'learningRate' && what === 'a number') ||
          (part === 'scalars' && ['an unknown key', 'nothing at all'].includes(what)) ||
          // A state may be any tree of JSON and tensors.
          (part === 'init' &&
            (isTree.includes(what) ||
              /tensor of another|no examples|by an unknown|^a list$|list of lists|integers where|a weight/.test(
                what,
              )));
        if (isFine) continue;
        const optimizer = {...base, [part]: make} as never;
        const error = await errorOf(() => run({name: 'one'}, optimizer));
        expect(error, `${part}: ${what}`).toMatchObject({where: 'sgd', code: 'bad-answer'});
      }
    }
  });
});

test('names that a checkpoint could not hold are refused when the trainer is made', () => {
  for (const name of ['__proto__', 'constructor', 'toString', '$number', '$tensor']) {
    const error = (plugins: readonly Regularizer[], options: object) => () => trainerOf(plugins, options);
    expect(error([{name}], {})).toThrow(RegularizerError);
    expect(error([], {metrics: [{name, perExample: () => tf.zeros([1])}]})).toThrow(RegularizerError);
    const weights = Object.fromEntries([[name, tf.zeros([4, 3])]]);
    const model = {weights, inputShapes: [[4]], apply: () => tf.zeros([1, 3])};
    expect(error([], {model, loss: 'meanSquaredError'})).toThrow(RegularizerError);
  }
});

test('keys that make one path of two are told apart in a checkpoint', async () => {
  const plugin: Regularizer = {
    name: 'one',
    setup: () => ({state: {'a/b': tf.scalar(1), a: {b: tf.scalar(2)}}}),
    track: (state) => state,
  };
  const trainer = trainerOf([plugin]);
  const saved = await trainer.save();
  const other = trainerOf([plugin]);
  await other.restore(decodeCheckpoint(encodeCheckpoint(saved)));
  const values = Object.entries((await other.save()).tensors).filter(([name]) => name.includes('/one/'));
  expect(
    values
      .map(
        ([
          ,
          {
            values: [value],
          },
        ]) => value,
      )
      .sort(),
  ).toEqual([1, 2]);
});
