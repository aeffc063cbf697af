import {memberOf} from '../given.ts';

/** True for a `tf.LayersModel` of any copy of tfjs. A `tf.GraphModel` is not one: its weights are constants. */
export function isLayersModel(value: unknown): boolean {
  return (
    ['getLayer', 'getClassName', 'apply'].every((name) => typeof memberOf(value, name) === 'function') &&
    Array.isArray(memberOf(value, 'layers'))
  );
}
