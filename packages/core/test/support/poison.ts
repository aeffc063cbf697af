import * as tf from '@tensorflow/tfjs-core';
import {type Program, registered} from '../../src/kernels/webgl.ts';

const kernelName = 'RegularizersTestPoison';

interface Attributes {
  readonly poison: number;
}

/**
 * The tensor in a packed texture on WebGL, whose texels hold 2 × 2 elements; what is past the edge of the last two axes
 * is the poison. Of a rank below 2 there is nothing to poison that has neighbours: it comes back as it is.
 */
export function poisoned(tensor: tf.Tensor, poison: number): tf.Tensor {
  if (tensor.rank < 2) return tensor;
  return tf.tidy(() => {
    const stack: tf.Tensor3D = tf.reshape(tensor, [-1, ...tensor.shape.slice(-2)] as [
      number,
      number,
      number,
    ]);
    const attributes: Attributes = {poison};
    const kernel = registered<Attributes>(kernelName, (backend, {x}, attrs) =>
      backend.runWebGLProgram(program(x!.shape), [x!], x!.dtype, [[attrs.poison]]),
    );
    const result: tf.Tensor = tf.engine().runKernel(kernel, {x: stack}, {...attributes});
    return tf.reshape(result, tensor.shape);
  });
}

const program = (shape: readonly number[]): Program => ({
  variableNames: ['x'],
  outputShape: shape,
  userCode: `
void main() {
  vec4 x = getXAtOutCoords();
  ivec3 at = getOutputCoords();
  bool right = at[2] + 1 < outShape[2];
  bool below = at[1] + 1 < outShape[1];
  setOutput(mix(vec4(poison), x, bvec4(true, right, below, right && below)));
}
`,
  packedInputs: true,
  packedOutput: true,
  enableShapeUniforms: true,
  customUniforms: [{name: 'poison', type: 'float'}],
});
