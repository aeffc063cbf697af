import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, models} from '@tensorflow/tfjs-layers';
import type {Tensors} from '../info.ts';
import {LayersAdapter} from './layers-adapter.ts';

/** A plain copy of a model's architecture, with weights that a function makes. */
export async function cloneModel(model: LayersModel, weights: () => Tensors): Promise<LayersModel> {
  const modelTopology: unknown = model.toJSON(null, false);
  const copy = await models.modelFromJSON({modelTopology} as Parameters<typeof models.modelFromJSON>[0]);
  const adapter = new LayersAdapter(copy);
  tf.tidy(() => {
    adapter.write(weights());
  });
  return copy;
}
