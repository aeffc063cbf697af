import {defineRegularizer, type Regularizer, type Tag} from '@regularizers/core';
import type * as tf from '@tensorflow/tfjs-core';
import {changeImages, type ImagePlan, type OpenShape, type Place, planImages, type Touch} from './images.ts';
import {type Keys, type Motion, movedImages, type Reach} from './motion.ts';
import type {ImageOptions} from './options.ts';
import {type Recolouring, recolouredImages} from './recolouring.ts';

/** What a technique says of itself, however it changes images. */
interface Described<Name extends string> {
  readonly name: Name;
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
  readonly recolouring: Recolouring;
}

/** A technique that blanks parts of images. */
export interface Erasing<Name extends string = string> extends Described<Name> {
  readonly kind: 'erasing';
  readonly change: Change;
}

/** A technique that changes images and leaves the list of targets alone. */
export type ImageTechnique<Name extends string = string> = Moving<Name> | Colouring<Name> | Erasing<Name>;

/** A plugin of one technique, which `pipeline` can take apart. */
export interface ImageRegularizer<Name extends string = string> extends Regularizer<Name, ImagePlan, null> {
  readonly technique: ImageTechnique<Name>;
}

/** What the technique does to pixels. */
export function touchOf({kind}: ImageTechnique): Touch {
  return kind === 'moving' ? 'places' : 'values';
}

/** What the technique does to a batch of images. */
export function changeOf(technique: ImageTechnique): Change {
  if (technique.kind === 'erasing') return technique.change;
  if (technique.kind === 'colouring') {
    return (images, keys) => recolouredImages(images, technique.recolouring, keys);
  }
  const {motion, alone} = technique;
  return alone ?? ((images, keys, content) => movedImages(images, motion, keys, content));
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
  const {name, idle, options} = technique;
  const change = changeOf(technique);
  const plugin = defineRegularizer<Name, ImagePlan, null>({
    name,
    ...placeInOrder([technique]),
    setup: (context) => {
      if (idle) return {idle};
      const plan = planImages(context, {where: name, touch: touchOf(technique), options});
      for (const {shape} of plan.inputs) technique.check?.(shape);
      return {plan};
    },
    batch: (batch, step) =>
      changeImages(batch, step.plan, (images, content) =>
        change(images, (purpose) => step.key(purpose), content),
      ),
  });
  return {...plugin, technique};
}
