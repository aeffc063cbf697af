import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {DataShape} from './data/data.ts';
import {resolveLosses} from './losses/losses.ts';
import type {ModelAdapter} from './model/adapter.ts';
import {LayersAdapter} from './model/layers-adapter.ts';
import {isPureModel, PureAdapter, type PureModel} from './model/pure-adapter.ts';
import type {TrainerOptions} from './trainer-options.ts';

/** A model of either kind as the trainer sees it. */
export function adapterOf(model: LayersModel | PureModel): ModelAdapter {
  return isPureModel(model) ? new PureAdapter(model) : new LayersAdapter(model);
}

/** What data has to fit. */
export function dataShapeOf(
  model: LayersModel | PureModel,
  loss: TrainerOptions['loss'],
  adapter: ModelAdapter = adapterOf(model),
): DataShape {
  const {inputs, outputs} = adapter;
  return {inputs, outputs, losses: resolveLosses(loss, outputs)};
}
