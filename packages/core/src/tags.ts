/** What each tag means: what a plugin that carries it does. */
const meanings = {
  subset: 'Trains each member on some of the examples, the same in every epoch.',
  balancing: 'Draws examples so that classes come more alike.',
  augmentation: 'Changes inputs one by one, as pictures are moved and recoloured.',
  erasing: 'Blanks parts of inputs.',
  mixing: 'Makes one example of several, inputs and targets.',
  'input-noise': 'Puts noise on inputs, or replaces elements of them.',
  adversarial: 'Moves inputs to where the loss is larger.',
  'label-smoothing': 'Moves targets toward the uniform distribution.',
  bootstrap: "Mixes targets with the model's own outputs.",
  'weight-noise': 'Puts noise on the weights that the model reads.',
  'weight-mask': 'Drops elements of the weights that the model reads.',
  'declared-activation': 'Does at a site what the layer there declares itself, such as a dropout layer.',
  'activation-noise': 'Puts noise on values at sites.',
  'activation-mask': 'Drops elements of values at sites, or multiplies them by noise.',
  'branch-mask': 'Drops whole branches, which sites hand on.',
  sharpness: 'Takes the gradient at other weights than those that there are.',
  clipping: 'Limits gradients.',
  'gradient-noise': 'Puts noise on gradients.',
  decay: 'Takes a share of themselves from weights after the update.',
  shrinkage: 'Moves weights toward zero by the same amount after the update, no further than zero.',
  constraint: 'Puts weights back into a set after the update, which they have to be in when the step ends.',
  'declared-constraint': 'Puts weights back into the set that their layer declares itself.',
  sign: 'Constrains the sign of weights.',
  'max-norm': 'Constrains norms of weights from above.',
  'min-max-norm': 'Constrains norms of weights from both sides.',
  'unit-norm': 'Constrains norms of weights to one.',
  'partial-update':
    'Lets some weights have a share only of what an update has done to them, or nothing of it yet.',
} as const;

/**
 * What a plugin does, in a word that others may go by: {@link tags} says what each means. The words are core's, so that
 * packages which know nothing of each other mean the same by them.
 */
export type Tag = keyof typeof meanings;

/** The tags that there are, and what each means, in one sentence. */
export const tags: Readonly<Record<Tag, string>> = meanings;

/** Other plugins of a trainer: all that carry a tag, or the one of a name. */
export type Others = Tag | {readonly plugin: string};

/** True for a word that is a tag. */
export function isTag(word: unknown): word is Tag {
  return typeof word === 'string' && Object.hasOwn(tags, word);
}
