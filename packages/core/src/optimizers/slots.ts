import * as tf from '@tensorflow/tfjs-core';
import type {Tensors} from '../info.ts';
import {entryOf} from '../lib/item.ts';
import {mapValues} from '../lib/map-values.ts';
import type {LearningRate, Optimizer} from './optimizer.ts';

/** Tensors by the weights that they go with, by slot. */
export type Slots<Slot extends string = string> = Readonly<Record<Slot, Tensors>>;

/** An optimizer that treats each weight alike, and keeps for each a few tensors of its shape. */
export interface SlotsRule<Slot extends string> {
  readonly name: string;
  readonly learningRate: LearningRate;
  /** What each slot is filled with at first. */
  readonly slots: Readonly<Record<Slot, number>>;
  scalars?(step: number): Readonly<Record<string, number>>;
  /** One weight's update; the slots are all those of the rule, and all come back. */
  update(
    weight: tf.Tensor,
    gradient: tf.Tensor,
    slots: Readonly<Record<Slot, tf.Tensor>>,
    learningRate: tf.Scalar,
    scalars: Readonly<Record<string, tf.Scalar>>,
  ): {readonly weight: tf.Tensor; readonly slots: Readonly<Record<Slot, tf.Tensor>>};
}

/** The optimizer of a rule. */
export function slotsOptimizer<Slot extends string>({
  name,
  learningRate,
  slots,
  scalars,
  update,
}: SlotsRule<Slot>): Optimizer<Slots<Slot>> {
  return {
    name,
    learningRate,
    init: (weights) => mapValues(slots, (value) => mapValues(weights, ({shape}) => tf.fill(shape, value))),
    ...(scalars ? {scalars} : {}),
    update(weights, gradients, step) {
      const results = mapValues(weights, (weight, at) =>
        update(
          weight,
          entryOf(gradients, at),
          mapValues(step.state, (tensors) => entryOf(tensors, at)),
          step.learningRate,
          step.scalars,
        ),
      );
      return {
        weights: mapValues(results, ({weight}) => weight),
        state: mapValues(slots, (_, slot) => mapValues(results, (result) => result.slots[slot])),
      };
    },
  };
}
