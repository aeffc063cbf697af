// A model that was trained with plugins, and what it is to be when it was saved and loaded.
import type * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {expect} from 'vitest';
import {average} from './plugins.ts';
import {classData, trainerOf} from './trainers.ts';

/** Where a guide saves a model to, and where it loads it from. */
export function addressesIn(guide: string): {readonly saved: string; readonly loaded: string} {
  const [, saved] = /model\.save\('(.+?)'\)/.exec(guide) ?? [];
  const [, loaded] = /loadLayersModel\('(.+?)'\)/.exec(guide) ?? [];
  if (!saved || !loaded) throw new Error('The guide does not say how a model is saved and loaded.');
  return {saved, loaded};
}

export async function trainedModel(): Promise<LayersModel> {
  const trainer = trainerOf([average()]);
  const {model} = await trainer.fit(classData(), {epochs: 2});
  trainer.dispose();
  return model as LayersModel;
}

/** They are of the same weights, and predict the same. */
export async function expectSameModel(one: LayersModel, other: LayersModel): Promise<void> {
  const {x} = classData();
  const outputs = (model: LayersModel): tf.Tensor => model.predict(x as tf.Tensor) as tf.Tensor;
  expect(await outputs(other).data()).toEqual(await outputs(one).data());
  for (const [i, weight] of other.getWeights().entries()) {
    expect(await weight.data()).toEqual(await one.getWeights()[i]!.data());
  }
}
