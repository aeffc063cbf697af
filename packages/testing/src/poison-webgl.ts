import {isWebGL, type Program, type WebGLBackend} from '@regularizers/random/webgl';
import * as tf from '@tensorflow/tfjs-core';
import {override} from './override.ts';

type Arguments = Parameters<WebGLBackend['runWebGLProgram']>;

/**
 * From now on whatever the current backend, which must be tfjs's WebGL, uploads or computes has a number past its edge.
 * Texels hold 2 × 2 elements, so that those at the end of an odd axis hold more than the tensor: nothing may take that in.
 *
 * @param number NaN shows wherever it is taken in, but for comparisons; one that is finite makes silently wrong results
 * @returns what ends it
 * @throws Error on another backend
 *
 * @example
 * ```ts
 * const stop = poisonWebGL();
 * await trainer.fit(data, {epochs: 1});
 * stop();
 * ```
 */
export function poisonWebGL(number: number = NaN): () => void {
  const backend = tf.backend();
  if (!isWebGL(backend)) throw new Error(`the backend is ${tf.getBackend()}, and only webgl has such edges`);
  return override<'runWebGLProgram', Arguments, tf.TensorInfo>(
    backend,
    'runWebGLProgram',
    (run) =>
      (...args) => {
        const {packedOutput, outPackingScheme}: Program & {readonly outPackingScheme?: unknown} = args[0];
        const clean = run(...args);
        const {dataId, shape, dtype} = clean;
        if (!packedOutput || outPackingScheme !== undefined || shape.length < 2 || shape.includes(0))
          return clean;
        // A stack of stacks is one stack to the same texels.
        const stack = [tf.util.sizeFromShape(shape.slice(0, -2)), ...shape.slice(-2)];
        const result = run(poison(stack), [{dataId, shape: stack, dtype}], dtype, [[number]]);
        backend.disposeIntermediateTensorInfo(clean);
        backend.texData.get(result.dataId).shape = shape;
        return {...result, shape};
      },
  );
}

const poison = (outputShape: readonly number[]): Program => ({
  variableNames: ['x'],
  outputShape,
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
