import {
  type Batch,
  choosing,
  type LossInfo,
  type PortInfo,
  RegularizerError,
  type SetupContext,
  sameShape,
  type WeightedTarget,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {type ImageOptions, imageOptions} from './options.ts';

/** Sides and channels of an image, `null` where the model leaves them open. */
export type OpenShape = readonly (number | null)[];

/** What a technique does to pixels: it moves them about, or it changes their values in place. */
export type Touch = 'places' | 'values';

/** One input, or one output whose target changes along with the inputs. */
export interface Place {
  /** Position among the model's inputs or outputs. */
  readonly index: number;
  /** `[height, width, channels]`. */
  readonly shape: OpenShape;
  /** The tensor has another rank and is reshaped for the technique. */
  readonly flat: boolean;
  /** Pixel values, or labels of pixels, which must not be blended. */
  readonly content: 'pixels' | 'labels';
}

/** What a technique's `setup` worked out: which tensors of a batch it changes. */
export interface ImagePlan {
  readonly inputs: readonly Place[];
  readonly outputs: readonly Place[];
  /** Outputs whose targets stay as they are although they are images. */
  readonly kept: readonly number[];
}

/** What {@link planImages} needs to know of the technique. */
export interface ImageQuestion {
  /** The plugin's name, for messages. */
  readonly where: string;
  readonly touch: Touch;
  readonly options: ImageOptions;
}

/**
 * Finds the images among a model's inputs, and what to do with targets that are images.
 *
 * @throws RegularizerError with code `no-image-input`, `not-an-image` or `image-target`
 */
export function planImages(context: SetupContext, question: ImageQuestion): ImagePlan {
  const inputs = imageInputs(context, question);
  return {inputs, ...imageTargets(context, inputs, question)};
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
    return {index: ports.indexOf(port), shape, flat, content: 'pixels'};
  });
}

/** What to do with targets that are images, for inputs that are. */
export function imageTargets(
  {outputs, losses}: SetupContext,
  inputs: readonly Place[],
  {where, touch, options: {targets = 'refuse'}}: ImageQuestion,
): Pick<ImagePlan, 'outputs' | 'kept'> {
  const concerned = outputs.flatMap(
    (port, index) => imageTarget(port, losses[index], index, inputs, touch) ?? [],
  );
  if (concerned.length === 0 || targets === 'keep') {
    return {outputs: [], kept: concerned.map(({index}) => index)};
  }
  for (const {index, shape} of concerned) {
    const fits = inputs.some((input) => input.shape[0] === shape[0] && input.shape[1] === shape[1]);
    if (targets === 'transform' && fits) continue;
    const port = outputs[index]!;
    throw new RegularizerError({
      where,
      code: 'image-target',
      message: fits
        ? `the target of output ${describePort(port)} is an image as well: changing only the input would teach the model to undo the augmentation`
        : `the target of output ${describePort(port)} is an image of another size than the input and can't be changed along with it`,
      hint: fits
        ? "Pass targets: 'transform' to change the target in the same way, or targets: 'keep' to leave it (denoising)."
        : "Pass targets: 'keep' if it should stay as it is.",
    });
  }
  return {outputs: concerned, kept: []};
}

/**
 * An output whose target depends on where pixels are (`places`) or on their values (`values`), else undefined. A
 * reconstruction has the shape of an input, flat or not; any other map of the image only follows its pixels' places.
 */
function imageTarget(
  {shape: [, ...shape]}: PortInfo,
  loss: LossInfo | undefined,
  index: number,
  inputs: readonly Place[],
  touch: Touch,
): Place | undefined {
  const kind = loss?.kind ?? 'values';
  const original = kind === 'classes' ? undefined : inputs.find((input) => resembles(shape, input.shape));
  if (original) {
    return {index, shape: original.shape, flat: shape.length !== 3, content: 'pixels'};
  }
  if (touch === 'values' || shape.length !== 3) return undefined;
  return {index, shape, flat: false, content: kind === 'values' ? 'pixels' : 'labels'};
}

/**
 * The batch with `change` applied to the images among its inputs, and to the targets that go along with them.
 *
 * @param change from images `[batch, height, width, channels]` to images of that shape; called once per tensor
 */
export function changeImages(
  batch: Batch,
  plan: ImagePlan,
  change: (images: tf.Tensor4D, content: Place['content']) => tf.Tensor,
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

/** Applies `change` to a tensor as images, whatever its shape. */
export function asImages(
  tensor: tf.Tensor,
  {shape, flat, content}: Place,
  change: (images: tf.Tensor4D, content: Place['content']) => tf.Tensor,
): tf.Tensor {
  if (!flat) return change(tensor as tf.Tensor4D, content);
  const [height, width, channels] = shape as number[];
  return tf.reshape(change(tf.reshape(tensor, [-1, height!, width!, channels!]), content), tensor.shape);
}

function resembles(shape: OpenShape, image: OpenShape): boolean {
  if (shape.length === image.length) return sameShape(shape, image);
  return (
    shape.length < image.length &&
    sizeOf([null, ...shape]) === sizeOf([null, ...image]) &&
    !image.includes(null)
  );
}

/** Values per example, or NaN where a side is open. */
function sizeOf([, ...shape]: OpenShape): number {
  return shape.reduce<number>((product, side) => product * (side ?? Number.NaN), 1);
}

function describePorts(ports: readonly PortInfo[]): string {
  return ports.map(describePort).join(', ') || 'none';
}

function describePort({name, shape}: PortInfo): string {
  return `${name} [${shape.map((side, axis) => side ?? (axis === 0 ? 'batch' : '?')).join(', ')}]`;
}
