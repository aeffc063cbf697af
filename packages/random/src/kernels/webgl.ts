// For WebGL 2: one fragment program for each distribution. Key, bounds and shape are uniforms, so one compilation
// serves every step and almost every shape.
import type * as tf from '@tensorflow/tfjs-core';
import {addressOf} from '../philox.ts';
import {isWebGL2, type Program, type WebGLBackend} from '../webgl.ts';
import {bernoulliShader, integersShader, normalShader, permutationShader, uniformShader} from './glsl.ts';
import {readKey} from './host.ts';
import {type Distribution, type Draw, dtypeOf} from './request.ts';

const SHADERS: Record<Distribution, string> = {
  Uniform: uniformShader,
  Normal: normalShader,
  Integers: integersShader,
  Bernoulli: bernoulliShader,
  Permutation: permutationShader,
};

/** Philox needs unsigned integers, which came with WebGL 2. */
export function requireWebGL2(backend: WebGLBackend): void {
  if (isWebGL2(backend)) return;
  throw new Error('[random] needs WebGL 2, and this browser has WebGL 1; use the wasm or the cpu backend');
}

/** Where in the stream of a key a program's draws begin, as its uniform `address`. */
export function addressUniform(backend: WebGLBackend, seed: tf.TensorInfo, stream: number): number[] {
  const {key0, key1, counter2, counter3} = addressOf(readKey(backend, seed, stream));
  return [key0, key1, counter2, counter3];
}

export function drawOnWebGL(
  backend: WebGLBackend,
  {distribution, seed, threshold, shape, stream, min, max}: Draw,
): tf.TensorInfo {
  requireWebGL2(backend);
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
    addressUniform(backend, seed, stream),
    distribution === 'Permutation' ? [0, shape[0]!] : [min, max - min],
  ]);
}
