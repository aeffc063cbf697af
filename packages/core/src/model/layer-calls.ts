import * as tf from '@tensorflow/tfjs-core';
import type {layers} from '@tensorflow/tfjs-layers';
import {SharedRegistry} from '../lib/shared-registry.ts';
import {batchNormalized, lacksScaleOrOffset, stillNormalized} from './batch-normalization.ts';

/**
 * What a layer computes, in a backend's faster way: the same result as the layer's own `call` in training, with its
 * weights read and its statistics written through the layer's variables. Undefined leaves it to the layer.
 */
export type LayerCall = (layer: layers.Layer, input: tf.Tensor) => tf.Tensor | undefined;

const calls = new SharedRegistry<LayerCall>('layerCalls');

/** Makes a backend's way of training a class of layers known; with undefined it has none. */
export function registerLayerCall(backend: string, className: string, call: LayerCall | undefined): void {
  calls.set(`${backend}/${className}`, call);
}

/** What a layer computes in training, with the mask of what it is given. */
export type TrainingCall = (
  ...args: [...Parameters<LayerCall>, mask: tf.Tensor | undefined]
) => tf.Tensor | undefined;

/** How a layer is trained other than by its own `call`: in the current backend's way, or where tfjs's would be wrong. */
export function trainingCallFor(layer: layers.Layer): TrainingCall | undefined {
  const className = layer.getClassName();
  const faster = calls.get(`${tf.getBackend()}/${className}`);
  if (className !== 'BatchNormalization') return faster;
  return (of, input, mask) => {
    if (mask) return batchNormalized(of, input, mask);
    return faster?.(of, input) ?? (lacksScaleOrOffset(of) ? batchNormalized(of, input) : undefined);
  };
}

/** The same of a layer that is frozen, and so runs as in evaluation. */
export function stillCallFor(layer: layers.Layer): TrainingCall | undefined {
  return layer.getClassName() === 'BatchNormalization' && lacksScaleOrOffset(layer)
    ? stillNormalized
    : undefined;
}
