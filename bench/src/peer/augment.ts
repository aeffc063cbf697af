import {
  composedMatrices,
  flipMatrix,
  randomAffineMatrix,
  randomFlips,
  randomOffsets,
  resampledImages,
  shiftMatrix,
} from '@regularizers/augmentation';
import {deriveKey, keyTensor} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';

/** Flip, shift and rotate a batch, each image in its own way, as a `pipeline` of the three does: one resample. */
export function augment(images: tf.Tensor4D, step: number): void {
  tf.tidy(() => {
    const [batch, height, width] = images.shape;
    const size = {height, width};
    const key = (purpose: string): ReturnType<typeof keyTensor> => keyTensor(deriveKey(step, purpose));
    const matrices = composedMatrices(
      flipMatrix(randomFlips(batch, key, {horizontal: 0.5}), size),
      shiftMatrix(randomOffsets(batch, key('shift'), {horizontal: 3, vertical: 3})),
      randomAffineMatrix(batch, size, key('affine'), {rotation: 15}),
    );
    resampledImages(images, matrices, {
      interpolation: 'bilinear',
      fillMode: 'constant',
      fillValue: 0,
    }).dataSync();
  });
}
