import * as tf from '@tensorflow/tfjs-core';
import {
  initializers,
  input,
  type LayersModel,
  layers,
  model as makeModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import type {CaseSpec, LayerSpec} from '../cases.ts';

/** How tied layers are made: tied by a layer of tfjs, or plain, to be tied by a regularizer. */
export type Ties = 'layer' | 'regularizer';

/** A case as a `tf.LayersModel`. */
export function buildModel(spec: CaseSpec, ties: Ties): LayersModel {
  const start = input({shape: [...spec.input]});
  const built = new Map<string, layers.Layer>();
  return makeModel({inputs: start, outputs: chain(spec.layers, start, {ties, built})});
}

interface Building {
  readonly ties: Ties;
  readonly built: Map<string, layers.Layer>;
}

function chain(specs: readonly LayerSpec[], from: SymbolicTensor, building: Building): SymbolicTensor {
  return specs.reduce((value, spec) => apply(spec, value, building), from);
}

function apply(spec: LayerSpec, value: SymbolicTensor, building: Building): SymbolicTensor {
  if (spec.kind === 'residual') {
    const sum = layers
      .add({name: `${spec.name}_add`})
      .apply([chain(spec.branch, value, building), chain(spec.shortcut, value, building)]);
    return layers.reLU({name: `${spec.name}_relu`}).apply(sum) as SymbolicTensor;
  }
  const layer = makeLayer(spec, building);
  building.built.set(spec.name, layer);
  return layer.apply(value) as SymbolicTensor;
}

function makeLayer(spec: Exclude<LayerSpec, {kind: 'residual'}>, {ties, built}: Building): layers.Layer {
  const {name} = spec;
  switch (spec.kind) {
    case 'dense':
      return layers.dense({name, units: spec.units, activation: spec.activation});
    case 'tied':
      return ties === 'layer'
        ? new TiedDense({name, units: spec.units, activation: spec.activation, source: built.get(spec.to)!})
        : layers.dense({name, units: spec.units, activation: spec.activation});
    case 'conv':
      return layers.conv2d({
        name,
        filters: spec.filters,
        kernelSize: spec.size,
        strides: spec.strides,
        padding: 'same',
        useBias: false,
      });
    case 'norm':
      return layers.batchNormalization({name, momentum: 0.9});
    case 'relu':
      return layers.reLU({name});
    case 'pool':
      return layers.maxPooling2d({name, poolSize: 2});
    case 'flatten':
      return layers.flatten({name});
    case 'average':
      return layers.globalAveragePooling2d({name});
    case 'lstm':
      // Recurrent weights come from the benchmark; tfjs's own initializer for them is slow.
      return layers.lstm({
        name,
        units: spec.units,
        recurrentActivation: 'sigmoid',
        recurrentInitializer: 'glorotUniform',
      });
  }
}

/** What a user of tfjs without our packages writes to tie a decoder. */
class TiedDense extends layers.Layer {
  static className = 'TiedDense';
  readonly #units: number;
  readonly #activation: string;
  readonly #source: layers.Layer;

  constructor(config: {name: string; units: number; activation: string; source: layers.Layer}) {
    super({name: config.name});
    this.#units = config.units;
    this.#activation = config.activation;
    this.#source = config.source;
  }

  override build(): void {
    this.addWeight('bias', [this.#units], 'float32', initializers.zeros());
    this.built = true;
  }

  override computeOutputShape(): (number | null)[] {
    return [null, this.#units];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = (Array.isArray(inputs) ? inputs[0]! : inputs) as tf.Tensor2D;
    const kernel = this.#source.weights[0]!.read() as tf.Tensor2D;
    const sum = tf.add(tf.matMul(x, kernel, false, true), this.weights[0]!.read());
    return this.#activation === 'sigmoid' ? tf.sigmoid(sum) : tf.relu(sum);
  }
}
