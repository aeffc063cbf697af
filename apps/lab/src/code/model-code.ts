import {RegularizerError} from '@regularizers/core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {literal} from './literal.ts';

type Config = Readonly<Record<string, unknown>>;

/** A layer as a model's configuration has it. */
interface LayerConfig {
  readonly className: string;
  readonly config: Config;
  readonly inboundNodes?: readonly (readonly (readonly [layer: string, ...unknown[]])[])[];
}

interface ModelConfig {
  readonly name: string;
  readonly layers: readonly LayerConfig[];
  readonly outputLayers: readonly (readonly [layer: string, ...unknown[]])[];
}

/** How a layer is made: the function of `tf.layers`, and its options with their defaults; undefined for what must be given. */
interface Kind {
  readonly make: string;
  readonly options: Config;
}

const recurrent: Config = {
  units: undefined,
  activation: 'tanh',
  recurrentInitializer: 'orthogonal',
  returnSequences: false,
};

/** The layers of the lab's models. */
const kinds: Readonly<Record<string, Kind>> = {
  Dense: {make: 'dense', options: {units: undefined, activation: 'linear', useBias: true}},
  Conv2D: {
    make: 'conv2d',
    options: {
      filters: undefined,
      kernelSize: undefined,
      strides: 1,
      padding: 'valid',
      activation: 'linear',
      useBias: true,
    },
  },
  BatchNormalization: {make: 'batchNormalization', options: {momentum: 0.99}},
  ReLU: {make: 'reLU', options: {}},
  MaxPooling2D: {make: 'maxPooling2d', options: {poolSize: 2}},
  GlobalAveragePooling2D: {make: 'globalAveragePooling2d', options: {}},
  Flatten: {make: 'flatten', options: {}},
  Reshape: {make: 'reshape', options: {targetShape: undefined}},
  Add: {make: 'add', options: {}},
  LSTM: {make: 'lstm', options: recurrent},
  GRU: {make: 'gru', options: recurrent},
  SimpleRNN: {make: 'simpleRNN', options: recurrent},
  Bidirectional: {make: 'bidirectional', options: {layer: undefined, mergeMode: 'concat'}},
};

/**
 * The function that builds a model, layer by layer.
 *
 * @throws RegularizerError with code `no-code` for a layer that none of the lab's models has
 */
export function modelCode(model: LayersModel): readonly string[] {
  const {name, layers, outputLayers} = model.getConfig() as unknown as ModelConfig;
  const variables = variablesOf(layers.map(({config}) => String(config['name'])));
  const variableOf = ([layer]: readonly [string, ...unknown[]]): string => variables.get(layer)!;
  const inputs: string[] = [];
  const lines = layers.map((layer) => {
    const variable = variables.get(String(layer.config['name']))!;
    if (layer.className === 'InputLayer') {
      inputs.push(variable);
      const [, ...shape] = layer.config['batchInputShape'] as readonly (number | null)[];
      return `  const ${variable} = tf.input(${literal({name: layer.config['name'], shape})});`;
    }
    const from = (layer.inboundNodes?.[0] ?? []).map(variableOf);
    const given = from.length === 1 ? from[0] : `[${from.join(', ')}]`;
    return `  const ${variable} = ${layerCode(layer)}.apply(${given}) as tf.SymbolicTensor;`;
  });
  const outputs = outputLayers.map(variableOf);
  const list = (names: readonly string[]): string =>
    names.length === 1 ? names[0]! : `[${names.join(', ')}]`;
  return [
    'function buildModel(): tf.LayersModel {',
    ...lines,
    `  return tf.model({name: ${literal(name)}, inputs: ${list(inputs)}, outputs: ${list(outputs)}});`,
    '}',
  ];
}

/** Names of layers as names of constants. */
function variablesOf(names: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const name of names) {
    const words = name.replace(/[^A-Za-z0-9]+(.)?/g, (_, next: string = '') => next.toUpperCase());
    let variable = /^[A-Za-z]/.test(words) && words !== 'tf' ? words : `layer${words}`;
    while ([...found.values()].includes(variable)) variable += '_';
    found.set(name, variable);
  }
  return found;
}

function layerCode({className, config}: LayerConfig): string {
  const kind = kinds[className];
  if (!kind) {
    throw new RegularizerError({
      where: 'lab code',
      code: 'no-code',
      message: `the layer ${String(config['name'])} is a ${className}, which is not written as code`,
    });
  }
  const options = Object.entries(kind.options).flatMap(([key, usual]) => {
    const value = optionOf(config[key]);
    if (JSON.stringify(value) === JSON.stringify(usual)) return [];
    return [`${key}: ${isLayer(value) ? layerCode(value) : literal(value)}`];
  });
  return `tf.layers.${kind.make}({${[`name: ${literal(config['name'])}`, ...options].join(', ')}})`;
}

/** What a person writes for a configured value: a number for equal lengths along both axes, the name of an initializer. */
function optionOf(value: unknown): unknown {
  if (Array.isArray(value) && value.length === 2 && value[0] === value[1] && value[0] < 10) return value[0];
  if (!isLayer(value)) return value;
  if (value.className === 'Orthogonal') return 'orthogonal';
  const {scale, mode, distribution} = value.config;
  const isGlorot = scale === 1 && mode === 'fanAvg' && distribution === 'uniform';
  return value.className === 'VarianceScaling' && isGlorot ? 'glorotUniform' : value;
}

const isLayer = (value: unknown): value is LayerConfig =>
  typeof value === 'object' && value !== null && 'className' in value;
