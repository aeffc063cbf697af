import * as tf from '@tensorflow/tfjs-core';
import type {PortInfo, Tensors} from '../info.ts';
import {describeValue} from '../lib/describe-value.ts';
import {isPlainObject} from '../lib/json.ts';
import type {AnalyticPenalty, Batch} from '../regularizer.ts';
import {type Asked, checkAnswer} from './answer.ts';
import {missingFrom, type Wanted, wrongChanges, wrongTensor, wrongTensors} from './tensors.ts';

/** What a batch must suit: the model. */
export interface Ports {
  readonly inputs: readonly PortInfo[];
  readonly outputs: readonly PortInfo[];
}

/**
 * Checks a batch.
 *
 * @param before the batch that came in, whose types hold
 * @throws RegularizerError with code `bad-answer`, as all functions here
 */
export function checkBatch(
  asked: Asked,
  answer: unknown,
  before: Batch,
  ports: Ports,
): asserts answer is Batch {
  if (answer === before) return;
  checkAnswer(asked, 'a batch, {inputs, targets, size}', answer, (value) => {
    if (!isPlainObject(value)) return '';
    const {inputs, targets, size, ...others} = value;
    const [extra] = Object.keys(others);
    if (extra !== undefined) return `nobody reads ${extra}`;
    if (typeof size !== 'number' || !Number.isInteger(size) || size < 1) {
      return `size is ${describeValue(size)}`;
    }
    return (
      wrongInputs(inputs, before.inputs, ports.inputs, size) ?? wrongTargets(targets, ports.outputs, size)
    );
  });
}

/** Checks lists of weighted targets, one list for each output. */
export function checkTargets(
  asked: Asked,
  answer: unknown,
  size: number,
  {outputs}: Ports,
): asserts answer is Batch['targets'] {
  checkAnswer(asked, 'a list of {target, weight} for each output', answer, (value) =>
    wrongTargets(value, outputs, size),
  );
}

function wrongInputs(
  inputs: unknown,
  before: readonly tf.Tensor[],
  ports: readonly PortInfo[],
  size: number,
): string | undefined {
  if (!Array.isArray(inputs) || inputs.length !== ports.length) {
    return `inputs must be ${ports.length} tensors in a list; it is ${describeValue(inputs)}`;
  }
  for (const [i, {shape}] of ports.entries()) {
    const input: unknown = inputs[i];
    // Numbers of any type may become real ones.
    const dtype = input instanceof tf.Tensor && input.dtype === 'float32' ? undefined : before[i]?.dtype;
    const wrong = wrongTensor(input, {shape: [size, ...shape.slice(1)], dtype});
    if (wrong !== undefined) return `at inputs[${i}] ${wrong}`;
  }
  return undefined;
}

function wrongTargets(targets: unknown, outputs: readonly PortInfo[], size: number): string | undefined {
  if (!Array.isArray(targets) || targets.length !== outputs.length) {
    return `targets must be ${outputs.length} lists in a list; it is ${describeValue(targets)}`;
  }
  for (const [i, {shape}] of outputs.entries()) {
    const list: unknown = targets[i];
    if (!Array.isArray(list) || list.length === 0) {
      return `targets[${i}] must be a list of at least one; it is ${describeValue(list)}`;
    }
    for (let k = 0; k < list.length; k++) {
      const wrong = wrongTarget(list[k], [size, ...shape.slice(1)]);
      if (wrong !== undefined) return `at targets[${i}][${k}] ${wrong}`;
    }
  }
  return undefined;
}

function wrongTarget(entry: unknown, shape: Wanted['shape']): string | undefined {
  if (!isPlainObject(entry)) return `${describeValue(entry)} stands where {target, weight} belongs`;
  const {target, weight} = entry;
  const wrong = wrongTensor(target, {shape, dtype: 'float32'});
  if (wrong !== undefined) return wrong;
  if (typeof weight === 'number') return Number.isFinite(weight) ? undefined : `weight is ${weight}`;
  const rank = weight instanceof tf.Tensor ? weight.rank : 1;
  // For the batch, for its examples, or for the steps of each; not for the classes.
  const axes = rank === 2 && shape.length < 3 ? 1 : Math.min(rank, 2);
  return wrongTensor(weight, {shape: shape.slice(0, axes), dtype: 'float32'});
}

/** Checks the value at a site, which keeps its type and shape. */
export function checkActivation(
  asked: Asked,
  answer: unknown,
  before: tf.Tensor,
): asserts answer is tf.Tensor {
  if (answer === before) return;
  checkAnswer(asked, 'the value at a site', answer, (value) => wrongTensor(value, before));
}

/**
 * Checks what takes the place of tensors by name; those that are left out stay, and those that are handed back as they
 * came do too.
 *
 * @param before what the hook was given
 * @param changeable type and shape of those that it may change
 */
export function checkChanges(
  asked: Asked,
  answer: unknown,
  before: Tensors,
  changeable: Readonly<Record<string, Wanted>> = before,
): asserts answer is Tensors {
  if (answer === before) return;
  checkAnswer(asked, 'the tensors that it changes, by name', answer, (value) =>
    wrongChanges(value, before, changeable),
  );
}

/** Checks what was derived: such changes, and all that the plugin declared, for there is nothing else to stay. */
export function checkDerivation(
  asked: Asked,
  answer: unknown,
  before: Tensors,
  declared: Readonly<Record<string, Wanted>>,
): asserts answer is Tensors {
  checkAnswer(
    asked,
    'the weights that it derives, by name',
    answer,
    (value) => wrongChanges(value, before, declared) ?? missingFrom(value, declared),
  );
}

/** Checks a penalty: a scalar, or its value with gradients. */
export function checkPenalty(
  asked: Asked,
  answer: unknown,
  weights: Readonly<Record<string, Wanted>>,
): asserts answer is tf.Scalar | AnalyticPenalty {
  const scalar: Wanted = {shape: [], dtype: 'float32'};
  checkAnswer(asked, 'a scalar, or {value, gradients}', answer, (penalty) => {
    if (penalty instanceof tf.Tensor) return wrongTensor(penalty, scalar);
    if (!isPlainObject(penalty)) return '';
    const {value, gradients, ...others} = penalty;
    const [extra] = Object.keys(others);
    if (extra !== undefined) return `nobody reads ${extra}`;
    const wrong = wrongTensor(value, scalar);
    if (wrong !== undefined) return `at value ${wrong}`;
    const inGradients = wrongTensors(gradients, weights);
    return inGradients === '' ? `gradients is ${describeValue(gradients)}` : inGradients;
  });
}
