import * as tf from '@tensorflow/tfjs-core';

/** The parts of tfjs's engine that its types hide. */
interface TapeState {
  gradientDepth: number;
  activeTape: {readonly saved?: readonly tf.Tensor[]}[] | null;
}

/**
 * ∂f/∂xs, null where f does not depend on an x. Unlike `tf.grads` it takes any xs, and where `f` throws, it
 * disposes of what the tape has saved for the backward pass, which tfjs forgets.
 *
 * @param mayBeNone f may depend on none of the xs
 */
export function gradientsOf(
  f: () => tf.Scalar,
  xs: readonly tf.Tensor[],
  mayBeNone = false,
): readonly (tf.Tensor | null)[] {
  try {
    return tf.engine().gradients(f, [...xs], undefined, mayBeNone).grads;
  } catch (error) {
    const state = tf.engine().state as unknown as TapeState;
    if (state.gradientDepth === 0) {
      for (const {saved = []} of state.activeTape ?? []) tf.dispose([...saved]);
      state.activeTape = null;
    }
    throw error;
  }
}
