// maskedScale on WebGL: one program, which is its own gradient.
import * as tf from '@tensorflow/tfjs-core';
import type {KeyLike} from '../key.ts';
import {withKeyTensor} from '../keys.ts';
import {isWebGL, largestRank, type Program, registered, type WebGLBackend} from '../webgl.ts';
import {philox} from './glsl.ts';
import {addressUniform, requireWebGL2} from './webgl.ts';

/** Attributes of the kernel. */
export interface MaskAttributes {
  readonly probability: number;
  readonly scale: number;
  /** As long as the value's, each size 1 or the value's. */
  readonly maskShape: readonly number[];
}

/** Whether the current backend has a program for a value. */
export function canMaskOnDevice({rank, dtype}: tf.Tensor): boolean {
  return rank >= 1 && rank <= largestRank && dtype === 'float32' && isWebGL(tf.backend());
}

/** Runs the kernel, on the tape if there is one. */
export function maskOnDevice<T extends tf.Tensor>(value: T, key: KeyLike, attributes: MaskAttributes): T {
  return withKeyTensor(key, (seed) => runKernel(value, seed, attributes)) as T;
}

function runKernel(value: tf.Tensor, seed: tf.Tensor, attributes: MaskAttributes): tf.Tensor {
  return tf
    .engine()
    .runKernel(kernelName(), {value, seed}, {...attributes, maskShape: [...attributes.maskShape]});
}

/** The kernel; the key has no gradient. */
function kernelName(): string {
  const kernelName = registered('RegularizersMaskedScale', run);
  if (tf.getGradient(kernelName) === undefined) {
    tf.registerGradient({
      kernelName,
      inputsToSave: ['seed'],
      gradFunc: (dy, [seed], attrs) => ({
        value: () => runKernel(dy as tf.Tensor, seed!, attrs as unknown as MaskAttributes),
      }),
    });
  }
  return kernelName;
}

function run(
  backend: WebGLBackend,
  {value, seed}: tf.NamedTensorInfoMap,
  {probability, scale, maskShape}: MaskAttributes,
): tf.TensorInfo {
  requireWebGL2(backend);
  const program: Program = {
    variableNames: ['value'],
    outputShape: value!.shape,
    userCode: maskedScaleShader(maskShape.length),
    packedInputs: true,
    packedOutput: true,
    enableShapeUniforms: true,
    customUniforms: [
      {name: 'address', type: 'ivec4'},
      {name: 'strides', type: 'ivec4'},
      {name: 'threshold', type: 'float'},
      {name: 'scale', type: 'float'},
    ],
  };
  return backend.runWebGLProgram(program, [value!], 'float32', [
    addressUniform(backend, seed!, 0),
    stridesOf(maskShape),
    [probability],
    [scale],
  ]);
}

/** How far the mask's index moves along each axis: 0 where a draw is shared; padded to four. */
function stridesOf(maskShape: readonly number[]): number[] {
  const strides = maskShape.map((size, axis) =>
    size === 1 ? 0 : maskShape.slice(axis + 1).reduce((product, dimension) => product * dimension, 1),
  );
  return [...strides, 0, 0, 0, 0].slice(0, largestRank);
}

/** Four elements to a texel, two of a row and two of the next: mostly two blocks of random numbers. */
function maskedScaleShader(rank: number): string {
  const at = (axis: number): string => (rank === 1 ? 'at' : `at[${axis}]`);
  const index = Array.from({length: rank}, (_, axis) => `${at(axis)} * strides[${axis}]`).join(' + ');
  return `${philox}
float factor(uint i, inout uint number, inout uvec4 block) {
  if (i >> 2 != number) {
    number = i >> 2;
    block = philoxBlock(number);
  }
  return unitFloat(wordAt(block, i & 3u)) < threshold ? scale : 0.0;
}

void main() {
  vec4 value = getValueAtOutCoords();
  ${rank === 1 ? 'int' : `ivec${rank}`} at = getOutputCoords();
  uint i = uint(${index});
  uint right = uint(strides[${rank - 1}]);
  uint below = ${rank === 1 ? '0u' : `uint(strides[${rank - 2}])`};
  uint number = i >> 2;
  uvec4 block = philoxBlock(number);
  vec4 factors;
  factors.x = factor(i, number, block);
  factors.y = factor(i + right, number, block);
  factors.z = factor(i + below, number, block);
  factors.w = factor(i + below + right, number, block);
  setOutput(value * factors);
}
`;
}
