import type {Regularizer} from '@regularizers/core';

/**
 * Where masks come among what changes the values at a site: after what the layer there declares itself, and after
 * noise, so that a unit that is dropped is off. Masks only scale, so their order among themselves does not matter.
 */
export const maskOrder: Required<Pick<Regularizer, 'tags' | 'after'>> = {
  tags: ['activation-mask'],
  after: ['declared-activation', 'activation-noise'],
};
