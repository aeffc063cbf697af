import {defineRegularizer, type Regularizer} from '@regularizers/core';
import type {Key} from '@regularizers/random';
import type * as tf from '@tensorflow/tfjs-core';
import {changeImages, type ImagePlan, type OpenShape, type Place, planImages, type Touch} from './images.ts';
import type {ImageOptions} from './options.ts';

/** A technique that changes images and leaves the list of targets alone. */
export interface ImageTechnique<Name extends string> {
  readonly name: Name;
  /** Moved and recoloured images come before erased ones, and both before mixed ones. */
  readonly stage: 'augmentation' | 'erasing';
  readonly touch: Touch;
  /** At this setting nothing happens. */
  readonly idle: boolean;
  readonly options: ImageOptions;
  /** Refuses images of a size that the settings don't fit. */
  check?(shape: OpenShape): void;
  /** The changed images; it runs once per image input, and with the same keys draws the same numbers. */
  change(images: tf.Tensor4D, key: (purpose: string) => Key, content: Place['content']): tf.Tensor;
}

/** The plugin of a technique that changes images. */
export function imagePlugin<Name extends string>({
  name,
  stage,
  touch,
  idle,
  options,
  check,
  change,
}: ImageTechnique<Name>): Regularizer<Name, ImagePlan, null> {
  return defineRegularizer<Name, ImagePlan, null>({
    name,
    tags: [stage],
    // An image that is erased after mixing would keep the label of what was erased.
    before: ['mixing'],
    after: stage === 'erasing' ? ['augmentation'] : [],
    setup: (context) => {
      if (idle) return {idle};
      const plan = planImages(context, {where: name, touch, options});
      for (const {shape} of plan.inputs) check?.(shape);
      return {plan};
    },
    batch: (batch, step) =>
      changeImages(batch, step.plan, (images, content) =>
        change(images, (purpose) => step.key(purpose), content),
      ),
  });
}
