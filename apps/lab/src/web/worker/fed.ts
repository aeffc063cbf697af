import {createTrainer, defineRegularizer, type Regularizer} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {type DataSet, sizeOf, toTensors} from '../../data/data-set.ts';
import type {Recipe} from '../../recipe.ts';
import type {LabPlugin} from '../../regularizers.ts';
import {dataFor, trainerOptions} from '../../run.ts';

/** Inputs before a recipe's regularizers have changed them, and after: example by example. */
export interface Fed {
  readonly count: number;
  readonly before: Float32Array;
  readonly after: Float32Array;
}

const inputTags = ['augmentation', 'erasing', 'mixing', 'input-noise', 'adversarial'] as const;

/** Ends training as soon as a batch has been seen. */
class Seen extends Error {}

/**
 * The first batch of a recipe as it comes out of the data, and as the network gets it: augmented, mixed, with noise.
 *
 * @param most examples in it
 * @throws RegularizerError where the recipe cannot be trained
 */
export async function fedTo(
  recipe: Recipe,
  data: DataSet,
  most: number,
  plugins: readonly LabPlugin[] = [],
): Promise<Fed> {
  const seenBy = dataFor(recipe, data);
  const count = Math.min(seenBy.train.size, most);
  const {regularizers = [], ...options} = trainerOptions(recipe, seenBy, plugins);
  const seen: Float32Array[] = [];
  const looker = (name: string, order: Pick<Regularizer, 'before' | 'after'>, isLast: boolean): Regularizer =>
    defineRegularizer({
      name,
      ...order,
      batch(batch) {
        seen.push(batch.inputs[0]!.dataSync() as Float32Array);
        if (isLast) throw new Seen();
        return batch;
      },
    });
  const lookers = [
    looker('what comes in', {before: inputTags}, false),
    ...regularizers,
    looker('what goes on', {after: inputTags}, true),
  ];
  const trainer = createTrainer({...options, regularizers: lookers, execution: 'eager'});
  const arrays = firstOf(seenBy, count);
  try {
    // Nothing is validated: it is there for what monitors it.
    await trainer.fit(arrays, {epochs: 1, batchSize: count, validation: arrays});
  } catch (error) {
    if (seen.length < 2) throw error;
  } finally {
    trainer.dispose();
    options.model.dispose();
    tf.dispose(arrays);
  }
  const [before, after] = seen;
  return {
    count: Math.min(before!.length, after!.length) / sizeOf(data.inputShape),
    before: before!,
    after: after!,
  };
}

/** The first training examples as tensors. */
function firstOf(data: DataSet, count: number): {readonly x: tf.Tensor; readonly y: tf.Tensor} {
  const {x, y} = toTensors(data, 'train');
  const few = {x: tf.slice(x, 0, count), y: tf.slice(y, 0, count)};
  tf.dispose([x, y]);
  return few;
}
