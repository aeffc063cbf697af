import {
  checkLayersModel,
  looking,
  type OptionsOf,
  option,
  type Regularizer,
  RegularizerError,
  readOptions,
} from '@regularizers/core';
import {model as createModel, type LayersModel, layers, type SymbolicTensor} from '@tensorflow/tfjs-layers';
import {type TiePlan, tie} from './tie.ts';

const where = 'tiedAutoencoder';

/** Options of {@link tiedAutoencoder}. */
export interface TiedAutoencoderOptions {
  /**
   * Activation of the reconstruction: `sigmoid` for data in [0, 1], `linear` for real values.
   *
   * @defaultValue 'linear'
   */
  readonly outputActivation?: 'linear' | 'sigmoid' | 'tanh' | 'relu';
}

const described = {
  outputActivation: option.choice(['linear', 'sigmoid', 'tanh', 'relu'], {
    default: 'linear',
    about: 'Activation of the reconstruction: sigmoid for data in [0, 1], linear for real values.',
  }),
} satisfies OptionsOf<TiedAutoencoderOptions>;

/** A tied autoencoder: a plain model, and the regularizer that ties its decoder. */
export interface TiedAutoencoder {
  /** Encoder and decoder; the encoder's layers are those of the model that was given, so that it is trained too. */
  readonly model: LayersModel;
  /** To be listed among the trainer's regularizers. */
  readonly tie: Regularizer<'tie', TiePlan, null>;
}

/** What the mirror needs to know of an encoder's layer. */
interface Mirrored {
  readonly name: string;
  readonly inputShape: readonly number[];
  readonly isDense: boolean;
  readonly activation: string;
}

/**
 * Builds the mirrored decoder of an encoder, with each kernel the transpose of the encoder's.
 *
 * h = s(W x + b), x̂ = s(Wᵀ h + b′); half of the matrices, one gradient that is the sum of both uses
 *
 * A decoder layer has the activation of the encoder's layer whose output it reconstructs, the last one
 * `outputActivation`, and a trained bias of its own. Its name is that of the encoder's layer with `_decoder`.
 *
 * @param encoder a chain of Dense and Flatten layers, Sequential or functional, built, without nested models
 * @returns the model and the regularizer that ties it
 * @throws RegularizerError with code `unsupported-layer` if the encoder is anything else
 *
 * @example
 * ```ts
 * const encoder = tf.sequential({layers: [tf.layers.dense({units: 2, inputShape: [4], activation: 'relu'})]});
 * const {model, tie} = tiedAutoencoder(encoder);
 * await createTrainer({model, loss: 'meanSquaredError', optimizer, regularizers: [tie]}).fit({x, y: x}, {epochs: 5});
 * ```
 *
 * @see Vincent, Larochelle, Lajoie, Bengio & Manzagol 2010, Stacked Denoising Autoencoders, section 2.2,
 *   https://www.jmlr.org/papers/v11/vincent10a.html
 */
export function tiedAutoencoder(encoder: LayersModel, options: TiedAutoencoderOptions = {}): TiedAutoencoder {
  const {outputActivation} = readOptions(where, options, described);
  checkLayersModel(where, encoder);
  const chain = looking(where, 'the encoder', () => readChain(encoder));
  let value = encoder.outputs[0]!;
  chain.forEach(({name, inputShape, isDense}, index) => {
    const activation = chain.slice(index + 1).find((layer) => layer.isDense)?.activation ?? outputActivation;
    const decoder = isDense
      ? layers.dense({units: inputShape.at(-1)!, activation: activation as 'linear', name: `${name}_decoder`})
      : layers.reshape({targetShape: [...inputShape], name: `${name}_decoder`});
    value = decoder.apply(value) as SymbolicTensor;
  });
  const pairs = chain
    .filter(({isDense}) => isDense)
    .map(({name}) => ({weight: `${name}_decoder/kernel`, to: `${name}/kernel`, by: 'transpose' as const}));
  return {model: createModel({inputs: encoder.inputs, outputs: value}), tie: tie({pairs})};
}

/** The encoder's layers, last first. */
function readChain(encoder: LayersModel): readonly Mirrored[] {
  const inner = encoder.layers.filter((layer) => layer.getClassName() !== 'InputLayer').reverse();
  let expected: unknown = encoder.outputs[0];
  const chain = inner.map((layer): Mirrored => {
    const kind = layer.getClassName();
    const {activation} = layer.getConfig();
    const isChain =
      encoder.outputs.length === 1 && layer.inboundNodes.length === 1 && layer.output === expected;
    if (!isChain || (kind !== 'Flatten' && kind !== 'Dense'))
      refuse(`${layer.name} (${kind}) cannot be mirrored`);
    expected = layer.input;
    const inputShape = exampleShape(layer.input);
    return {name: layer.name, inputShape, isDense: kind === 'Dense', activation: String(activation)};
  });
  if (!chain.some(({isDense}) => isDense)) refuse('the encoder has no Dense layer');
  if (encoder.inputs.length !== 1 || expected !== encoder.inputs[0])
    refuse('the encoder is not one chain of layers');
  return chain;
}

/** The shape of one example. */
function exampleShape(value: SymbolicTensor | SymbolicTensor[]): readonly number[] {
  const [symbol] = [value].flat();
  const [, ...lengths] = symbol?.shape ?? [];
  return lengths.map((length) => length ?? refuse('the encoder has an input of unknown length'));
}

function refuse(message: string): never {
  throw new RegularizerError({
    where,
    code: 'unsupported-layer',
    message,
    hint: 'The encoder must be a chain of Dense and Flatten layers.',
  });
}
