// For WebGL 2: one fragment program for each distribution. Key, bounds and shape are uniforms, so one compilation
// serves every step and almost every shape.
import * as tf from '@tensorflow/tfjs-core';
import {addressOf} from '../philox.ts';
import {bernoulliShader, integersShader, normalShader, permutationShader, uniformShader} from './glsl.ts';
import {readKey} from './host.ts';
import {type Distribution, type Draw, dtypeOf} from './request.ts';

/** A program as tfjs's WebGL backend takes it. */
interface Program {
  readonly variableNames: readonly string[];
  readonly outputShape: readonly number[];
  readonly userCode: string;
  readonly enableShapeUniforms: boolean;
  /** Texels hold 2 × 2 elements, as in most of what tfjs computes; else one. */
  readonly packedInputs?: boolean;
  readonly packedOutput?: boolean;
  readonly customUniforms: readonly {readonly name: string; readonly type: 'float' | 'ivec2' | 'ivec4'}[];
}

/** The part of tfjs's WebGL backend that we call. */
export interface WebGLBackend extends Pick<tf.KernelBackend, 'readSync'> {
  runWebGLProgram(
    program: Program,
    inputs: tf.TensorInfo[],
    dtype: 'float32' | 'int32',
    uniforms: number[][],
  ): tf.TensorInfo;
}

const SHADERS: Record<Distribution, string> = {
  Uniform: uniformShader,
  Normal: normalShader,
  Integers: integersShader,
  Bernoulli: bernoulliShader,
  Permutation: permutationShader,
};

export function isWebGL(backend: object): backend is WebGLBackend {
  return 'runWebGLProgram' in backend;
}

/** Philox needs unsigned integers, which came with WebGL 2. */
export function requireWebGL2(): void {
  if (tf.env().getNumber('WEBGL_VERSION') >= 2) return;
  throw new Error('[random] needs WebGL 2, and this browser has WebGL 1; use the wasm or the cpu backend');
}

export function drawOnWebGL(
  backend: WebGLBackend,
  {distribution, seed, threshold, shape, stream, min, max}: Draw,
): tf.TensorInfo {
  requireWebGL2();
  const {key0, key1, counter2, counter3} = addressOf(readKey(backend, seed, stream));
  const program: Program = {
    variableNames: threshold === undefined ? [] : ['threshold'],
    outputShape: shape,
    userCode: SHADERS[distribution],
    enableShapeUniforms: true,
    customUniforms: [
      {name: 'address', type: 'ivec4'},
      {name: 'bounds', type: 'ivec2'},
    ],
  };
  const inputs = threshold === undefined ? [] : [threshold];
  return backend.runWebGLProgram(program, inputs, dtypeOf(distribution), [
    [key0, key1, counter2, counter3],
    distribution === 'Permutation' ? [0, shape[0]!] : [min, max - min],
  ]);
}
