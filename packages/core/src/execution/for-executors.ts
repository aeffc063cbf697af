// What executors outside of core call. Core calls the same functions unchecked, with what it has made itself.
import * as tf from '@tensorflow/tfjs-core';
import type {layers} from '@tensorflow/tfjs-layers';
import {checkOption} from '../description/check.ts';
import {instance} from '../description/option.ts';
import {looking, memberOf} from '../lib/given.ts';
import {isPlainObject} from '../lib/json.ts';
import {scope as scopeOf} from '../lib/scope.ts';
import {type BatchNormalizationParts, followStatistics as follow} from '../model/batch-normalization.ts';
import {type LayerCall, registerLayerCall as registerCall} from '../model/layer-calls.ts';
import type {FusedRunner} from '../optimizers/fused.ts';
import type {Program} from '../plugins/program.ts';
import type {Batch} from '../regularizer.ts';
import type {MemberState} from '../state/member-state.ts';
import type {Feed} from '../step/context.ts';
import type {HostNumbers} from '../step/feed.ts';
import {runStep as runChecked, type StepResult} from '../step/step.ts';
import {eagerSession as eagerly} from './eager.ts';
import {
  type FeedMakers,
  makeFeed as feedOf,
  type Session,
  type StepCall,
  scalarValues as valuesOf,
} from './executor.ts';
import {type MakeExecutor, registerExecutor as register} from './registry.ts';

/**
 * One training step: pure, synchronous, tensors in and tensors out.
 *
 * @param program a member's
 * @param state one of its states
 * @param feed what {@link makeFeed} made
 * @param fused runs the optimizer's updates; left out where they are not an executor's own
 * @throws RegularizerError with code `bad-option` for what is none of these, and whatever a step refuses
 */
export function runStep(program: Program, state: MemberState, feed: Feed, fused?: FusedRunner): StepResult {
  const check = checksOf('runStep');
  check('program', program, "a member's program", isProgram);
  check('state', state, 'a state, {weights, optimizer, plugins, totals}', isState);
  check('feed', feed, 'a feed, as makeFeed makes it', isFeed);
  check('fused', fused, 'a function that runs updates, or undefined', isFunctionOrNone);
  return runChecked(program, state, feed, fused);
}

/**
 * Makes a step's feed out of tensors.
 *
 * @throws RegularizerError with code `bad-option`
 */
export function makeFeed(call: StepCall, batches: readonly Batch[], makers: FeedMakers): Feed {
  const check = checksOf('makeFeed');
  check('call', call, 'a step to take, {numbers, batches, run, pair}', isCall);
  check('batches', batches, 'a list of batches, {inputs, targets, size}', areBatches);
  check('makers', makers, 'two functions, {scalar, key}', (value) => has(value, 'scalar', 'key'));
  return feedOf(call, batches, makers);
}

/**
 * The numbers of a step's scalars, in the order in which {@link makeFeed} makes them.
 *
 * @throws RegularizerError with code `bad-option`
 */
export function scalarValues(numbers: HostNumbers): number[] {
  checksOf('scalarValues')(
    'numbers',
    numbers,
    'the numbers of a step, {learningRate, scalars}',
    areHostNumbers,
  );
  return valuesOf(numbers);
}

/**
 * Members whose states are their own, and whose steps run op by op.
 *
 * @param keepLast the state before the last step is kept: where each step's report is looked at, a step that spoils the
 *   weights can be taken back
 * @throws RegularizerError with code `bad-option`
 */
export function eagerSession(keepLast: boolean): Session {
  checksOf('eagerSession')('keepLast', keepLast, 'true or false', (value) => typeof value === 'boolean');
  return eagerly(keepLast);
}

/**
 * Makes a backend's executor of captured steps known, as `registerNative` of `@regularizers/native` does; with
 * undefined the backend has none.
 *
 * @throws RegularizerError with code `bad-option`
 */
export function registerExecutor(backend: string, make: MakeExecutor | undefined): void {
  const check = checksOf('registerExecutor');
  check('backend', backend, "a backend's name", isText);
  check('make', make, 'a function that makes an executor, or undefined', isFunctionOrNone);
  register(backend, make);
}

/**
 * Makes a backend's way of training a class of layers known; with undefined it has none.
 *
 * @throws RegularizerError with code `bad-option`
 */
