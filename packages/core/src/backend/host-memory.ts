import * as tf from '@tensorflow/tfjs-core';

/** Backends whose tensors are in the host's memory, so that looking at three numbers costs nothing. */
const hostBackends = new Set(['cpu', 'tensorflow', 'wasm']);

/** True where each step's numbers can be looked at without waiting for a device. */
export function canCheckEachStep(): boolean {
  return hostBackends.has(tf.getBackend());
}
