import * as tf from '@tensorflow/tfjs-core';
import type {CaseSpec} from '../cases.ts';

/** The operations of our optimizers, on variables. */
export function sameUpdate(
  {optimizer: {kind, learningRate}}: CaseSpec,
  variables: readonly tf.Variable[],
): (loss: () => tf.Scalar) => tf.Scalar {
  const slots = variables.map(() => [] as tf.Variable[]);
  for (const [i, variable] of variables.entries()) {
    for (let slot = kind === 'adam' ? 2 : 1; slot > 0; slot--) {
      slots[i]!.push(tf.variable(tf.zerosLike(variable), false));
    }
  }
  let step = 0;
  return (loss) => {
    step += 1;
    const {value, grads} = tf.variableGrads(loss, [...variables]);
    const rate =
      kind === 'adam'
        ? tf.mul(tf.scalar(learningRate), tf.scalar(Math.sqrt(1 - 0.999 ** step) / (1 - 0.9 ** step)))
        : tf.scalar(learningRate);
    for (const [i, variable] of variables.entries()) {
      const gradient = grads[variable.name]!;
      const [first, second] = slots[i]!;
      if (second) adamUpdate(variable, first!, second, gradient, rate);
      else momentumUpdate(variable, first!, gradient, rate);
    }
    return value;
  };
}

function adamUpdate(
  w: tf.Variable,
  m: tf.Variable,
  v: tf.Variable,
  gradient: tf.Tensor,
  rate: tf.Tensor,
): void {
  const first = tf.add(m, tf.mul(tf.sub(gradient, m), 1 - 0.9));
  const second = tf.add(v, tf.mul(tf.sub(tf.square(gradient), v), 1 - 0.999));
  w.assign(tf.sub(w, tf.mul(tf.div(first, tf.add(tf.sqrt(second), 1e-7)), rate)));
  m.assign(first);
  v.assign(second);
}

function momentumUpdate(w: tf.Variable, velocity: tf.Variable, gradient: tf.Tensor, rate: tf.Tensor): void {
  const next = tf.sub(tf.mul(velocity, 0.9), tf.mul(gradient, rate));
  w.assign(tf.add(w, next));
  velocity.assign(next);
}
