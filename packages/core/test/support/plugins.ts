import {defineRegularizer, type Regularizer} from '@regularizers/core';
import {uniform} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';

/** Inverted dropout at one site: randomness inside the step. */
export function siteNoise(site: string, rate = 0.4): Regularizer {
  return defineRegularizer({
    name: 'site-noise',
    setup: () => ({at: [site]}),
    activation: (value, {index}, step) => {
      const kept = tf.greaterEqual(uniform(value.shape, step.key(`mask/${index}`)), rate);
      return tf.div(tf.mul(value, tf.cast(kept, 'float32')), 1 - rate);
    },
  });
}

/** A moving average of the weights, evaluated with: tensors in the state, made inside the step. */
export function average(decay = 0.8): Regularizer {
  return defineRegularizer<'average', undefined, {mean: Record<string, tf.Tensor>; steps: number}>({
    name: 'average',
    owns: ['evaluation'],
    setup: ({initial}) => ({state: {mean: {...initial}, steps: 0}}),
    track: (state, {weights}) => ({
      ...state,
      mean: Object.fromEntries(
        Object.entries(state.mean).map(([name, mean]) => [
          name,
          tf.add(tf.mul(mean, decay), tf.mul(weights[name]!, 1 - decay)),
        ]),
      ),
    }),
    evaluation: ({state}) => state.mean,
  });
}

/** Marks the best epoch and goes back to it: numbers in the state, marks, a stop. */
export function keepBest(patience = 2): Regularizer {
  return defineRegularizer<'keep-best', undefined, {best: number; waited: number}>({
    name: 'keep-best',
    owns: ['restore'],
    setup: () => ({state: {best: Number.POSITIVE_INFINITY, waited: 0}}),
    evaluated: ({validation, train, partial}, {state}) => {
      if (partial) return {};
      const loss = validation?.loss ?? train.loss;
      if (loss < state.best) return {state: {best: loss, waited: 0}, mark: true};
      const waited = state.waited + 1;
      return {state: {...state, waited}, ...(waited >= patience ? {stop: 'no better'} : {})};
    },
    finish: ({marked}) => ({restore: marked}),
  });
}

/** Trains several members on bootstrapped examples. */
export function several(members: number): Regularizer {
  return defineRegularizer({name: 'several', owns: ['members'], members});
}

/** Derives one weight from another by a function. */
export function derive(
  name: string,
  target: string,
  source: string,
  change: (weight: tf.Tensor) => tf.Tensor = (weight) => tf.clone(weight),
): Regularizer {
  return defineRegularizer({
    name,
    setup: () => ({derived: [{name: target, from: [source]}]}),
    derive: (weights) => ({[target]: change(weights[source]!)}),
  });
}

/** Half the squared norm of the named weights, or of all that are trained. */
export function squares(strength: number, include?: readonly string[], name = 'squares'): Regularizer {
  return defineRegularizer<string, readonly string[]>({
    name,
    setup: ({weights}) => ({
      plan:
        include ??
        weights.filter(({role, owner}) => role === 'trained' && owner === undefined).map((info) => info.name),
    }),
    penalty: ({weights}, {plan}) => {
      const sums = plan.map((one) => tf.sum(tf.square(weights[one]!)));
      return tf.mul(
        sums.reduce((so, sum) => tf.add(so, sum), tf.scalar(0)),
        strength / 2,
      ) as tf.Scalar;
    },
  });
}
