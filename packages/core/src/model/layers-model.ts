import {describeValue} from '../lib/describe-value.ts';
import {RegularizerError} from '../lib/errors.ts';
import {memberOf} from '../lib/given.ts';

/** True for a `tf.LayersModel` of any copy of tfjs. A `tf.GraphModel` is not one: its weights are constants. */
export function isLayersModel(value: unknown): boolean {
  return (
    ['getLayer', 'getClassName', 'apply'].every((name) => typeof memberOf(value, name) === 'function') &&
    Array.isArray(memberOf(value, 'layers'))
  );
}

/**
 * Checks that a function was given a model of layers.
 *
 * @param where who asks, for the message
 * @throws RegularizerError with code `not-a-layers-model`
 */
export function checkLayersModel(where: string, model: unknown): void {
  if (isLayersModel(model)) return;
  throw new RegularizerError({
    where,
    code: 'not-a-layers-model',
    message: `the model must be a tf.LayersModel; received ${describeValue(model)}`,
  });
}
