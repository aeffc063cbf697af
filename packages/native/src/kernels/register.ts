import {getKernel, type KernelConfig, registerKernel} from '@tensorflow/tfjs-core';
import {backendName} from '../backend.ts';
import {renamedKernels} from './renamed.ts';
import {rotateWithOffsetKernel} from './rotate.ts';
import {transformKernel} from './transform.ts';

const kernels: readonly KernelConfig[] = [transformKernel, rotateWithOffsetKernel, ...renamedKernels];

/** Registers those of our kernels that the backend doesn't have yet. */
export function registerMissingKernels(): void {
  for (const kernel of kernels) {
    if (!getKernel(kernel.kernelName, backendName)) registerKernel(kernel);
  }
}
