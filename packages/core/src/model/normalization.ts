import {layers} from '@tensorflow/tfjs-layers';
import {integer, list, nothing, type OptionsOf, oneOf, text} from '../description/option.ts';
import {readOptions} from '../description/read.ts';

/** Options of {@link normalization}. */
export interface NormalizationOptions {
  /** Of an example, where the layer is the first: `[4]`, `[32, 32, 3]`, or `[null, 2]` for sequences of any length. */
  readonly inputShape?: readonly (number | null)[];
  /** Two layers of one model need different ones. @defaultValue 'normalization' */
  readonly layerName?: string;
}

const described = {
  inputShape: list<readonly (number | null)[]>(
    oneOf<number | null>(integer({min: 1, about: 'A side.'}), nothing)({about: 'A side, or null for any.'}),
  )({about: 'The shape of an example, where the layer is the first.'}),
  layerName: text({default: 'normalization', about: "The layer's name."}),
} satisfies OptionsOf<NormalizationOptions>;

/**
 * A layer that takes the mean off each feature and divides it by its deviation, (x − μ) / σ, as Keras's Normalization. `fit`
 * with `standardize: true` finds out both from the training examples; until then it changes nothing. It is a
 * BatchNormalization of TensorFlow.js that is frozen and has neither scale nor offset, and is saved and loaded with the
 * model.
 *
 * @throws RegularizerError for options that are wrong
 *
 * @example
 * ```ts
 * const model = tf.sequential({
 *   layers: [normalization({inputShape: [4]}), tf.layers.dense({units: 3, activation: 'softmax'})],
 * });
 * const trainer = createTrainer({model, loss: 'categoricalCrossentropy', optimizer: adam()});
 * await trainer.fit({x, y}, {epochs: 20, standardize: true, validation: {split: 0.2}});
 * ```
 */
export function normalization(options: NormalizationOptions = {}): layers.Layer {
  const {layerName, inputShape} = readOptions<NormalizationOptions, typeof described>(
    'normalization',
    options,
    described,
  );
  return layers.batchNormalization({
    name: layerName,
    ...(inputShape ? {inputShape: [...inputShape]} : {}),
    center: false,
    scale: false,
    epsilon: 0,
    trainable: false,
  });
}
