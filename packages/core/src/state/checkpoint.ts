import type {EpochReport, FinishReason} from '../hooks.ts';
import {decodeBundle, encodeBundle, refuseBytes, type StoredTensor} from './codec.ts';
import type {Position, Stopped} from './member-run.ts';

/** A run's whole state, on the host. Make bytes of it with {@link encodeCheckpoint}. */
export interface Checkpoint {
  readonly format: 1;
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
  readonly marks: Readonly<Record<string, unknown>>;
  readonly final: unknown;
  readonly position: Position;
  readonly history: readonly EpochReport[];
  readonly stopped: Stopped | undefined;
  readonly ended: FinishReason | undefined;
}

/** Bytes of a checkpoint, in the safetensors layout. */
export function encodeCheckpoint({tensors, ...json}: Checkpoint): Uint8Array {
  return encodeBundle({json, tensors});
}

/**
 * A checkpoint from bytes.
 *
 * @throws RegularizerError with code `bad-checkpoint`
 */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const {json, tensors} = decodeBundle(bytes);
  const checkpoint: unknown = isRecord(json) ? {...json, tensors} : json;
  checkCheckpoint(checkpoint);
  return checkpoint;
}

/**
 * Checks that a value has the form of a checkpoint.
 *
 * @throws RegularizerError with code `bad-checkpoint`
 */
export function checkCheckpoint(value: unknown): asserts value is Checkpoint {
  if (!isRecord(value)) return refuseBytes('it is not an object');
  const {format, seed, plugins, members, tensors} = value;
  if (format !== 1) refuseBytes(`it has the format ${String(format)}, but this version reads format 1`);
  const isWhole =
    typeof seed === 'number' &&
    isListOf(plugins, (name) => typeof name === 'string') &&
    isRecord(tensors) &&
    isListOf(members, isMember) &&
    members.length > 0;
  if (!isWhole) refuseBytes('parts of it are missing');
}

function isMember(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const {weights, state, marks, final, position, history} = value;
  return (
    isListOf(weights, (weight) => isRecord(weight) && isListOf(weight['shape'], isCount)) &&
    isState(state) &&
    isRecord(marks) &&
    Object.values(marks).every((sets) => isListOf(sets, isRecord)) &&
    (final === null || isListOf(final, isRecord)) &&
    isRecord(position) &&
    ['epoch', 'batch', 'step', 'counted', 'decided'].every((key) => isCount(position[key])) &&
    isListOf(history, isRecord)
  );
}

function isState(value: unknown): boolean {
  return isRecord(value) && isRecord(value['weights']) && isRecord(value['plugins']);
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOf(value: unknown, check: (item: unknown) => boolean): value is readonly unknown[] {
  return Array.isArray(value) && value.every(check);
}
