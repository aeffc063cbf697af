import {
  type Batch,
  choosing,
  type PortInfo,
  RegularizerError,
  type SetupContext,
  type SiteInfo,
  type WeightedTarget,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {imageOptions} from './options.ts';
import {describePort, type ImagePlan, type OpenShape, type Place, sizeOf} from './plan.ts';
import {type ImageQuestion, planTargets} from './targets.ts';

/**
 * Finds the images among a model's inputs, and what to do with targets that are images.
 *
 * @throws RegularizerError with code `no-image-input`, `not-an-image`, `channels-first`, or as {@link planTargets}
 */
export function planImages(context: SetupContext, question: ImageQuestion): ImagePlan {
  refuseChannelsFirst(question.where, context.sites);
  const inputs = imageInputs(context, question);
  return {inputs, ...planTargets(context, inputs, question)};
}

/** Where channels came first, an image's rows would be taken for its channels. */
function refuseChannelsFirst(where: string, sites: readonly SiteInfo[]): void {
  const site = sites.find(({config}) => config['dataFormat'] === 'channelsFirst');
  if (!site) return;
  throw new RegularizerError({
    where,
    code: 'channels-first',
    message: `the layer ${site.name} reads images whose channels come first, but here they come last`,
    hint: "Images are [batch, height, width, channels]: build the model with dataFormat: 'channelsLast'.",
  });
}

function imageInputs(
  context: SetupContext,
  {where, options: {inputs: selector, imageShape}}: ImageQuestion,
): Place[] {
  const size = imageShape?.reduce((product, side) => product * side, 1);
  const isImage = ({shape}: PortInfo): boolean =>
    size === undefined ? shape.length === 4 : sizeOf(shape) === size;
  const {inputs: ports} = context;
  if (selector === undefined && !ports.some(isImage)) {
    throw new RegularizerError({
      where,
      code: 'no-image-input',
      message: imageShape
        ? `no input of the model has the ${size} values of imageShape [${imageShape.join(', ')}]`
        : 'no input of the model is an image, [batch, height, width, channels]',
      hint: `The inputs are: ${describePorts(ports)}. For flat images give their shape, such as imageShape: [28, 28, 1].`,
    });
  }
  return choosing(
    where,
    'inputs',
    imageOptions.inputs,
    selector ?? isImage,
  )(context).map((port) => {
    if (!isImage(port)) {
      throw new RegularizerError({
        where,
        code: 'not-an-image',
        message: `input ${describePort(port)} is not an image${imageShape ? ` of shape [${imageShape.join(', ')}]` : ''}`,
        hint: 'Images are [batch, height, width, channels]; for flat ones give their shape, such as imageShape: [28, 28, 1].',
      });
    }
    const flat = port.shape.length !== 4;
    const shape: OpenShape = flat && imageShape ? imageShape : port.shape.slice(1);
    return {name: port.name, index: ports.indexOf(port), shape, flat, content: 'pixels'};
  });
}

/**
 * The batch with `change` applied to the images among its inputs, and to the targets that go along with them.
 *
 * @param change from images `[batch, height, width, channels]` to images of that shape; called once per tensor
 */
export function changeImages(
  batch: Batch,
  plan: ImagePlan,
  change: (images: tf.Tensor4D, place: Place) => tf.Tensor,
): Batch {
  return {
    ...batch,
    inputs: batch.inputs.map((input, index) => {
      const place = plan.inputs.find((one) => one.index === index);
      return place ? asImages(input, place, change) : input;
    }),
    targets: batch.targets.map((entries, index) => {
      const place = plan.outputs.find((one) => one.index === index);
      if (!place) return entries;
      return entries.map(
        ({target, weight}): WeightedTarget => ({target: asImages(target, place, change), weight}),
      );
    }),
  };
}

/** Applies `change` to a tensor as images of real numbers, whatever its shape, and whatever the model declares. */
export function asImages(
  tensor: tf.Tensor,
  place: Place,
  change: (images: tf.Tensor4D, place: Place) => tf.Tensor,
): tf.Tensor {
  const pixels = tensor.dtype === 'float32' ? tensor : tf.cast(tensor, 'float32');
  if (!place.flat) return change(pixels as tf.Tensor4D, place);
  const [height, width, channels] = place.shape as number[];
  return tf.reshape(change(tf.reshape(pixels, [-1, height!, width!, channels!]), place), tensor.shape);
}

function describePorts(ports: readonly PortInfo[]): string {
  return ports.map(describePort).join(', ') || 'none';
}
