import * as tf from '@tensorflow/tfjs-core';
import {backendName} from '../backend.ts';
import {gatherKernel} from './gather.ts';
import {renamedKernels} from './renamed.ts';
import {rotateWithOffsetKernel} from './rotate.ts';
import {transformKernel} from './transform.ts';

const kernels: readonly tf.KernelConfig[] = [transformKernel, rotateWithOffsetKernel, ...renamedKernels];

/** Registers those of our kernels that the backend doesn't have yet, and the one that is better than its own. */
export function registerMissingKernels(): void {
  for (const kernel of kernels) {
    if (!tf.getKernel(kernel.kernelName, backendName)) tf.registerKernel(kernel);
  }
  const {kernelName} = gatherKernel;
  if (tf.getKernel(kernelName, backendName) === gatherKernel) return;
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel(gatherKernel);
}
