import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {Tensors, WeightInfo} from '../info.ts';
import {describeValue} from '../lib/describe-value.ts';
import {isPlainObject} from '../lib/json.ts';
import type {StateTree} from '../lib/tree.ts';
import {isLayersModel} from '../model/layers-model.ts';
import type {Decision, FinishDecision} from '../regularizer.ts';
import {differenceFrom, type Structure} from '../state/structure.ts';
import {type Asked, checkAnswer} from './answer.ts';
import {missingFrom, wrongTensor, wrongTensors} from './tensors.ts';

/**
 * Checks that a hook returned nothing.
 *
 * @throws RegularizerError with code `bad-answer`, as all functions here
 */
export function checkNothing(asked: Asked, answer: unknown): void {
  checkAnswer(asked, 'nothing, and throw for what cannot work', answer, (value) =>
    value === undefined ? undefined : '',
  );
}

/** Checks what a plugin says of itself. */
export function checkSentences(asked: Asked, answer: unknown): asserts answer is readonly string[] {
  checkAnswer(asked, 'a list of sentences', answer, (value) =>
    Array.isArray(value) && value.every((one) => typeof one === 'string') ? undefined : '',
  );
}

/** Checks a plugin's next state against the structure that its `setup` gave. */
export function checkState(asked: Asked, answer: unknown, structure: Structure): asserts answer is StateTree {
  checkAnswer(asked, "the plugin's next state", answer, (value) => {
    const wrong = wrongState(value, structure);
    return wrong && `it ${wrong}`;
  });
}

/** Checks what an optimizer's `update` returned: each of the weights, and its next state. */
export function checkUpdate(
  asked: Asked,
  answer: unknown,
  before: Tensors,
  structure: Structure,
): asserts answer is {readonly weights: Tensors; readonly state: StateTree} {
  checkAnswer(asked, '{weights, state}', answer, (value) => {
    if (!isPlainObject(value)) return '';
    const {weights, state, ...others} = value;
    const wrong = wrongTensors(weights, before) ?? missingFrom(weights, before);
    if (wrong !== undefined) return wrong === '' ? `weights is ${describeValue(weights)}` : wrong;
    const inState = wrongState(state, structure);
    return unknownKeys(others) ?? (inState && `state ${inState}`);
  });
}

/** Checks what `evaluated` or `epochEnd` decided. */
export function checkDecision(
  asked: Asked,
  answer: unknown,
  structure: Structure,
): asserts answer is Decision {
  checkAnswer(asked, '{state, stop, mark}, all of which may be left out', answer, (value) => {
    if (!isPlainObject(value)) return '';
    const {state, stop, mark, ...others} = value;
    if (stop !== undefined && (typeof stop !== 'string' || stop === '')) {
      return `stop must be a text that says why; it is ${describeValue(stop)}`;
    }
    const wrong = state === undefined ? undefined : wrongState(state, structure);
    return unknownKeys(others) ?? wrongFlag('mark', mark) ?? (wrong && `state ${wrong}`);
  });
}

/** Checks what `finish` decided. */
export function checkFinish(asked: Asked, answer: unknown): asserts answer is FinishDecision {
  checkAnswer(asked, '{restore}, which may be left out', answer, (value) => {
    if (!isPlainObject(value)) return '';
    const {restore, ...others} = value;
    return unknownKeys(others) ?? wrongFlag('restore', restore);
  });
}

/** Checks the weights to evaluate with: one set, or a list of them, each weight in place of the one of its name. */
export function checkEvaluation(
  asked: Asked,
  answer: unknown,
  weights: readonly WeightInfo[],
): asserts answer is Tensors | readonly Tensors[] {
  const like = Object.fromEntries(weights.map(({name, shape}) => [name, {shape, dtype: 'float32'}]));
  checkAnswer(asked, 'tensors by name of a weight, or a list of such sets', answer, (value) => {
    if (!Array.isArray(value)) return wrongTensors(value, like);
    if (value.length === 0) return 'it holds no set';
    const index = value.findIndex((set) => wrongTensors(set, like) !== undefined);
    return index < 0 ? undefined : `[${index}] ${wrongTensors(value[index], like)}`.trim();
  });
}

/** Checks one prediction out of those of several members, of which each has the same shape. */
export function checkCombined(asked: Asked, answer: unknown, member: tf.Tensor): asserts answer is tf.Tensor {
  checkAnswer(asked, 'one prediction, of the shape of each member’s', answer, (value) =>
    wrongTensor(value, member),
  );
}

/** Checks the plain model of an ensemble. */
export function checkAssembled(asked: Asked, answer: unknown): asserts answer is LayersModel {
  checkAnswer(asked, 'a tf.LayersModel', answer, (value) => (isLayersModel(value) ? undefined : ''));
}

/** Checks the examples that an epoch visits. */
export function checkSample(asked: Asked, answer: unknown, examples: number): asserts answer is Int32Array {
  checkAnswer(asked, `an Int32Array of numbers of examples, from 0 to ${examples - 1}`, answer, (value) => {
    if (!(value instanceof Int32Array)) return '';
    if (value.length === 0) return 'it leaves no examples';
    const wrong = value.find((index) => index < 0 || index >= examples);
    return wrong === undefined ? undefined : `it holds ${wrong}`;
  });
}

/** Checks what a schedule gave for a step. */
export function checkRate(asked: Asked, answer: unknown, step: number): asserts answer is number {
  checkAnswer(asked, `a finite number of at least 0 at step ${step}`, answer, (value) =>
    typeof value === 'number' && Number.isFinite(value) && value >= 0 ? undefined : '',
  );
}

/** Checks the numbers of a step, which counts from 1. */
export function checkScalars(
  asked: Asked,
  answer: unknown,
  step: number,
): asserts answer is Readonly<Record<string, number>> {
  checkAnswer(asked, `finite numbers by name at step ${step}`, answer, (value) => {
    if (!isPlainObject(value)) return '';
    for (const name of Object.keys(value)) {
      if (!Number.isFinite(value[name])) return `${name} is ${describeValue(value[name])}`;
    }
    return undefined;
  });
}

function wrongState(value: unknown, structure: Structure): string | undefined {
  const difference = differenceFrom(structure, value, (leaf) =>
    leaf instanceof tf.Tensor ? leaf : undefined,
  );
  if (difference === undefined) return undefined;
  return `${difference}, going by the first one, and by later of the setup where states grow or are null at first`;
}

function wrongFlag(key: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === 'boolean') return undefined;
  return `${key} must be true or false; it is ${describeValue(value)}`;
}

function unknownKeys(others: Readonly<Record<string, unknown>>): string | undefined {
  const [first] = Object.keys(others);
  return first === undefined ? undefined : `nobody reads ${first}`;
}
