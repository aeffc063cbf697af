// Crossentropy on WebGL: one program forward and three backward, where the ops take a dozen and two.
import {isWebGL2, type Program, registered, type WebGLBackend} from '@regularizers/random/webgl';
import * as tf from '@tensorflow/tfjs-core';
import {itemAt} from '../lib/item.ts';
import {sameShape} from '../lib/shapes.ts';
import {inputsOf} from './inputs.ts';
import {withLayout} from './webgl.ts';

/** Each element's program walks its row, which stops to pay where rows are long. */
const mostClasses = 1024;

const valueKernel = 'RegularizersCrossentropy';
const gradientsKernel = 'RegularizersCrossentropyGradients';

interface Attributes {
  readonly epsilon: number;
}

/**
 * −Σ t·log q over the last axis, with q = p/Σp clipped to [ε, 1 − ε]: no gradient of its own.
 *
 * @param target `[..., classes]`
 * @param output `[..., classes]`
 * @returns the shape without its last axis; undefined on another backend, and where there are too many classes
 */
export function crossentropyOnWebGL(
  target: tf.Tensor,
  output: tf.Tensor,
  epsilon: number,
): tf.Tensor | undefined {
  if (!isFit(target, output)) return undefined;
  const attributes: Attributes = {epsilon};
  const inputs = {label: asRows(target), probability: asRows(output)};
  const values: tf.Tensor = tf.engine().runKernel(registered(valueKernel, runValue), inputs, {...attributes});
  return tf.reshape(values, output.shape.slice(0, -1));
}

/**
 * The gradients of {@link crossentropyOnWebGL} in target and output, given the one in its result.
 *
 * @returns undefined where the value is, and where the gradient is to be differentiated in turn
 */
export function crossentropyGradientsOnWebGL(
  dy: tf.Tensor,
  target: tf.Tensor,
  output: tf.Tensor,
  epsilon: number,
): [tf.Tensor, tf.Tensor] | undefined {
  if (!isFit(target, output) || tf.engine().state.gradientDepth > 0) return undefined;
  const attributes: Attributes = {epsilon};
  const inputs = {label: asRows(target), probability: asRows(output), dy: tf.reshape(dy, [-1])};
  const kernel = registered(gradientsKernel, runGradients);
  const [ofTarget, ofOutput] = tf.engine().runKernel<[tf.Tensor, tf.Tensor]>(kernel, inputs, {...attributes});
  return [tf.reshape(ofTarget, target.shape), tf.reshape(ofOutput, output.shape)];
}

function isFit({shape, dtype}: tf.Tensor, output: tf.Tensor): boolean {
  const isSame = sameShape(shape, output.shape) && dtype === 'float32' && output.dtype === 'float32';
  const classes = shape.at(-1) ?? 0;
  return isSame && classes >= 1 && classes <= mostClasses && isWebGL2(tf.backend());
}

function asRows(tensor: tf.Tensor): tf.Tensor {
  return tensor.rank === 2 ? tensor : tf.reshape(tensor, [-1, itemAt(tensor.shape, tensor.rank - 1)]);
}

type Run<T> = (backend: WebGLBackend, inputs: tf.NamedTensorInfoMap, attributes: Attributes) => T;

const quotient = `
float quotientOf(float probability, float total) {
  float q = probability / total;
  // Clamping and the logarithm make numbers of what is none.
  return isnan(q) ? q : clamp(q, low, high);
}

float logOf(float q) {
  return isnan(q) ? q : log(q);
}

bool isInside(float probability, float total) {
  float q = probability / total;
  return q >= low && q <= high;
}

float totalOf(int row) {
  float total = 0.0;
  for (int j = 0; j < classes; j++) total += getProbability(row, j);
  return total;
}
`;

const value = `${quotient}
void main() {
  int row = getOutputCoords();
  float total = totalOf(row);
  float sum = 0.0;
  for (int j = 0; j < classes; j++) sum -= getLabel(row, j) * logOf(quotientOf(getProbability(row, j), total));
  setOutput(sum);
}
`;

/** What all of a row's gradients need: Σp, and Σt over what is not clipped, which is −Σ g·q of g = −t/q. */
const sums = `${quotient}
void main() {
  ivec2 at = getOutputCoords();
  float total = totalOf(at.x);
  float sum = 0.0;
  for (int j = 0; j < classes; j++) {
    if (isInside(getProbability(at.x, j), total)) sum += getLabel(at.x, j);
  }
  setOutput(at.y == 0 ? total : sum);
}
`;

const ofTarget = `${quotient}
void main() {
  ivec2 at = getOutputCoords();
  setOutput(-getDy(at.x) * logOf(quotientOf(getProbability(at.x, at.y), getSums(at.x, 0))));
}
`;

const ofOutput = `${quotient}
void main() {
  ivec2 at = getOutputCoords();
  float total = getSums(at.x, 0);
  float probability = getProbability(at.x, at.y);
  float own = isInside(probability, total) ? getLabel(at.x, at.y) / probability : 0.0;
  setOutput(getDy(at.x) * (getSums(at.x, 1) / total - own));
}
`;

const runValue: Run<tf.TensorInfo> = (backend, inputs, attributes) =>
  withLayout(backend, 'plain', inputsOf(inputs, 'label', 'probability'), (plain) => {
    const [rows] = shapeOf(plain);
    return launch(backend, value, [rows], plain, attributes);
  });

const runGradients: Run<tf.TensorInfo[]> = (backend, inputs, attributes) =>
  withLayout(backend, 'plain', inputsOf(inputs, 'label', 'probability', 'dy'), ({dy, ...rows}) => {
    const shape = shapeOf(rows);
    const shared = launch(backend, sums, [shape[0], 2], rows, attributes);
    const all = {...rows, sums: shared, dy};
    const results = [ofTarget, ofOutput].map((code) => launch(backend, code, shape, all, attributes));
    backend.disposeIntermediateTensorInfo(shared);
    return results;
  });

/** What every program reads at least. */
type RowInputs = Readonly<Record<'label' | 'probability', tf.TensorInfo>>;

function shapeOf({probability}: RowInputs): [rows: number, classes: number] {
  const [rows = 0, classes = 0] = probability.shape;
  return [rows, classes];
}

function launch(
  backend: WebGLBackend,
  userCode: string,
  outputShape: readonly number[],
  inputs: RowInputs,
  {epsilon}: Attributes,
): tf.TensorInfo {
  const program: Program = {
    variableNames: Object.keys(inputs),
    outputShape,
    userCode,
    enableShapeUniforms: true,
    customUniforms: [
      {name: 'classes', type: 'int'},
      {name: 'low', type: 'float'},
      {name: 'high', type: 'float'},
    ],
  };
  const [, classes] = shapeOf(inputs);
  return backend.runWebGLProgram(program, Object.values(inputs), 'float32', [
    [classes],
    [epsilon],
    [1 - epsilon],
  ]);
}