export function registerLayerCall(backend: string, className: string, call: LayerCall | undefined): void {
  const check = checksOf('registerLayerCall');
  check('backend', backend, "a backend's name", isText);
  check('className', className, 'the name of a class of layers', isText);
  check('call', call, 'a function that computes a layer, or undefined', isFunctionOrNone);
  registerCall(backend, className, call);
}

/**
 * Moves the averages of a batch normalization toward a batch's statistics, as its own `call` does in training.
 *
 * @param layer a BatchNormalization
 * @param mean of the batch, `[channels]`
 * @param variance of the batch, `[channels]`, with the number of values as divisor
 * @throws RegularizerError with code `bad-option`
 */
export function followStatistics(layer: layers.Layer, mean: tf.Tensor, variance: tf.Tensor): void {
  const check = checksOf('followStatistics');
  check('layer', layer, 'a batch normalization', isBatchNormalization);
  check('mean', mean, 'a tensor', (value) => value instanceof tf.Tensor);
  check('variance', variance, 'a tensor', (value) => value instanceof tf.Tensor);
  follow(layer, mean, variance);
}

/**
 * `tf.tidy` for any value: tensors made inside are disposed of, but for those in the result, however nested.
 *
 * @param run what it throws comes through as it is
 * @throws RegularizerError with code `bad-option`
 */
export function scope<T>(run: () => T): T {
  checksOf('scope')('run', run, 'a function', (value) => typeof value === 'function');
  return scopeOf(run);
}

type Check = (name: string, value: unknown, what: string, is: (value: unknown) => boolean) => void;

/** What is right is not described: some of it is checked at every step. */
const checksOf =
  (where: string): Check =>
  (name, value, what, is) => {
    if (!looking(where, name, () => is(value)))
      checkOption(where, name, value, instance<unknown>(what, is)({about: what}));
  };

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isNumber = (value: unknown): boolean => typeof value === 'number';
const isScalar = (value: unknown): boolean => value instanceof tf.Tensor && value.rank === 0;
const isFunctionOrNone = (value: unknown): boolean => value === undefined || typeof value === 'function';

function has(value: unknown, ...methods: readonly string[]): boolean {
  return methods.every((method) => typeof memberOf(value, method) === 'function');
}

function isRecordOf(value: unknown, is: (one: unknown) => boolean): boolean {
  return isPlainObject(value) && Object.values(value).every(is);
}

function isProgram(value: unknown): boolean {
  return (
    has(memberOf(value, 'adapter'), 'forward') &&
    has(memberOf(value, 'optimizer'), 'update') &&
    Array.isArray(memberOf(value, 'plugins')) &&
    Array.isArray(memberOf(value, 'trained')) &&
    memberOf(memberOf(value, 'structure'), 'kind') === 'record'
  );
}

function isBatchNormalization(value: unknown): boolean {
  const averages: readonly (keyof BatchNormalizationParts)[] = ['movingMean', 'movingVariance'];
  return (
    isNumber(memberOf(value, 'momentum')) &&
    averages.every((name) => has(memberOf(value, name), 'read', 'write'))
  );
}

function isState(value: unknown): boolean {
  const areTensors = (part: unknown): boolean => isRecordOf(part, (one) => one instanceof tf.Tensor);
  return (
    areTensors(memberOf(value, 'weights')) &&
    isPlainObject(memberOf(value, 'plugins')) &&
    memberOf(value, 'optimizer') !== undefined &&
    memberOf(value, 'totals') instanceof tf.Tensor
  );
}

function areBatches(value: unknown): boolean {
  const isBatch = (one: unknown): boolean =>
    ['inputs', 'targets'].every((part) => Array.isArray(memberOf(one, part))) &&
    isNumber(memberOf(one, 'size'));
  return Array.isArray(value) && value.length > 0 && Array.from(value).every(isBatch);
}

function areHostNumbers(value: unknown): boolean {
  const areNumbers = (ofOne: unknown): boolean => isRecordOf(ofOne, isNumber);
  return isNumber(memberOf(value, 'learningRate')) && isRecordOf(memberOf(value, 'scalars'), areNumbers);
}

function isCall(value: unknown): boolean {
  return areHostNumbers(memberOf(value, 'numbers')) && has(value, 'pair');
}

function isFeed(value: unknown): boolean {
  const areScalars = (ofOne: unknown): boolean => isRecordOf(ofOne, isScalar);
  return (
    areBatches(memberOf(value, 'batches')) &&
    isScalar(memberOf(value, 'learningRate')) &&
    isRecordOf(memberOf(value, 'scalars'), areScalars) &&
    has(value, 'key')
  );
}
