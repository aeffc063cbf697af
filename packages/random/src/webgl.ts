/**
 * What our packages write programs for tfjs's WebGL backend with.
 *
 * @module @regularizers/random/webgl
 */
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
  readonly customUniforms: readonly Uniform[];
}

/** A number, or several, that a program is given at each run. */
export interface Uniform {
  readonly name: string;
  readonly type: 'float' | 'int' | 'ivec2' | 'ivec4';
}

/** Where a tensor is: on the host (`values`) until it is first read on the device, or in a texture. */
interface TextureData {
  readonly values: ArrayLike<number> | null;
  readonly texture?: object | null;
  readonly isPacked?: boolean;
  shape: readonly number[];
}

/** The part of tfjs's WebGL backend that we call. */
export interface WebGLBackend extends Pick<tf.KernelBackend, 'read' | 'readSync'> {
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

/** Whether a backend is tfjs's WebGL, by what it can do: none of our packages depends on that package. */
export function isWebGL(backend: object): backend is WebGLBackend {
  try {
    return 'runWebGLProgram' in backend;
  } catch {
    return false; // it is no object
  }
}

/** Whether it is tfjs's WebGL in its second version, which has unsigned integers and loops of any length. */
export function isWebGL2(backend: object): backend is WebGLBackend {
  return isWebGL(backend) && tf.env().getNumber('WEBGL_VERSION') >= 2;
}

/** The largest rank whose shape tfjs hands over in uniforms. */
export const largestRank = 4;

/**
 * The name of a kernel, registered for the current backend if it isn't yet: at first use rather than on import, so that
 * backends that come later, under whatever name, have it too.
 *
 * @throws TypeError for what are no name and function
 */
export function registered<Backend extends object = WebGLBackend, Attributes = object>(
  kernelName: string,
  run: (
    backend: Backend,
    inputs: tf.NamedTensorInfoMap,
    attributes: Attributes,
  ) => tf.TensorInfo | tf.TensorInfo[],
): string {
  if (typeof kernelName !== 'string' || typeof run !== 'function') {
    throw new TypeError('[random] registered takes the name of a kernel and a function');
  }
  tf.backend(); // a backend that hasn't been used yet has no name
  const backendName = tf.getBackend();
  if (tf.getKernel(kernelName, backendName) === undefined) {
    const kernelFunc: tf.KernelFunc = ({inputs, backend, attrs}) =>
      run(backend as Backend, inputs, attrs as unknown as Attributes);
    tf.registerKernel({kernelName, backendName, kernelFunc});
  }
  return kernelName;
}
