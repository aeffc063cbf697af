import {RegularizerError} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {type DataSet, splitNames} from './data/data-set.ts';

/**
 * Refuses data that WebGL cannot hold: a tensor is one texture, whose sides have a largest length. To be called before
 * any tensor is made of it; on other backends everything fits that is in memory.
 *
 * @throws RegularizerError with code `too-large`
 */
export function checkTextureSize(data: DataSet): void {
  if (!('runWebGLProgram' in tf.backend())) return;
  const most = tf.env().getNumber('WEBGL_MAX_TEXTURE_SIZE') ** 2;
  for (const name of splitNames) {
    const {x, y, size} = data[name];
    const numbers = Math.max(x.length, y.length);
    if (numbers <= most) continue;
    throw new RegularizerError({
      where: 'webgl',
      code: 'too-large',
      message: `data.${name} has ${numbers} numbers in ${size} examples, and the largest texture of this graphics card holds ${most}`,
      hint: `Lower data.${name} to at most ${Math.floor((most * size) / numbers)}, or train on another backend.`,
    });
  }
}
