import * as tf from '@tensorflow/tfjs-core';
import {clipByValue, relu6} from './clamp.ts';
import {isWasm, type Replacement} from './compose.ts';
import {biasedConvolution} from './convolution.ts';
import {oneHot} from './one-hot.ts';
import {prelu} from './prelu.ts';
import {fusedProduct, product} from './products.ts';

/** What tfjs 4.22 does slowly or wrongly on wasm. */
const replacements: Readonly<Record<string, Replacement>> = {
  BatchMatMul: product,
  _FusedMatMul: fusedProduct,
  FusedConv2D: biasedConvolution,
  FusedDepthwiseConv2D: biasedConvolution,
  OneHot: oneHot,
  Prelu: prelu,
  ClipByValue: clipByValue,
  Relu6: relu6,
};

const ours = new WeakSet<tf.KernelFunc>();

/**
 * On wasm, puts kernels of our own in place of some of tfjs's, for as long as the backend lives; elsewhere it does
 * nothing, as when it is called again. Where tfjs's results are right, ours are the same up to the order of sums.
 */
export function mendWasm(): void {
  if (!isWasm()) return;
  const backendName = tf.getBackend();
  for (const [kernelName, replacement] of Object.entries(replacements)) {
    const stock = tf.getKernel(kernelName, backendName);
    if (!stock || ours.has(stock.kernelFunc)) continue;
    const kernelFunc = replacement(stock.kernelFunc);
    ours.add(kernelFunc);
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({...stock, kernelFunc});
  }
}
