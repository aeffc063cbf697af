import * as tf from '@tensorflow/tfjs-core';
import type {layers} from '@tensorflow/tfjs-layers';
import {SharedRegistry} from '../lib/shared-registry.ts';

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

/** The current backend's way of training a class of layers, if it has one. */
export function layerCallFor(className: string): LayerCall | undefined {
  return calls.get(`${tf.getBackend()}/${className}`);
}
