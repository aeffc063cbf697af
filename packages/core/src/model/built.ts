import type {LayersModel} from '@tensorflow/tfjs-layers';
import {RegularizerError} from '../lib/errors.ts';
import {itemAt} from '../lib/item.ts';

/**
 * Makes sure of a model's graph of layers.
 *
 * @throws RegularizerError with code `model-not-built`
 */
export function requireBuilt(model: LayersModel): void {
  if (model.outputs?.length > 0) {
    // A Sequential with a known input shape still has no graph until it is asked for.
    if (!model.built) model.build(itemAt(model.inputs, 0).shape);
    return;
  }
  throw new RegularizerError({
    where: 'trainer',
    code: 'model-not-built',
    message: `the model ${model.name} has no input shape yet`,
    hint: 'Give its first layer an inputShape, or call model.build(inputShape).',
  });
}
