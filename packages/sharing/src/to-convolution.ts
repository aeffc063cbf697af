import {
  checkLayersModel,
  type OptionsOf,
  option,
  RegularizerError,
  readOptions,
  showShape,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, type layers, models} from '@tensorflow/tfjs-layers';
import {checkConvolution, convolutionOptions} from './convolution-options.ts';
import {
  type ConvolutionGeometry,
  type ConvolutionOptions,
  nearestKernel,
  repeatedBias,
  toeplitz,
} from './toeplitz.ts';
import {type LayerEntry, readTopology, replaceLayer} from './topology.ts';

const where = 'toConvolution';

/** Options of {@link toConvolution}; those of the `convolve` that the model was trained with. */
export interface ToConvolutionOptions extends ConvolutionOptions {
  /** Name of the Dense layer, at the model's top level. */
  readonly layer: string;
  /**
   * How far the dense matrix may be from a convolution's, as a share of its largest element, in [0, ∞).
   *
   * @defaultValue 1e-5
   */
  readonly tolerance?: number;
}

const described = {
  layer: option.text({about: "Name of the Dense layer, at the model's top level.", required: true}),
  tolerance: option.number({
    min: 0,
    default: 1e-5,
    about: "How far the dense matrix may be from a convolution's, as a share of its largest element.",
  }),
  ...convolutionOptions,
} satisfies OptionsOf<ToConvolutionOptions>;

/**
 * The same model with a convolution layer in place of a Dense layer whose matrix is a convolution's, as
 * `convolve` leaves it.
 *
 * The Dense layer `fc` becomes `fc_reshape`, `fc_convolution` and a flattening layer `fc`; all other layers keep
 * their names and weights. The given model is left as it is.
 *
 * @param model a Sequential or functional model
 * @param options the layer, and the convolution that it is
 * @returns a new model, which the caller owns
 * @throws RegularizerError with code `not-a-convolution` if the matrix or the bias is not that of such a convolution,
 *   `nothing-selected` if there is no such layer
 *
 * @example
 * ```ts
 * const convolution = {layer: 'fc', inputShape: [8, 8, 1], kernelSize: 3, filters: 2} as const;
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.dense({units: 6 * 6 * 2, inputShape: [64], name: 'fc'}),
 *     tf.layers.dense({units: 3, activation: 'softmax'}),
 *   ],
 * });
 * const trainer = createTrainer({model, loss, optimizer, regularizers: [convolve(convolution)]});
 * await trainer.fit({x: normal([64, 64], key), y}, {epochs: 2});
 * const small = await toConvolution(model, convolution); // with a Conv2D layer
 * ```
 */
export async function toConvolution(model: LayersModel, options: ToConvolutionOptions): Promise<LayersModel> {
  const {layer: name, tolerance, ...convolution} = readOptions(where, options, described);
  checkLayersModel(where, model);
  const geometry = checkConvolution(where, convolution);
  const dense = findDense(model, name);
  const weights = await convolutionWeights(dense, geometry, tolerance);
  try {
    const topology = replaceLayer(readTopology(model), name, (entry) =>
      chainFor(entry, convolution, geometry),
    );
    const converted = await models.modelFromJSON({modelTopology: topology});
    for (const layer of converted.layers) {
      const {name: itsName} = layer;
      if (itsName === `${name}_convolution`) layer.setWeights([...weights]);
      else if (itsName !== name && layer.weights.length > 0)
        layer.setWeights(layerOf(model, itsName).getWeights());
    }
    return converted;
  } finally {
    tf.dispose([...weights]);
  }
}

function findDense(model: LayersModel, name: string): layers.Layer {
  const dense = model.layers.filter((layer) => layer.getClassName() === 'Dense');
  const found = dense.find((layer) => layer.name === name);
  if (found !== undefined) return found;
  const names = dense.map((layer) => layer.name);
  throw new RegularizerError({
    where,
    code: 'nothing-selected',
    message: `layer: ${JSON.stringify(name)} is no Dense layer at the top level of this model`,
    hint: `There are: ${names.join(', ') || 'none'}.`,
    option: 'layer',
    received: name,
    allowed: {enum: names},
  });
}

