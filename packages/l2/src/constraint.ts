import {
  type Choice,
  changedTensors,
  defineRegularizer,
  namesOf,
  type Regularizer,
  type Settings,
  type WeightInfo,
} from '@regularizers/core';
import type * as tf from '@tensorflow/tfjs-core';
import {type Axis, resolveAxes} from './units.ts';

/**
 * Kinds of constraints in the order in which those of one weight are applied, whatever the list's order: a sign
 * first, since clamping changes norms; the strictest norm last. Two of one kind come as they are listed.
 */
const kinds = ['sign', 'max-norm', 'min-max-norm', 'unit-norm'] as const;

/** What every constraint's factory hands to {@link constraint}. */
export interface ConstraintParts<Name extends string> {
  readonly name: Name;
  readonly settings: Settings;
  readonly kind: (typeof kinds)[number];
  readonly include: Choice<WeightInfo>;
  readonly axis: Axis | undefined;
  /** The constraint does nothing at this setting. */
  readonly idle?: boolean;
  readonly project: (w: tf.Tensor, axes: readonly number[]) => tf.Tensor;
}

/** A plugin that projects each chosen weight after the update, last of all that changes it. */
export function constraint<Name extends string>(parts: ConstraintParts<Name>): Regularizer<Name> {
  const {name, settings, kind, include, axis, idle = false, project} = parts;
  return defineRegularizer({
    name,
    settings,
    tags: ['constraint', kind],
    after: ['decay', 'shrinkage', 'declared-constraint', ...kinds.slice(0, kinds.indexOf(kind))],
    inListOrder: [kind],
    setup(context) {
      if (idle) return {idle};
      const chosen = include(context);
      return {plan: {names: namesOf(chosen), axes: chosen.map((weight) => resolveAxes(name, weight, axis))}};
    },
    project: (weights, {plan}) =>
      changedTensors(weights, plan.names, (w, _, position) => project(w, plan.axes[position]!)),
  });
}
