import * as tf from '@tensorflow/tfjs-core';

/** A fragment program as tfjs's WebGL backend takes it. */
export interface Program {
  readonly variableNames: readonly string[];
  readonly outputShape: readonly number[];
  userCode: string;
  /** Texels hold 2 × 2 elements, as in most of what tfjs computes; else one. */
  readonly packedInputs?: true;
  readonly packedOutput?: true;
  /** Shapes go as uniforms, so that one compilation serves all shapes of a rank. */
  readonly enableShapeUniforms: true;
  readonly customUniforms: readonly {readonly name: string; readonly type: 'float' | 'int'}[];
}

/** Where a tensor is: on the host (`values`) until it is first read on the device, or in a texture. */
interface TextureData {
  readonly values: ArrayLike<number> | null;
  readonly texture?: object | null;
  readonly isPacked?: boolean;
}

/** The part of tfjs's WebGL backend that we call. */
export interface WebGLBackend {
  /** The programs compiled so far, by their source. */
  readonly binaryCache: object;
  readonly texData: {get(dataId: object): TextureData};
  packTensor(input: tf.TensorInfo): tf.TensorInfo;
  unpackTensor(input: tf.TensorInfo): tf.TensorInfo;
  disposeIntermediateTensorInfo(tensor: tf.TensorInfo): void;
  runWebGLProgram(
    program: Program,
    inputs: readonly tf.TensorInfo[],
    dtype: tf.DataType,
    uniforms: readonly (readonly number[])[],
    ...more: readonly unknown[]
  ): tf.TensorInfo;
}

/** The name of a kernel, registered at first use, under whatever name the backend goes by. */
export function registered<Attributes>(
  kernelName: string,
  run: (
    backend: WebGLBackend,
    inputs: tf.NamedTensorInfoMap,
    attributes: Attributes,
  ) => tf.TensorInfo | tf.TensorInfo[],
): string {
  const backendName = tf.getBackend();
  if (tf.getKernel(kernelName, backendName) === undefined) {
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({inputs, backend, attrs}) =>
        run(backend as WebGLBackend, inputs, attrs as unknown as Attributes),
    });
  }
  return kernelName;
}

/** The largest rank whose shape tfjs hands over in uniforms. */
export const largestRank = 4;

/** Whether a backend is tfjs's WebGL, by what it can do: core does not depend on the package. */
export function isWebGL2(backend: object): backend is WebGLBackend {
  return 'runWebGLProgram' in backend && tf.env().getNumber('WEBGL_VERSION') >= 2;
}

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
export function withLayout<T>(
  backend: WebGLBackend,
  layout: 'packed' | 'plain',
  inputs: tf.NamedTensorInfoMap,
  run: (inputs: tf.NamedTensorInfoMap) => T,
): T {
  const made: tf.TensorInfo[] = [];
  const change = (input: tf.TensorInfo): tf.TensorInfo => {
    const {texture, isPacked = false} = backend.texData.get(input.dataId);
    if (!texture || isPacked === (layout === 'packed')) return input;
    const changed = isPacked ? backend.unpackTensor(input) : backend.packTensor(input);
    made.push(changed);
    return changed;
  };
  const changed = Object.entries(inputs).map(([name, input]) => [name, change(input!)]);
  const result = run(Object.fromEntries(changed));
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
