import * as tf from '@tensorflow/tfjs-core';
import type {WeightInfo} from '../info.ts';
import {RegularizerError} from '../lib/errors.ts';
import {mendKernels} from './mend.ts';

const convolution = ['Conv2DBackpropFilter'];
const depthwise = ['DepthwiseConv2dNativeBackpropFilter'];

/** The kernels that the gradient in a layer's own weights takes, which not every backend of tfjs has. */
const gradientKernels: Readonly<Record<string, readonly string[]>> = {
  Conv1D: convolution,
  Conv2D: convolution,
  Conv2DTranspose: convolution,
  ConvLSTM2DCell: convolution,
  DepthwiseConv2D: depthwise,
  SeparableConv2D: [...depthwise, ...convolution],
  Conv3D: ['Conv3DBackpropFilterV2'],
  Embedding: ['UnsortedSegmentSum'],
};

/**
 * Makes the current backend ready for training: refuses weights that it has no gradient for, and mends tfjs's kernels on wasm
 * and WebGL.
 *
 * @param weights every weight of the model
 * @throws RegularizerError with code `no-gradient`, which names the layers and the kernels that are missing
 */
export function readyBackend(weights: readonly WeightInfo[]): void {
  const backend = tf.getBackend();
  const missing = new Map<string, string[]>();
  for (const {layer, layerClass, role, owner} of weights) {
    if (owner !== undefined || (role !== 'trained' && role !== 'derived')) continue;
    const kernels = (gradientKernels[layerClass] ?? []).filter((name) => !tf.getKernel(name, backend));
    if (kernels.length > 0) missing.set(`${layer} (${layerClass})`, kernels);
  }
  if (missing.size > 0) refuse(backend, missing);
  mendKernels();
}

const elsewhere =
  'Train on webgl in a browser, or on @regularizers/native in Node; the trained model runs on any backend.';

function refuse(backend: string, missing: ReadonlyMap<string, readonly string[]>): never {
  const kernels = new Set([...missing.values()].flat());
  throw new RegularizerError({
    where: 'trainer',
    code: 'no-gradient',
    message: `the backend ${backend} cannot train ${[...missing.keys()].join(', ')}: it lacks ${[...kernels].join(', ')}`,
    hint: `${elsewhere} Layers with trainable: false need no gradient of their own.`,
  });
}

/** How tfjs says that a backend cannot do something. */
const missingKernel = /Kernel '([^']+)' not registered for backend '([^']+)'/;

/**
 * What a missing kernel is said to be where it shows in the first step only: in a gradient that passes through a
 * frozen layer, in a layer of the user's own, in a model without layers, in a plugin. Other errors stay as they are.
 */
export function explainMissingKernel(error: unknown): unknown {
  const [, kernel, backend] = (error instanceof Error && missingKernel.exec(error.message)) || [];
  if (kernel === undefined || RegularizerError.isInstance(error)) return error;
  return new RegularizerError({
    where: 'trainer',
    code: 'no-gradient',
    message: `the backend ${backend} cannot train this: it lacks ${kernel}`,
    hint: elsewhere,
    cause: error,
  });
}
