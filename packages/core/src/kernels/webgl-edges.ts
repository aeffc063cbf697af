// What is past the edge of a tensor on WebGL. Texels hold 2 × 2 elements, so that those at the end of an odd axis hold
// more than the tensor, and most kernels (Sub, Exp, Sigmoid, products with a bias) leave any number or NaN there. Three
// programs of tfjs 4.22 take it in. They are mended where all programs go by, as several kernels share them: BatchMatMul,
// _FusedMatMul, Conv2D and FusedConv2D all multiply by the same one.
import {isWebGL2, type Program, type WebGLBackend} from '@regularizers/random/webgl';
import * as tf from '@tensorflow/tfjs-core';
import {itemAt} from '../lib/item.ts';

const mended = new WeakSet<object>();

/** On WebGL, lets no program take in what is past the edge of a tensor, for as long as the backend lives. */
export function mendWebGLEdges(): void {
  const backend = tf.backend();
  if (!isWebGL2(backend) || mended.has(backend)) return;
  mended.add(backend);
  const run = backend.runWebGLProgram;
  const value: WebGLBackend['runWebGLProgram'] = (program, inputs, ...rest) => {
    // In place: tfjs tells programs apart by their class, too.
    if (program.packedInputs) program.userCode = mendedCode(program, itemAt(inputs, 0).shape);
    return run.call(backend, program, inputs, ...rest);
  };
  Object.defineProperty(backend, 'runWebGLProgram', {value, configurable: true, writable: true});
}

function mendedCode({variableNames: [first], userCode}: Program, shape: readonly number[]): string {
  switch (first) {
    case 'matrixA':
      return mendProduct(userCode, shape);
    case 'dy':
      return mendInputGradient(userCode, shape);
    case 'A':
      return mendClip(userCode);
    default:
      return userCode;
  }
}

/** Of the two inner elements in each texel the second. */
const secondTerm = /result \+= \(a\.(?:yyww|zzww) \* b\.(?:zwzw|ywyw)\);/;

/** MatMulPackedProgram expects zeros past the end of an odd inner dimension: its last texel has no second element. */
function mendProduct(code: string, shape: readonly number[]): string {
  const inner = itemAt(shape, code.includes('getMatrixA(batchA, i * 2, rc.y)') ? 1 : 2);
  if (inner % 2 === 0) return code;
  return code.replace(secondTerm, (term) => `if (i < ${(inner - 1) / 2}) ${term}`);
}

/** A texel of the gradient or the filter, with the channels `d2` and `d2 + 1`. */
const texelOfChannels = /get(?:Dy|W)\([^()]*, d2\)/g;

/** Conv2DDerInputPackedProgram expects zeros past the last of an odd number of output channels. */
function mendInputGradient(code: string, shape: readonly number[]): string {
  const channels = itemAt(shape, shape.length - 1);
  if (channels % 2 === 0) return code;
  return `
vec4 withinChannels(vec4 texel, int channel) {
  return channel + 1 < ${channels} ? texel : vec4(texel.x, 0.0, texel.z, 0.0);
}
${code.replace(texelOfChannels, (texel) => `withinChannels(${texel}, d2)`)}`;
}

const clipUnlessAny =
  /if \(any\(isnan\(value\)\)\) \{\s*setOutput\(value\);\s*return;\s*\}\s*setOutput\((clamp\(.*\))\);/;

/** ClipPackedProgram does not clip an element that has NaN beside it, within the tensor or past its edge. */
function mendClip(code: string): string {
  return code.replace(clipUnlessAny, (_, clipped) => `setOutput(mix(${clipped}, value, isnan(value)));`);
}
