import * as tf from '@tensorflow/tfjs-core';
import {RegularizerError} from '../errors.ts';
import type {EpochReport, FinishReason} from '../hooks.ts';
import {forEachTensor, mapTensors, type StateTree} from '../tree.ts';
import {type Bundle, decodeBundle, encodeBundle, type StoredTensor} from './codec.ts';
import type {MemberRun, Position, Stopped} from './member-run.ts';
import type {MemberState} from './member-state.ts';

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

/** What {@link readMember} gives back. */
export interface RestoredMember {
  readonly state: MemberState;
  readonly marks: Readonly<Record<string, MemberState>>;
  readonly final: readonly MemberState['weights'][] | undefined;
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
  const {json, tensors}: Bundle = decodeBundle(bytes);
  const checkpoint = {...(json as Omit<Checkpoint, 'tensors'>), tensors};
  if (checkpoint.format === 1) return checkpoint;
  throw new RegularizerError({
    where: 'checkpoint',
    code: 'bad-checkpoint',
    message: `the checkpoint has the format ${String(checkpoint.format)}, but this version reads format 1`,
  });
}

/** Reads members back from the device. Training may go on meanwhile: states are values. */
export async function makeCheckpoint(
  runs: readonly MemberRun[],
  seed: number,
  plugins: readonly string[],
): Promise<Checkpoint> {
  const tensors: Record<string, StoredTensor> = {};
  const names = new Map<tf.Tensor, string>();
  const members = runs.map((run, index) => memberCheckpoint(run, index, names));
  for (const run of runs) holdAll(run, names);
  try {
    for (const [tensor, name] of names) {
      const {dtype, shape} = tensor;
      if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') continue;
      tensors[name] = {dtype, shape, values: (await tensor.data()).slice() as StoredTensor['values']};
    }
  } finally {
    for (const run of runs) releaseAll(run, names);
  }
  return {format: 1, seed, plugins, members, tensors};
}

function holdAll(run: MemberRun, names: ReadonlyMap<tf.Tensor, string>): void {
  run.retained.hold(ownTensors(run, names));
}

function releaseAll(run: MemberRun, names: ReadonlyMap<tf.Tensor, string>): void {
  run.retained.release(ownTensors(run, names));
}

function ownTensors(run: MemberRun, names: ReadonlyMap<tf.Tensor, string>): tf.Tensor[] {
  const prefix = `${run.program.member}/`;
  return [...names].filter(([, name]) => name.startsWith(prefix)).map(([tensor]) => tensor);
}

function memberCheckpoint(run: MemberRun, index: number, names: Map<tf.Tensor, string>): MemberCheckpoint {
  const {program, state, marks, final, position, history, stopped, ended} = run;
  const encode = (tree: StateTree, prefix: string): unknown => {
    forEachTensor(tree, (tensor, path) => {
      // What a mark shares with the state is stored once.
      if (!names.has(tensor)) names.set(tensor, `${index}/${prefix}/${path}`);
    });
    return mapTensors(tree, (tensor) => ({$tensor: names.get(tensor) ?? ''}));
  };
  return {
    weights: program.weights.map(({name, shape}) => ({name, shape})),
    state: encode(state, 'state'),
    marks: Object.fromEntries([...marks].map(([plugin, mark]) => [plugin, encode(mark, `marks/${plugin}`)])),
    final: final ? encode(final, 'final') : null,
    position,
    history,
    stopped,
    ended,
  };
}

/** Makes tensors of one member's part; weights whose automatic names have changed are renamed. */
export function readMember(
  {tensors}: Checkpoint,
  member: MemberCheckpoint,
  weights: MemberCheckpoint['weights'],
): RestoredMember {
  const renamed = compareWeights(member.weights, weights);
  const made = new Map<string, tf.Tensor>();
  const decode = (value: unknown): StateTree => {
    if (Array.isArray(value)) return value.map(decode);
    if (typeof value !== 'object' || value === null) return value as StateTree;
    if ('$tensor' in value) return tensorNamed(String(value.$tensor));
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => [renamed.get(key) ?? key, decode(child)]),
    );
  };
  const tensorNamed = (name: string): tf.Tensor => {
    const known = made.get(name);
    if (known) return known;
    const stored = tensors[name];
    if (!stored) return refuse(`the tensor ${name} is missing`);
    const tensor = tf.keep(tf.tensor(stored.values, [...stored.shape], stored.dtype));
    made.set(name, tensor);
    return tensor;
  };
  return {
    state: decode(member.state) as MemberState,
    marks: Object.fromEntries(
      Object.entries(member.marks).map(([plugin, mark]) => [plugin, decode(mark) as MemberState]),
    ),
    final: (decode(member.final) as RestoredMember['final'] | null) ?? undefined,
  };
}

function compareWeights(
  saved: MemberCheckpoint['weights'],
  current: MemberCheckpoint['weights'],
): ReadonlyMap<string, string> {
  if (saved.length !== current.length) {
    refuse(`it holds ${saved.length} weights, but the model and its plugins have ${current.length}`);
  }
  return new Map(
    saved.map(({name, shape}, i) => {
      const now = current[i]!;
      if (shape.join() !== now.shape.join()) {
        refuse(
          `its weight ${name} has shape [${shape.join(', ')}], but ${now.name} has [${now.shape.join(', ')}]`,
        );
      }
      return [name, now.name];
    }),
  );
}

function refuse(what: string): never {
  throw new RegularizerError({
    where: 'checkpoint',
    code: 'checkpoint-mismatch',
    message: `the checkpoint does not fit this trainer: ${what}`,
    hint: 'Make the trainer with the same model and the same list of regularizers.',
  });
}
