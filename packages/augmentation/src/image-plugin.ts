import {type Batch, defineRegularizer, type Regularizer, type Settings, type Tag} from '@regularizers/core';
import type * as tf from '@tensorflow/tfjs-core';
import {changeImages, planImages} from './images.ts';
import {type Keys, type Motion, movedImages, type Reach} from './motion.ts';
import type {ImageOptions, Interval, PixelRange} from './options.ts';
import {adaptedPixels, explainedPixels, type PixelState, pixelState, settledRange} from './pixel-range.ts';
import type {ImagePlan, OpenShape, Place, Touch} from './plan.ts';
import {movePoints} from './points.ts';
import {type Recolouring, recolouredImages} from './recolouring.ts';

/** What a technique says of itself, however it changes images. */
interface Described<Name extends string> {
  readonly name: Name;
  /** Its options, defaults included, for `trainer.explain()`. */
  readonly settings: Settings;
  /** At this setting nothing happens. */
  readonly idle: boolean;
  readonly options: ImageOptions;
  /** Refuses images of a size that the settings don't fit. */
  check?(shape: OpenShape): void;
}

/**
 * The changed images; it runs once per image input, and with the same keys draws the same numbers.
 *
 * @param images `[batch, height, width, channels]`
 * @param keys a key for each purpose
 * @param content pixel values, or labels of pixels
 */
export type Change = (images: tf.Tensor4D, keys: Keys, content: Place['content']) => tf.Tensor;

/** A technique that moves pixels about. */
export interface Moving<Name extends string = string> extends Described<Name> {
  readonly kind: 'moving';
  readonly motion: Motion;
  /** The largest whole-pixel shift. */
  readonly reach?: Reach;
  /** What it does where it is not merged with others. @defaultValue a resample by `motion` */
  readonly alone?: Change;
}

/** A technique that maps colours linearly. */
export interface Colouring<Name extends string = string> extends Described<Name> {
  readonly kind: 'colouring';
  /** The pixel range, which the result is clipped to. */
  readonly range: PixelRange;
  readonly recolouring: Recolouring;
}

/** A technique that blanks parts of images. */
export interface Erasing<Name extends string = string> extends Described<Name> {
  readonly kind: 'erasing';
  /** The pixel range, where what is filled in depends on it. */
  readonly range?: PixelRange;
  /** The changed images, as {@link Change}; with the pixel range, if there is one. */
  change(images: tf.Tensor4D, keys: Keys, range: Interval | undefined): tf.Tensor;
}

/** A technique that changes images and leaves the list of targets alone. */
export type ImageTechnique<Name extends string = string> = Moving<Name> | Colouring<Name> | Erasing<Name>;

/** A plugin of one technique, which `pipeline` can take apart. */
export interface ImageRegularizer<Name extends string = string>
  extends Regularizer<Name, ImagePlan, PixelState> {
  readonly technique: ImageTechnique<Name>;
}

/** What the technique does to pixels. */
export function touchOf({kind}: ImageTechnique): Touch {
  return kind === 'moving' ? 'places' : 'values';
}

/** The pixel ranges that techniques go by. */
export function rangesOf(techniques: readonly ImageTechnique[]): readonly PixelRange[] {
  return techniques.flatMap((technique) =>
    technique.kind === 'moving' || !technique.range ? [] : [technique.range],
  );
}

/** How techniques move pixels. */
export function motionsOf(techniques: readonly ImageTechnique[]): readonly Motion[] {
  return techniques.flatMap((technique) => (technique.kind === 'moving' ? [technique.motion] : []));
}

/** A batch after the technique: its images, and what goes along with them. */
export function changedBatch(
  technique: ImageTechnique,
  batch: Batch,
  {plan, state, keys}: {readonly plan: ImagePlan; readonly state: PixelState; readonly keys: Keys},
): Batch {
  const changed = changeImages(batch, plan, (images, place) => {
    const found = state?.ranges?.[[...plan.inputs, ...plan.outputs].indexOf(place)];
    return changedImages(technique, images, keys, place.content, found);
  });
  return technique.kind === 'moving' ? movePoints(changed, plan, technique.motion, keys) : changed;
}

function changedImages(
  technique: ImageTechnique,
  images: tf.Tensor4D,
  keys: Keys,
  content: Place['content'],
  found: Interval | undefined,
): tf.Tensor {
  switch (technique.kind) {
    case 'moving': {
      const {motion, alone} = technique;
      return alone ? alone(images, keys, content) : movedImages(images, motion, keys, content);
    }
    case 'colouring':
      return recolouredImages(images, technique.recolouring, keys, settledRange(technique.range, found));
    case 'erasing':
      return technique.change(images, keys, technique.range && settledRange(technique.range, found));
  }
}

/** The hooks of techniques that go by the pixel range, for the plan of what they change the values of. */
export function pixelHooks<Plan>(
  where: string,
  ranges: readonly PixelRange[],
  planOf: (plan: Plan) => ImagePlan,
): Pick<Regularizer<string, Plan, PixelState>, 'adapt' | 'explain'> {
  if (ranges.length === 0) return {};
  return {
    adapt: (data, {plan, state}) => adaptedPixels(where, {plan: planOf(plan), ranges, state}, data),
    explain: ({plan, state}) => explainedPixels(planOf(plan), ranges, state),
  };
}

/** Moved and recoloured images come before erased ones, and both before mixed ones; among themselves the list decides. */
export function placeInOrder(
  techniques: readonly ImageTechnique[],
): Required<Pick<Regularizer, 'tags' | 'before' | 'after' | 'inListOrder'>> {
  const erases = ({kind}: ImageTechnique): boolean => kind === 'erasing';
  const changes: readonly Tag[] = techniques.every(erases) ? [] : ['augmentation'];
  return {
    tags: techniques.some(erases) ? [...changes, 'erasing'] : changes,
    // An image that is erased after mixing would keep the label of what was erased.
    before: ['mixing'],
    after: techniques.every(erases) ? ['augmentation'] : [],
    inListOrder: ['augmentation', 'erasing'],
  };
}

/** The plugin of a technique that changes images. */
export function imagePlugin<Name extends string>(technique: ImageTechnique<Name>): ImageRegularizer<Name> {
  const {name, settings, idle, options} = technique;
  const ranges = rangesOf([technique]);
  const {adapt, explain} = pixelHooks(name, ranges, (plan: ImagePlan) => plan);
  const plugin = defineRegularizer<Name, ImagePlan, PixelState>({
    name,
    settings,
    ...placeInOrder([technique]),
    setup: (context) => {
      if (idle) return {idle};
      const motions = motionsOf([technique]);
      const plan = planImages(context, {where: name, touch: touchOf(technique), options, motions});
      for (const {shape} of plan.inputs) technique.check?.(shape);
      return {plan, ...pixelState(plan, ranges)};
    },
    ...(adapt && {adapt}),
    batch: (batch, {plan, state, key}) => changedBatch(technique, batch, {plan, state, keys: key}),
    ...(explain && {explain}),
  });
  return {...plugin, technique};
}
