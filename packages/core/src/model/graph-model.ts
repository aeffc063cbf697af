import type * as tf from '@tensorflow/tfjs-core';
import {RegularizerError} from '../lib/errors.ts';
import {memberOf} from '../lib/given.ts';

/** What a `tf.GraphModel` is used for here: tfjs's converter need not be installed. */
export interface GraphModelLike {
  readonly inputs: readonly {
    readonly name: string;
    readonly dtype?: string;
    readonly shape?: readonly number[];
  }[];
  readonly outputs: readonly {readonly name: string}[];
  execute(inputs: tf.Tensor | tf.Tensor[], outputs?: string | string[]): tf.Tensor | tf.Tensor[];
  executeAsync(
    inputs: tf.Tensor | tf.Tensor[],
    outputs?: string | string[],
  ): Promise<tf.Tensor | tf.Tensor[]>;
}

/** True for a `tf.GraphModel` of any copy of tfjs, such as tf.loadGraphModel gives. */
export function isGraphModel(value: unknown): value is GraphModelLike {
  // A LayersModel has all of these but the second.
  return ['execute', 'executeAsync', 'predict'].every((name) => typeof memberOf(value, name) === 'function');
}

/**
 * Says what to do with a `tf.GraphModel`, which nobody can train.
 *
 * @throws RegularizerError with code `graph-model`
 */
export function refuseGraphModel(where: string, model: unknown): void {
  if (!isGraphModel(model)) return;
  throw new RegularizerError({
    where,
    code: 'graph-model',
    message: 'the model is a tf.GraphModel, whose weights are constants and cannot be trained',
    hint: `Train a model of a few layers on its features:
    const features = await extractFeatures(graphModel, x); // of @regularizers/core
    await createTrainer({model: head, loss, optimizer}).fit({x: features, y});`,
    option: 'model',
  });
}