function layerOf(model: LayersModel, name: string): layers.Layer {
  // A Sequential that was built late keeps its layers in an inner model, where getLayer does not look.
  return model.layers.find((layer) => layer.name === name) ?? model.getLayer(name);
}

/** The convolution's kernel, and its bias if the Dense layer has one. */
async function convolutionWeights(
  dense: layers.Layer,
  geometry: ConvolutionGeometry,
  tolerance: number,
): Promise<readonly tf.Tensor[]> {
  const [matrix, bias] = dense.getWeights();
  const {rows, columns, filters} = geometry;
  if (matrix?.shape[0] !== rows || matrix.shape[1] !== columns) {
    throw new RegularizerError({
      where,
      code: 'shape-mismatch',
      message: `the kernel of ${dense.name} is ${showShape(matrix?.shape ?? [])}, a convolution of this shape has [${rows}, ${columns}]`,
    });
  }
  const {weights, away} = tf.tidy(() => {
    const kernel = nearestKernel(matrix, geometry);
    const shared = bias && tf.mean(tf.reshape(bias, [-1, filters]), 0);
    const distances = [relativeDistance(matrix, toeplitz(kernel, geometry))];
    if (bias && shared) distances.push(relativeDistance(bias, repeatedBias(shared, geometry)));
    return {weights: shared ? [kernel, shared] : [kernel], away: tf.stack(distances)};
  });
  const [ofKernel = 0, ofBias = 0] = await away.data();
  away.dispose();
  if (ofKernel <= tolerance && ofBias <= tolerance) return weights;
  tf.dispose(weights);
  const [what, distance] = ofKernel <= tolerance ? ['bias', ofBias] : ['kernel', ofKernel];
  throw new RegularizerError({
    where,
    code: 'not-a-convolution',
    message: `the ${what} of ${dense.name} is ${distance.toPrecision(3)} of its largest element away from that of such a convolution`,
    hint: 'Train it with convolve() of the same options (and sharedBias: true), or raise tolerance.',
  });
}

/** max|a − b| / max|a|, and 0 where both are zero. */
function relativeDistance(a: tf.Tensor, b: tf.Tensor): tf.Scalar {
  return tf.divNoNan(tf.max(tf.abs(tf.sub(a, b))), tf.max(tf.abs(a)));
}

function chainFor(
  {config}: LayerEntry,
  {inputShape, strides = 1, padding = 'valid'}: ConvolutionOptions,
  {axes, filters}: ConvolutionGeometry,
): readonly LayerEntry[] {
  const {name, activation, use_bias, trainable, batch_input_shape, dtype} = config;
  const input = batch_input_shape === undefined ? {} : {batch_input_shape, dtype};
  // A softmax is over all units of the Dense layer, not over the filters of one position.
  const isWhole = activation === 'softmax';
  const convolution = {
    filters,
    kernel_size: axes.map(({kernel}) => kernel),
    strides: typeof strides === 'number' ? axes.map(() => strides) : [...strides],
    padding,
    activation: isWhole ? 'linear' : activation,
    use_bias,
    trainable,
    name: `${name}_convolution`,
  };
  return [
    {
      class_name: 'Reshape',
      config: {...input, target_shape: [...inputShape], trainable, name: `${name}_reshape`},
    },
    {class_name: axes.length === 1 ? 'Conv1D' : 'Conv2D', config: convolution},
    ...(isWhole ? [{class_name: 'Flatten', config: {name: `${name}_flatten`, trainable}}] : []),
    isWhole
      ? {class_name: 'Activation', config: {name, activation, trainable}}
      : {class_name: 'Flatten', config: {name, trainable}},
  ];
}
