import * as tf from '@tensorflow/tfjs-core';
import type {Tensors} from '../info.ts';
import {zip} from '../lib/zip.ts';

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

/** The same of tensors by name: each with its gradient, null where f does not depend on it. */
export function gradientsByName(
  f: () => tf.Scalar,
  xs: Tensors,
  mayBeNone = false,
): Readonly<Record<string, {readonly x: tf.Tensor; readonly gradient: tf.Tensor | null}>> {
  const entries = Object.entries(xs);
  const gradients = gradientsOf(
    f,
    entries.map(([, x]) => x),
    mayBeNone,
  );
  return Object.fromEntries(zip(entries, gradients).map(([[name, x], gradient]) => [name, {x, gradient}]));
}
