import {adam, createTrainer, defineRegularizer, type FitOptions, type Regularizer} from '@regularizers/core';
import {tfjsNode} from '@regularizers/native';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {numbers} from './on-cpu.ts';
import {rounding} from './tolerance.ts';
import {sessionRuns} from './watched.ts';

const members = 4;

/** As an ensemble: several members, each with examples of its own. */
const ensemble = defineRegularizer({
  name: 'ensemble',
  members,
  sample: (indices, {member}) => indices.map((_, i) => indices[(i * (member + 1)) % indices.length]!),
});

/** A penalty whose strength is a constant of the member's own graph. */
const ofEachMember = defineRegularizer({
  name: 'ofEachMember',
  setup: ({member}) => ({plan: {strength: member / 10}}),
  penalty: ({weights}, {plan}) =>
    tf.mul(tf.sum(tf.square(weights['hidden/kernel']!)), plan.strength) as tf.Scalar,
});

interface Options extends FitOptions {
  readonly execution?: 'eager' | 'captured' | 'auto';
  readonly plugins?: readonly Regularizer[];
}

async function train({execution = 'captured', plugins = [], ...options}: Options = {}) {
  const model = sequential({
    layers: [
      layers.dense({units: 8, activation: 'relu', inputShape: [6], name: 'hidden'}),
      layers.dense({units: 1, name: 'output'}),
    ],
  });
  const [x, y] = [tf.tensor2d(numbers(40 * 6), [40, 6]), tf.tensor2d(numbers(40), [40, 1])];
  const open = tfjsNode().node.getNumOfSavedModels();
  const trainer = createTrainer({
    model,
    loss: 'meanSquaredError',
    optimizer: adam({learningRate: 0.01}),
    regularizers: [ensemble, ...plugins],
    initialWeights: 'seed',
    seed: 3,
    execution,
  });
  try {
    const {history} = await trainer.fit({x, y}, {epochs: 2, batchSize: 16, ...options});
    const checkpoint = await trainer.save();
    return {history: history.map(({member, epoch, train: {loss}}) => ({member, epoch, loss})), checkpoint};
  } finally {
    trainer.dispose();
    model.dispose();
    tf.dispose([x, y]);
    expect(tfjsNode().node.getNumOfSavedModels()).toBe(open);
  }
}

type Trained = Awaited<ReturnType<typeof train>>;

function expectSame({history: ours}: Trained, {history: theirs}: Trained): void {
  expect(ours.map(({member, epoch}) => [member, epoch])).toEqual(
    theirs.map(({member, epoch}) => [member, epoch]),
  );
  for (const [i, {loss}] of ours.entries()) {
    expect(Math.abs(loss - theirs[i]!.loss)).toBeLessThan(rounding);
  }
}

test('members take each step together, in one run of one session', async () => {
  const eager = await train({execution: 'eager'});
  const runs = await sessionRuns(async () => expectSame(await train(), eager));
  const together = runs
    .filter((outputs) => outputs.includes('done'))
    .map((outputs) => outputs.split(',').length);
  // 40 examples in batches of 16 are 3 steps an epoch.
  expect(together).toEqual(Array(6).fill(members));
});

test('steps that are captured first are said to be warm-ups', async () => {
  const warm: string[] = [];
  await train({onStep: ({member, step, isWarmUp}) => void (isWarmUp && warm.push(`${member}/${step}`))});
  // Whole batches at step 1, the smaller one at step 3.
  expect(warm.sort()).toEqual([0, 1, 2, 3].flatMap((member) => [`${member}/1`, `${member}/3`]));
});

test('members whose steps differ have graphs of their own', async () => {
  const plugins = [ofEachMember];
  const eager = await train({execution: 'eager', plugins});
  expectSame(await train({plugins}), eager);
  expect(new Set(eager.history.filter(({epoch}) => epoch === 1).map(({loss}) => loss)).size).toBe(members);
});

test('a member that stops early leaves the others to go on', async () => {
  const plugins = [
    defineRegularizer({
      name: 'stopper',
      evaluated: ({member, epoch}) => (member === 1 && epoch === 1 ? {stop: 'enough'} : {}),
    }),
  ];
  expectSame(await train({plugins}), await train({execution: 'eager', plugins}));
});

test('what goes wrong for one member ends them all, and is what is thrown', async () => {
  const onStep = ({member, step}: {member: number; step: number}): void => {
    if (member === 2 && step === 4) throw new Error('no more');
  };
  await expect(train({onStep})).rejects.toThrow('no more');
});

test('a member that cannot be captured steps eagerly beside the others', async () => {
  let calls = 0;
  const plugins = [
    defineRegularizer({
      name: 'odd',
      setup: ({member}) => ({plan: member}),
      // Another op each time, in one member.
      penalty: ({weights}, {plan}) => {
        const zero = tf.mul(tf.sum(weights['hidden/kernel']!), 0) as tf.Scalar;
        return plan === 1 && calls++ % 2 === 0 ? (tf.neg(zero) as tf.Scalar) : zero;
      },
    }),
  ];
  expectSame(await train({execution: 'auto', plugins}), await train({execution: 'eager', plugins}));
});
