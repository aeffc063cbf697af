// What penalties of activations have in common.
import {
  type Choice,
  defineRegularizer,
  type Named,
  namesOf,
  type Option,
  option,
  type Regularizer,
  type Selector,
  type SelectorOption,
  type Settings,
  type SiteInfo,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {total} from './weights.ts';

/** Options of the penalties of activations. */
export interface ActivityOptions<Name extends string = string> extends Named<Name> {
  /** Sites whose values are penalized. */
  readonly at: Selector<SiteInfo>;
  /** a, in [0, ∞). @defaultValue 1e-4 */
  readonly strength?: number;
}

/** The option `at`. */
export const atOption: SelectorOption<SiteInfo> & {readonly required: true} = option.sites({
  about: 'Sites whose values are penalized.',
  required: true,
});

/** The option `strength`. */
export function strengthOption(about: string): Option<number> & {readonly default: 1e-4} {
  return option.number({
    min: 0,
    default: 1e-4,
    nothing: 0,
    about,
    search: {from: 1e-6, to: 1e-2, scale: 'log'},
  });
}

/** A penalty of the values at some sites. */
export interface ActivityParts<Name extends string> {
  readonly name: Name;
  readonly settings: Settings;
  readonly at: Choice<SiteInfo>;
  readonly strength: number;
  readonly penalty: (values: readonly tf.Tensor[], options: ActivityPenaltyOptions) => tf.Scalar;
}

/** What the penalty of some values needs to know besides. */
export interface ActivityPenaltyOptions {
  /** a, in [0, ∞). */
  readonly strength: number;
  /** Examples in the batch, over which the mean is taken. */
  readonly examples: number;
}

/** A plugin that penalizes what layers hand on, as the layers behind them read it: noise and masks included. Padding costs nothing. */
export function activityPenalty<Name extends string>({
  name,
  settings,
  at,
  strength,
  penalty,
}: ActivityParts<Name>): Regularizer<Name> {
  return defineRegularizer({
    name,
    settings,
    setup: (context) => (strength === 0 ? {idle: true} : {observe: namesOf(at(context))}),
    penalty: ({sites, masks, batch}) =>
      penalty(
        Object.entries(sites).map(([site, value]) => withoutPadding(value, masks[site])),
        {strength, examples: batch.size},
      ),
  });
}

/** Values with zeros where the model's input is padding. */
function withoutPadding(value: tf.Tensor, mask: tf.Tensor | undefined): tf.Tensor {
  if (!mask) return value;
  return tf.mul(value, tf.reshape(mask, [...mask.shape, ...value.shape.slice(mask.rank).map(() => 1)]));
}

/** factor · the sum over all values and their elements of f, for each example. */
export function meanOverExamples(
  values: readonly tf.Tensor[],
  f: (value: tf.Tensor) => tf.Tensor,
  factor: number,
  examples: number,
): tf.Scalar {
  return tf.mul<tf.Scalar>(total(values.map((value) => tf.sum<tf.Scalar>(f(value)))), factor / examples);
}
