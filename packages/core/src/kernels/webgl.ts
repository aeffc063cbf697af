import {isWebGL2, type Program, type WebGLBackend} from '@regularizers/random/webgl';
import * as tf from '@tensorflow/tfjs-core';
import {mapValues} from '../lib/map-values.ts';

/** How many programs the current backend has compiled; 0 where it compiles none. */
export function compiledPrograms(): number {
  const backend = tf.backend();
  return isWebGL2(backend) ? Object.keys(backend.binaryCache).length : 0;
}

/** The number in a 0-D tensor that was never uploaded; undefined if reading it would wait for the device. */
export function hostNumber({texData}: WebGLBackend, {dataId}: tf.TensorInfo): number | undefined {
  return texData.get(dataId).values?.[0];
}

/**
 * Runs with inputs in textures that are all packed, or all not. Where several programs read one, changing it first
 * costs one launch, and not one for each.
 */
export function withLayout<Name extends string, T>(
  backend: WebGLBackend,
  layout: 'packed' | 'plain',
  inputs: Readonly<Record<Name, tf.TensorInfo>>,
  run: (inputs: Readonly<Record<Name, tf.TensorInfo>>) => T,
): T {
  const made: tf.TensorInfo[] = [];
  const change = (input: tf.TensorInfo): tf.TensorInfo => {
    const {texture, isPacked = false} = backend.texData.get(input.dataId);
    if (!texture || isPacked === (layout === 'packed')) return input;
    const changed = isPacked ? backend.unpackTensor(input) : backend.packTensor(input);
    made.push(changed);
    return changed;
  };
  const result = run(mapValues(inputs, change));
  for (const tensor of made) backend.disposeIntermediateTensorInfo(tensor);
  return result;
}

/**
 * An element by element program: `expression` is the result, out of the inputs by name, each a `vec4`.
 *
 * Elements of a texel that are past the edge of the tensor come out as 0, which tfjs's matrix products rely on.
 */
export function elementwise(
  shape: readonly number[],
  inputs: readonly string[],
  uniforms: readonly string[],
  expression: string,
): Program {
  const read = (name: string): string =>
    `vec4 ${name} = get${name.charAt(0).toUpperCase()}${name.slice(1)}AtOutCoords();`;
  return {
    variableNames: inputs,
    outputShape: shape,
    userCode: `
void main() {
  ${inputs.map(read).join('\n  ')}
  vec4 result = ${expression};
  ${isInside(shape.length)}
  setOutput(mix(vec4(0.0), result, inside));
}
`,
    packedInputs: true,
    packedOutput: true,
    enableShapeUniforms: true,
    customUniforms: uniforms.map((name) => ({name, type: 'float'})),
  };
}

/** Which of a texel's elements (row by row) are in the tensor. */
function isInside(rank: number): string {
  if (rank === 0) return 'bvec4 inside = bvec4(true, false, false, false);';
  if (rank === 1) return 'bvec4 inside = bvec4(true, getOutputCoords() + 1 < outShape, false, false);';
  return `ivec${rank} at = getOutputCoords();
  bool right = at[${rank - 1}] + 1 < outShape[${rank - 1}];
  bool below = at[${rank - 2}] + 1 < outShape[${rank - 2}];
  bvec4 inside = bvec4(true, right, below, right && below);`;
}
