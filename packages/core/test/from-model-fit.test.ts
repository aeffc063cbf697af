// What is written as for model.compile and model.fit is refused with the line to write, and that line works.
import * as core from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {inFit, inTrainer} from './support/from-model-fit.ts';
import {mlp, withKnownWeights} from './support/models.ts';
import {classData, errorOf} from './support/trainers.ts';

const plugin = core.defineRegularizer({name: 'plain', tags: []});

/** Runs a text as the options of a call, with everything of the package in reach. */
function written(text: string): object {
  const scope = {...core, tf, plugin, ...classData()};
  return new Function(...Object.keys(scope), `return {${text}};`)(...Object.values(scope)) as object;
}

const compile = () =>
  ({model: withKnownWeights(mlp()), loss: 'categoricalCrossentropy', optimizer: core.adam()}) as const;

for (const [text, line] of inTrainer) {
  test(`createTrainer: ${text}`, async () => {
    const make = (option: string) => core.createTrainer({...compile(), ...written(option)});
    expect(await errorOf(() => make(text))).toMatchObject({
      name: 'RegularizerError',
      hint: `Write ${line}.`,
    });
    await make(line).fit(classData());
  });
}

for (const [text, line] of inFit) {
  test(`fit: ${text}`, async () => {
    const fit = (option: string) => core.createTrainer(compile()).fit(classData(), written(option));
    expect(await errorOf(() => fit(text))).toMatchObject({
      name: 'RegularizerError',
      hint: `Write ${line}.`,
    });
    await fit(line.replace('console.log', 'Object'));
  });
}

test('a plugin on a condition is put into the list on that condition', async () => {
  const make = (list: readonly unknown[]) =>
    core.createTrainer({...compile(), regularizers: list as readonly (typeof plugin)[]});
  for (const no of [false, undefined, null, 0, '']) {
    expect(await errorOf(() => make([no]))).toMatchObject({
      hint: 'Write regularizers: [...(condition ? [plugin] : [])].',
    });
  }
  await make([...(classData().x.rank > 2 ? [plugin] : [])]).fit(classData());
});

const calls: readonly (readonly [theirs: string, ours: string])[] = [
  ["trainer.compile({loss: 'mse'})", 'createTrainer({model, loss, optimizer})'],
  ['trainer.fitDataset(dataset, {epochs: 1})', 'trainer.fit(dataset, {epochs: 10})'],
  ['trainer.trainOnBatch(x, y)', 'trainer.fit(function* () { yield {x, y}; })'],
  ['trainer.evaluateDataset(dataset)', 'trainer.evaluate(dataset)'],
  ['trainer.predictOnBatch(x)', 'trainer.predict(x)'],
  ['trainer.summary()', 'console.log(trainer.explain())'],
];

for (const [theirs, ours] of calls) {
  test(theirs, async () => {
    const options = compile();
    const trainer = core.createTrainer(options);
    // As tf.data does, each pass hands over tensors of its own.
    const dataset = function* () {
      yield classData();
    };
    const scope = {...core, ...options, ...classData(), trainer, dataset, console: {log: () => undefined}};
    const run = (text: string): unknown =>
      new Function(...Object.keys(scope), `return ${text};`)(...Object.values(scope));
    expect(await errorOf(() => run(theirs))).toMatchObject({
      name: 'RegularizerError',
      hint: `Write ${ours}.`,
    });
    await run(ours);
    expect(Object.keys(trainer)).not.toContain(/\w+/.exec(theirs.slice('trainer.'.length))?.[0]);
  });
}

test('save gives a checkpoint, and says where models and checkpoints are written', async () => {
  const trainer = core.createTrainer(compile());
  const save = trainer.save as (target: unknown) => Promise<unknown>;
  for (const target of ['file:///tmp/model', undefined, {}]) {
    expect(await errorOf(() => save(target))).toMatchObject({
      code: 'not-here',
      hint: expect.stringMatching(
        /result\.model\.save\(url\).*saveCheckpoint\(path, await trainer\.save\(\)\)/,
      ),
    });
  }
  expect(await trainer.save()).toHaveProperty('seed');
});

test('weights of examples are lists and typed arrays too, as targets are', async () => {
  const data = classData();
  const numbers = [0, 1, 2, 3, 0.5, 1, 0, 2, 1, 4];
  const fit = async (sampleWeight: core.Values) => {
    const model = withKnownWeights(mlp());
    const trainer = core.createTrainer({...compile(), model, weightedMetrics: ['accuracy']});
    const given = {...data, sampleWeight};
    const stream = function* () {
      yield {
        ...classData(),
        sampleWeight: sampleWeight instanceof tf.Tensor ? sampleWeight.clone() : sampleWeight,
      };
    };
    const {history} = await trainer.fit(given, {batchSize: 4, validation: given});
    const rest = [await trainer.evaluate(stream), await trainer.evaluate(given)];
    const split = await trainer.fit(given, {batchSize: 4, epochs: 2});
    return [history, split.history]
      .flat()
      .map(({seconds: _, ...row}) => row)
      .concat(rest as never);
  };
  const expected = await fit(tf.tensor1d(numbers));
  for (const same of [numbers, Float32Array.from(numbers), Float64Array.from(numbers)]) {
    expect(await fit(same)).toEqual(expected);
  }
  for (const wrong of [numbers.slice(1), Float32Array.of(1), numbers.map(() => -1)]) {
    expect(await errorOf(() => fit(wrong))).toMatchObject({name: 'RegularizerError'});
  }
});
