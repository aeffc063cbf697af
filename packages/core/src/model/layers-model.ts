import type {LayersModel} from '@tensorflow/tfjs-layers';
import {describeValue} from '../lib/describe-value.ts';
import {RegularizerError} from '../lib/errors.ts';
import {memberOf} from '../lib/given.ts';
import {refuseGraphModel} from './graph-model.ts';

/** True for a `tf.LayersModel` of any copy of tfjs. A `tf.GraphModel` is not one: its weights are constants. */
export function isLayersModel(value: unknown): value is LayersModel {
  return (
    ['getLayer', 'getClassName', 'apply'].every((name) => typeof memberOf(value, name) === 'function') &&
    Array.isArray(memberOf(value, 'layers'))
  );
}

/**
 * Checks that a function was given a model of layers.
 *
 * @param where who asks, for the message
 * @throws RegularizerError with code `not-a-layers-model`, or `graph-model` for a `tf.GraphModel`
 */
export function checkLayersModel(where: string, model: unknown): void {
  if (isLayersModel(model)) return;
  refuseGraphModel(where, model);
  throw new RegularizerError({
    where,
    code: 'not-a-layers-model',
    message: `the model must be a tf.LayersModel; received ${describeValue(model)}`,
  });
}
