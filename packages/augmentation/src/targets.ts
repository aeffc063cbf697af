import {
  type LossInfo,
  type PortInfo,
  RegularizerError,
  type SetupContext,
  sameShape,
} from '@regularizers/core';
import type {Motion} from './motion.ts';
import type {ImageOptions, TargetPlaces, TargetPolicy} from './options.ts';
import {
  describePort,
  type ImagePlan,
  type OpenShape,
  type Place,
  type PointTarget,
  sizeOf,
  type Touch,
} from './plan.ts';
import {badPlaces, pointTarget} from './points.ts';

/** What has to be known of a technique, to plan what it changes. */
export interface ImageQuestion {
  /** The plugin's name, for messages. */
  readonly where: string;
  readonly touch: Touch;
  readonly options: ImageOptions;
  /** How pixels are moved, where they are. */
  readonly motions?: readonly Motion[];
}

/**
 * What to do with targets that follow their images, for inputs that are images.
 *
 * @throws RegularizerError with code `image-target`, `values-target` or `bad-places`
 */
export function planTargets(
  {outputs, losses}: SetupContext,
  inputs: readonly Place[],
  question: ImageQuestion,
): Pick<ImagePlan, 'outputs' | 'kept' | 'points'> {
  const {where, touch, options} = question;
  const {targets = 'refuse'} = options;
  const places =
    typeof targets === 'string' ? new Map<number, TargetPlaces>() : byOutput(where, targets, outputs);
  const policy = typeof targets === 'string' ? targets : 'refuse';
  const changed: Place[] = [];
  const kept: number[] = [];
  const points: PointTarget[] = [];
  for (const [index, port] of outputs.entries()) {
    const image = imageTarget(port, losses[index], index, inputs, touch);
    const {kind} = places.get(index) ?? {};
    if (kind === 'keypoints' || kind === 'boxes') {
      if (touch === 'places')
        points.push(pointTarget(where, places.get(index)!, {port, index}, question.motions));
    } else if (kind === 'keep' || (image && policy === 'keep')) {
      kept.push(index);
    } else if (image) {
      checkImage(where, port, image, inputs, kind === 'image' ? 'transform' : policy);
      changed.push(image);
    } else if (kind === 'image' && touch === 'places') {
      throw badPlaces(where, `the target of output ${describePort(port)} is no image`);
    } else if (mayBePlaces(port, losses[index], question)) {
      if (policy !== 'keep') throw unknownValues(port, question);
      kept.push(index);
    }
  }
  return {outputs: changed, kept, points};
}

function byOutput(
  where: string,
  targets: TargetPlaces | readonly TargetPlaces[],
  outputs: readonly PortInfo[],
): ReadonlyMap<number, TargetPlaces> {
  const list: readonly TargetPlaces[] = Array.isArray(targets) ? targets : [targets];
  const found = new Map<number, TargetPlaces>();
  for (const places of list) {
    const {output} = places;
    if (output === undefined && outputs.length > 1) {
      throw badPlaces(
        where,
        `the model has ${outputs.length} outputs, and targets says of none which one it is about`,
        `Name it: targets: {kind: '${places.kind}', output: '${outputs[0]!.name}'}.`,
      );
    }
    const index = output === undefined ? 0 : outputs.findIndex(({name}) => name === output);
    if (index < 0 || found.has(index)) {
      throw badPlaces(
        where,
        index < 0
          ? `there is no output ${output}`
          : `targets is about the output ${outputs[index]!.name} twice`,
        `The outputs are: ${outputs.map(({name}) => name).join(', ')}.`,
      );
    }
    found.set(index, places);
  }
  return found;
}

/** Refuses an image that is not to be transformed, or cannot be. */
function checkImage(
  where: string,
  port: PortInfo,
  {shape}: Place,
  inputs: readonly Place[],
  policy: TargetPolicy,
): void {
  const fits = inputs.some((input) => input.shape[0] === shape[0] && input.shape[1] === shape[1]);
  if (policy === 'transform' && fits) return;
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

/**
 * An output whose target depends on where pixels are (`places`) or on their values (`values`), else undefined. A
 * reconstruction has the shape of an input, flat or not; any other map of the image only follows its pixels' places.
 */
function imageTarget(
  {name, shape: [, ...shape]}: PortInfo,
  loss: LossInfo | undefined,
  index: number,
  inputs: readonly Place[],
  touch: Touch,
): Place | undefined {
  const kind = loss?.kind ?? 'values';
  const original = kind === 'classes' ? undefined : inputs.find((input) => resembles(shape, input.shape));
  if (original) {
    return {name, index, shape: original.shape, flat: shape.length !== 3, content: 'pixels'};
  }
  if (touch === 'values' || shape.length !== 3) return undefined;
  return {name, index, shape, flat: false, content: kind === 'values' ? 'pixels' : 'labels'};
}

function resembles(shape: OpenShape, image: OpenShape): boolean {
  if (shape.length === image.length) return sameShape(shape, image);
  return (
    shape.length < image.length &&
    sizeOf([null, ...shape]) === sizeOf([null, ...image]) &&
    !image.includes(null)
  );
}

/**
 * Whether real numbers may say where something is in the image, which nothing about them shows. One number is mixed by
 * area as any other target; what moves pixels may change even that: a steering angle, in a mirror.
 */
function mayBePlaces(
  {shape, activation}: PortInfo,
  loss: LossInfo | undefined,
  {touch, motions}: ImageQuestion,
): boolean {
  const isReal = (loss?.kind ?? 'values') === 'values' && activation !== 'softmax';
  return touch === 'places' && isReal && (motions !== undefined || sizeOf(shape) !== 1);
}

function unknownValues(port: PortInfo, {where, motions}: ImageQuestion): RegularizerError {
  const keep = "Pass targets: 'keep' if they stay what they are wherever things are";
  return new RegularizerError({
    where,
    code: 'values-target',
    message: `the targets of output ${describePort(port)} are real numbers: should they say where something is, they would no longer be true`,
    hint: motions
      ? `${keep}, as an age does; or say what they are: targets: {kind: 'keypoints'} or {kind: 'boxes'}, which move along.`
      : `${keep}; or leave it out: boxes and keypoints of a picture that is pasted over have no meaning.`,
    option: 'targets',
  });
}
