import type {layers} from '@tensorflow/tfjs-layers';
import type {WeightInfo} from '../info.ts';
import {type Configured, isConfigured} from './walk.ts';

/** Weight → the layer's property that holds its initializer. */
const properties: Readonly<Record<string, string>> = {
  kernel: 'kernelInitializer',
  recurrent_kernel: 'recurrentInitializer',
  bias: 'biasInitializer',
  embeddings: 'embeddingsInitializer',
  gamma: 'gammaInitializer',
  beta: 'betaInitializer',
  alpha: 'alphaInitializer',
  moving_mean: 'movingMeanInitializer',
  moving_variance: 'movingVarianceInitializer',
  depthwise_kernel: 'depthwiseInitializer',
  pointwise_kernel: 'pointwiseInitializer',
};

/** The initializer of a layer's weight; an unknown one answers with a name that drawing it will refuse. */
export function initializerOf(layer: layers.Layer, {shortName, shape}: WeightInfo): Configured {
  if (shortName === 'bias' && Reflect.get(layer, 'unitForgetBias') === true) return forgetBias(shape);
  const property = properties[shortName];
  const found: unknown = property === undefined ? undefined : Reflect.get(layer, property);
  return isConfigured(found) ? found : {getClassName: () => 'of an unknown kind', getConfig: () => ({})};
}

/** Jozefowicz 2015: an LSTM's forget gate, the second quarter of its bias, starts at one. */
function forgetBias(shape: readonly number[]): Configured {
  const units = (shape[0] ?? 0) / 4;
  const value = Array.from({length: units * 4}, (_, i) => (i >= units && i < 2 * units ? 1 : 0));
  return {getClassName: () => 'Values', getConfig: () => ({value})};
}
