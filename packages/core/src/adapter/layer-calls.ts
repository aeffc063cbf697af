import * as tf from '@tensorflow/tfjs-core';
import type {layers} from '@tensorflow/tfjs-layers';

/**
 * What a layer computes, in a backend's faster way: the same result as the layer's own `call` in training, with its
 * weights read and its statistics written through the layer's variables. Undefined leaves it to the layer.
 */
export type LayerCall = (layer: layers.Layer, input: tf.Tensor) => tf.Tensor | undefined;

// On the global object, so that a backend's calls reach every installed copy of this package.
const key = Symbol.for('regularizers.layerCalls');
const holder = globalThis as {[key]?: Map<string, LayerCall>};
holder[key] ??= new Map<string, LayerCall>();
const calls = holder[key];

/** Makes a backend's way of training a class of layers known; with undefined it has none. */
export function registerLayerCall(backend: string, className: string, call: LayerCall | undefined): void {
  const name = `${backend}/${className}`;
  if (call) calls.set(name, call);
  else calls.delete(name);
}

/** The current backend's way of training a class of layers, if it has one. */
export function layerCallFor(className: string): LayerCall | undefined {
  return calls.get(`${tf.getBackend()}/${className}`);
}
