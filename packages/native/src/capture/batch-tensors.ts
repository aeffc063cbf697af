import type {Batch} from '@regularizers/core';
import type {Tensor} from '@tensorflow/tfjs-core';

/** A batch's tensors in a fixed order. */
export function batchTensors({inputs, targets}: Batch): Tensor[] {
  const ofTargets = targets
    .flat()
    .flatMap(({target, weight}) => (typeof weight === 'number' ? [target] : [target, weight]));
  return [...inputs, ...ofTargets];
}
