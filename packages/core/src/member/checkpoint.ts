import {isPlainObject} from '../lib/json.ts';
import type {EpochReport, FinishReason} from '../regularizer.ts';
import {isShape, isStoredTensor, refuseBytes, type StoredTensor} from './codec.ts';
import type {EpochCut, Position, Stopped} from './member-run.ts';

/** A run's whole state, on the host. Make bytes of it with `encodeCheckpoint`. */
export interface Checkpoint {
  readonly format: 2;
  readonly seed: number;
  /** The plugins' names, which `restore` compares. */
  readonly plugins: readonly string[];
  readonly members: readonly MemberCheckpoint[];
  readonly tensors: Readonly<Record<string, StoredTensor>>;
}

/** One member's part of a {@link Checkpoint}; tensors in trees are named by their path. */
export interface MemberCheckpoint {
  /** Weights in the model's order: a model built anew may have other automatic names. */
  readonly weights: readonly {readonly name: string; readonly shape: readonly number[]}[];
  readonly state: unknown;
  readonly marks: Readonly<Record<string, readonly unknown[]>>;
  readonly final: readonly unknown[] | null;
  readonly position: Position;
  /** How the epochs of its last run were cut. */
  readonly cut: EpochCut | undefined;
  readonly history: readonly EpochReport[];
  readonly stopped: Stopped | undefined;
  readonly ended: FinishReason | undefined;
}

/**
 * Checks that a value has the form of a checkpoint.
 *
 * @throws RegularizerError with code `bad-checkpoint`
 */
export function checkCheckpoint(value: unknown): asserts value is Checkpoint {
  if (!isPlainObject(value)) return refuseBytes('it is not an object');
  const {format, seed, plugins, members, tensors} = value;
  if (format !== 2) refuseBytes(`it has the format ${String(format)}, but this version reads format 2`);
  const odd = isPlainObject(tensors) && Object.keys(tensors).find((name) => !isStoredTensor(tensors[name]));
  if (typeof odd === 'string') {
    refuseBytes(`the tensor ${odd} is not one of float32, int32 or bool with the values of its shape`);
  }
  const isWhole =
    typeof seed === 'number' &&
    isListOf(plugins, isText) &&
    isPlainObject(tensors) &&
    isListOf(members, isMember) &&
    members.length > 0;
  if (!isWhole) refuseBytes('parts of it are missing, or are not what they should be');
}

const reasons: readonly FinishReason[] = ['completed', 'stopped', 'aborted', 'failed'];

function isMember(value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  const {weights, state, marks, final, position, cut, history, stopped, ended} = value;
  return (
    isListOf(weights, isWeight) &&
    isPlainObject(state) &&
    isPlainObject(marks) &&
    Object.values(marks).every((sets) => isListOf(sets, isPlainObject)) &&
    (final === null || isListOf(final, isPlainObject)) &&
    isPlainObject(position) &&
    hasCounts(position, ['epoch', 'batch', 'step', 'counted', 'decided']) &&
    (cut === undefined || isCut(cut)) &&
    isListOf(history, isRow) &&
    (stopped === undefined || isStopped(stopped)) &&
    (ended === undefined || reasons.some((reason) => reason === ended))
  );
}

function isCut(value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  const {examples, stepsPerEpoch, shuffle, dropLast, split} = value;
  return (
    hasCounts(value, ['batchSize', 'accumulate']) &&
    [examples, stepsPerEpoch].every((count) => count === null || isCount(count)) &&
    [shuffle, dropLast].every((flag) => typeof flag === 'boolean') &&
    (split === null || isSplitRecord(split))
  );
}

function isSplitRecord(value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  const {share, by} = value;
  return typeof share === 'number' && isListOf(by, isText) && hasCounts(value, ['held', 'of', 'digest']);
}

function isWeight(value: unknown): boolean {
  return isPlainObject(value) && isText(value['name']) && isShape(value['shape']);
}

function isRow(value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  const {train, validation, seconds} = value;
  return (
    hasCounts(value, ['epoch', 'member', 'step']) &&
    isReport(train) &&
    (validation === undefined || isReport(validation)) &&
    typeof seconds === 'number'
  );
}

function isReport(value: unknown): boolean {
  return isPlainObject(value) && Object.values(value).every((one) => typeof one === 'number');
}

function isStopped(value: unknown): boolean {
  return (
    isPlainObject(value) &&
    isText(value['by']) &&
    isText(value['why']) &&
    hasCounts(value, ['member', 'epoch', 'step'])
  );
}

function hasCounts(value: Readonly<Record<string, unknown>>, keys: readonly string[]): boolean {
  return keys.every((key) => isCount(value[key]));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isListOf(value: unknown, check: (item: unknown) => boolean): value is readonly unknown[] {
  return Array.isArray(value) && value.every(check);
}
