// Every technique beside every other one, and beside a second of its kind: here, since only the app may name them all.
import {createTrainer, orderBetween, type Regularizer, sgd} from '@regularizers/core';
import {
  type CompositionEntry,
  checkComposition,
  describeCompositions,
  isThorough,
  makeFixture,
} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {describe, expect, inject, test} from 'vitest';
import {hasTime, share} from '../../../../vitest/share.ts';
import {createRegularizers} from '../../src/regularizers.ts';
import {entries} from './entries.ts';

/** A browser takes a second for each pair; the backends in Node take all pairs between them. */
const most = hasTime ? Number.POSITIVE_INFINITY : 36;

describeCompositions('all techniques', entries, {most, seed: 15, ...(share ? {share} : {})});

/** The plugin without what it says of its order. */
function silent({create, ...entry}: CompositionEntry): CompositionEntry {
  return {
    ...entry,
    create: (fixture, name): Regularizer => {
      const {before: _, after: __, inListOrder: ___, ...plugin} = create(fixture, name);
      return plugin;
    },
  };
}

const everything = ['dropout', 'noise', 'weights'] as const;

/** Those that a technique says its order to, by what it says. */
function orderedBy(name: string): readonly string[] {
  const fixture = makeFixture('composite', {declares: everything});
  try {
    const make = (of: string, as?: string): Regularizer => entries[of]!.create(fixture, as);
    return Object.keys(entries).filter((other) => orderBetween(make(name), make(other, 'other')) !== 'free');
  } finally {
    fixture.dispose();
  }
}

// That of label smoothing shows where targets are images only: the last test.
const shown = Object.keys(entries).filter((name) => name !== 'labelSmoothing');

function describeShown(): void {
  for (const name of shown) {
    test(name, async () => {
      const unseen: string[] = [];
      for (const other of orderedBy(name)) {
        const [a, b] = [silent(entries[name]!), silent(entries[other]!)];
        const same = name === other ? a : b;
        const seen = await checkComposition(a, same).then(
          () => false,
          (error: Error) => error.message.includes('their order matters, and is not declared'),
        );
        if (seen) return;
        unseen.push(other);
      }
      expect(unseen, 'it says its order to these, and it matters to none').toEqual([]);
    });
  }
}

// What shows is what the techniques do, which is the same on all backends.
if (isThorough || inject('backend') === 'cpu')
  describe('an order that is said is one that these strengths show', describeShown);

test('labels that are images are changed first, and smoothed then', async () => {
  const recipes = [{name: 'cutout', targets: 'transform'}, {name: 'labelSmoothing'}];
  const losses = async (list: typeof recipes): Promise<readonly number[]> => {
    const dense = layers.dense({name: 'dense', units: 1, activation: 'sigmoid', inputShape: [4, 4, 1]});
    const model = sequential({layers: [dense]});
    const x = tf.ones([8, 4, 4, 1]);
    const trainer = createTrainer({
      model,
      loss: 'binaryCrossentropy',
      optimizer: sgd({learningRate: 1}),
      regularizers: createRegularizers(list),
      seed: 1,
      initialWeights: 'seed',
    });
    try {
      const {history} = await trainer.fit({x, y: x}, {epochs: 2, batchSize: 8});
      return history.map(({train}) => train.loss);
    } finally {
      trainer.dispose();
      model.dispose();
      x.dispose();
    }
  };
  expect(await losses(recipes.toReversed())).toEqual(await losses(recipes));
});
