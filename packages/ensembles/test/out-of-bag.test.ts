// Out-of-bag error: by the trainer, and worked out again from the members' plain models and the keys of their samples.
import {createTrainer, RegularizerError, sgd} from '@regularizers/core';
import {deriveKey} from '@regularizers/random';
import {makeFixture} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {bagging, bootstrapIndices, type CombineMode, deepEnsemble} from '../src/index.ts';
import {expectClose} from './helpers.ts';

const seed = 11;
const all = (count: number) => Int32Array.from({length: count}, (_, i) => i);

/** Which of the examples, by their positions, a member has not drawn. */
const unseen = (member: number, examples: number): Set<number> => {
  const drawn = new Set(
    bootstrapIndices(all(examples), deriveKey(seed, member, 'bagging', 'sample', 'bootstrap')),
  );
  return new Set([...all(examples)].filter((i) => !drawn.has(i)));
};

async function bagged(combine: CombineMode, validation?: {split: number; stratify: boolean}) {
  const {model, x, y, loss, dispose} = makeFixture('classifier');
  const trainer = createTrainer({
    model,
    loss,
    optimizer: sgd({learningRate: 0.5}),
    metrics: ['accuracy'],
    regularizers: [bagging({members: 4, combine})],
    initialWeights: 'seed',
    seed,
  });
  const {split} = await trainer.fit({x, y}, {epochs: 3, batchSize: 8, ...(validation ? {validation} : {})});
  const outputs = (await trainer.members()).map((member) => {
    const output = (member.predict(x) as tf.Tensor2D).arraySync();
    member.dispose();
    return output;
  });
  return {trainer, x, y, split, outputs, dispose};
}

/** In float64, from each member's probabilities. */
const combined: Readonly<Record<CombineMode, (members: number[][]) => number[]>> = {
  mean: (members) => members[0]!.map((_, c) => members.reduce((sum, p) => sum + p[c]!, 0) / members.length),
  logits(members) {
    const means = members[0]!.map((_, c) =>
      Math.exp(members.reduce((sum, p) => sum + Math.log(p[c]!), 0) / members.length),
    );
    const total = means.reduce((sum, value) => sum + value);
    return means.map((value) => value / total);
  },
  vote: (members) =>
    members[0]!.map((_, c) => members.filter((p) => p.indexOf(Math.max(...p)) === c).length / members.length),
};

for (const combine of ['mean', 'logits', 'vote'] as const) {
  for (const validation of [undefined, {split: 0.25, stratify: true}]) {
    test(`each example is predicted by the members that have not drawn it: ${combine}, ${validation ? 'with a split' : 'of all'}`, async () => {
      const {trainer, x, y, split, outputs, dispose} = await bagged(combine, validation);
      const places = split ? [...split.train] : [...all(x.shape[0]!)];
      const without = outputs.map((_, member) => unseen(member, places.length));
      const labels = Array.from(tf.argMax(y, -1).dataSync());
      let [loss, right, count] = [0, 0, 0];
      const found: number[] = [];
      const members: number[] = [];
      const said: number[] = [];
      for (const [position, place] of places.entries()) {
        const chosen = outputs.flatMap((output, m) => (without[m]!.has(position) ? [output[place]!] : []));
        if (chosen.length === 0) continue;
        const p = combined[combine](chosen);
        loss -= Math.log(Math.max(1e-7, p[labels[place]!]!));
        right += Number(p.indexOf(Math.max(...p)) === labels[place]);
        count += 1;
        found.push(place);
        members.push(chosen.length);
        said.push(...p);
      }
      const before = tf.memory().numTensors;
      const result = await trainer.outOfBag({x, y}, {batchSize: 7});
      expect(tf.memory().numTensors).toBe(before);
      expect([...result.examples]).toEqual(found);
      expect([...result.members]).toEqual(members);
      const [{shape, values} = {shape: [], values: []}] = result.outputs;
      expect(shape).toEqual([outputs[0]![0]!.length]);
      expectClose([...values], said);
      expectClose([result.report.loss, result.report['accuracy']!], [loss / count, right / count]);
      trainer.dispose();
      dispose();
    });
  }
}

test('of many examples, a member has not seen 1/e, and four together 1 − (1 − 1/e)⁴ of them', () => {
  const examples = 20_000;
  const sets = [0, 1, 2, 3].map((member) => unseen(member, examples));
  const some = [...all(examples)].filter((i) => sets.some((set) => set.has(i))).length / examples;
  const expected = 1 - (1 - Math.exp(-1)) ** 4;
  // Four standard deviations of a share of that many.
  expect(Math.abs(some - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / examples));
});

const codeOf = async (call: () => Promise<unknown>): Promise<string | undefined> => {
  try {
    await call();
  } catch (error) {
    return RegularizerError.isInstance(error) ? error.code : String(error);
  }
  return undefined;
};

test('what says nothing is refused: untrained, other data, an ensemble whose members have all seen everything', async () => {
  const {model, x, y, loss, dispose} = makeFixture('classifier');
  const of = (plugin: ReturnType<typeof bagging | typeof deepEnsemble>) =>
    createTrainer({model, loss, optimizer: sgd(), regularizers: [plugin], initialWeights: 'seed', seed});
  const bag = of(bagging({members: 2}));
  expect(await codeOf(() => bag.outOfBag({x, y}))).toBe('not-trained');
  await bag.fit({x, y});
  const fewer = {x: tf.slice(x, 0, 20), y: tf.slice(y, 0, 20)};
  expect(await codeOf(() => bag.outOfBag(fewer))).toBe('data-otherwise');
  const deep = of(deepEnsemble({members: 2}));
  await deep.fit({x, y});
  expect(await codeOf(() => deep.outOfBag({x, y}))).toBe('nothing-out-of-bag');
  bag.dispose();
  deep.dispose();
  dispose();
});
