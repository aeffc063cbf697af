import type {RegularizerRecipe} from '../regularizers.ts';

/** A regularizer as a study tunes it. */
export interface Family {
  readonly name: string;
  /** What is tuned, with the options that are not. */
  readonly regularizer: RegularizerRecipe;
  /** What goes with it, as it is. */
  readonly beside?: readonly RegularizerRecipe[];
}

/** What a study found, by validation error alone. */
export interface Tuned {
  /** Of its files in `apps/lab/studies`. */
  readonly study: string;
  /** What was tuned of each family alone. */
  readonly alone: Readonly<Record<string, TunedOptions>>;
  /** The families of the best composition, and what was tuned of them. */
  readonly together: Readonly<Record<string, TunedOptions>>;
}

type TunedOptions = Readonly<Record<string, unknown>>;

/** One of each family that there is for an MLP on pictures of 28 × 28, with what is settled of it beforehand. */
export function familiesOnPictures(hidden: readonly number[]): readonly Family[] {
  return [
    {name: 'l2', regularizer: {name: 'l2'}},
    // Turned, moved, stretched and slanted as one strength would have it: by half of the search's interval each.
    {
      name: 'augmentation',
      regularizer: {name: 'randomAffine', translation: 0.1, scale: [0.85, 1.15], shear: 10},
    },
    ...sharing(hidden),
    {name: 'inputNoise', regularizer: {name: 'inputNoise', distribution: 'normal'}},
    {name: 'labelSmoothing', regularizer: {name: 'labelSmoothing'}},
    // By accuracy: the validation loss is at its lowest long before the error is.
    {name: 'earlyStopping', regularizer: {name: 'earlyStopping', monitor: 'validation.accuracy'}},
    {name: 'dropout', regularizer: {name: 'dropout'}},
    {name: 'bagging', regularizer: {name: 'bagging', members: 5, sampleSize: 1}},
  ];
}

/**
 * Both hidden layers as convolutions: 4 × 4 places of overlapping 10 × 10 pixels, then 2 × 2 of 3 × 3 of those places, with
 * as many filters as come to the layers' units. A kernel's gradient is a sum over its places, and what is too long a step
 * for it in the first epochs leaves filters that no example wakes again; clipped, none died.
 */
function sharing([first = 0, second = 0]: readonly number[]): readonly Family[] {
  const [filters, more] = [first / 16, second / 4];
  if (filters < 1 || !Number.isInteger(filters)) return [];
  const below = {layer: 'hidden1', inputShape: [28, 28, 1], kernelSize: 10, strides: 6, filters};
  const above = {layer: 'hidden2', inputShape: [4, 4, filters], kernelSize: 3, filters: more};
  return [
    {
      name: 'sharing',
      regularizer: {name: 'convolve', ...below},
      beside: [
        ...(more >= 1 && Number.isInteger(more) ? [{name: 'convolve', as: 'convolve above', ...above}] : []),
        {name: 'clipGradients', threshold: 1},
      ],
    },
  ];
}
