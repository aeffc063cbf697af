// Balanced sampling beside bagging: it draws from each member's sample, and what is out of the bag stays so.
import {balancedSampling} from '@regularizers/augmentation';
import {createTrainer, defineRegularizer, type Regularizer, sgd} from '@regularizers/core';
import {bagging, bootstrapIndices} from '@regularizers/ensembles';
import {deriveKey} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';

const seed = 5;
const labels = Array.from({length: 60}, (_, i) => Number(i % 6 === 0));
const all = Int32Array.from(labels, (_, i) => i);
const bagOf = (member: number) =>
  bootstrapIndices(all, deriveKey(seed, member, 'bagging', 'sample', 'bootstrap'));

async function outOfBagWith(regularizers: readonly Regularizer[]) {
  const x = tf.tensor2d(
    labels.flatMap((label, i) => [label + Math.sin(i), Math.cos(3 * i)]),
    [60, 2],
  );
  const trainer = createTrainer({
    model: sequential({layers: [layers.dense({units: 2, activation: 'softmax', inputShape: [2]})]}),
    loss: 'sparseCategoricalCrossentropy',
    optimizer: sgd(),
    initialWeights: 'seed',
    regularizers,
    seed,
  });
  await trainer.fit({x, y: labels}, {epochs: 40, batchSize: 20});
  const found = await trainer.outOfBag({x, y: labels});
  trainer.dispose();
  x.dispose();
  return found;
}

test('whatever comes first in the list, members draw from their own samples, each class equally often', async () => {
  const drawn: [member: number, indices: Int32Array][] = [];
  const watch = defineRegularizer({
    name: 'watch',
    after: ['balancing'],
    sample: (indices, {member}) => {
      drawn.push([member, indices]);
      return indices;
    },
  });
  for (const list of [
    [bagging({members: 3}), balancedSampling(), watch],
    [balancedSampling(), watch, bagging({members: 3})],
  ]) {
    drawn.length = 0;
    const {examples} = await outOfBagWith(list);
    const bags = [0, 1, 2].map((member) => new Set(bagOf(member)));
    const counts = [0, 0];
    for (const [member, indices] of drawn) {
      for (const i of indices) {
        expect(bags[member]!.has(i)).toBe(true);
        counts[labels[i]!]! += 1;
      }
    }
    const draws = counts[0]! + counts[1]!;
    // Epochs are drawn twice, the second time for what is out of the bag: half as many are independent.
    expect(Math.abs(counts[0]! - draws / 2)).toBeLessThan(4.5 * Math.sqrt(draws / 2));
    // After as many epochs a member has seen all of its bag, but for a few of the frequent class at the most.
    const never = [...all].filter((i) => bags.some((bag) => !bag.has(i)));
    expect([...examples]).toEqual(expect.arrayContaining(never));
  }
});
