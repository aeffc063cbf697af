import * as tf from '@tensorflow/tfjs-core';
import {RegularizerError} from '../errors.ts';
import type {Tensors} from '../info.ts';
import {forEachTensor, mapTensors, type StateTree} from '../tree.ts';
import type {Checkpoint, MemberCheckpoint} from './checkpoint.ts';
import {refuseBytes, type StoredTensor} from './codec.ts';
import type {MemberRun} from './member-run.ts';
import type {MemberState} from './member-state.ts';

/** What {@link readMember} gives back. */
export interface RestoredMember {
  readonly state: MemberState;
  readonly marks: Readonly<Record<string, readonly Tensors[]>>;
  readonly final: readonly Tensors[] | undefined;
}

/** Reads members back from the device. Training may go on meanwhile: states are values. */
export async function makeCheckpoint(
  runs: readonly MemberRun[],
  seed: number,
  plugins: readonly string[],
): Promise<Checkpoint> {
  const tensors: Record<string, StoredTensor> = {};
  const named = runs.map((run, index) => {
    const names = new Map<tf.Tensor, string>();
    const member = memberCheckpoint(run, index, names);
    run.retained.hold([...names.keys()]);
    return {run, member, names};
  });
  try {
    for (const {names} of named) {
      for (const [tensor, name] of names) tensors[name] = await stored(tensor, name);
    }
  } finally {
    for (const {run, names} of named) run.retained.release([...names.keys()]);
  }
  return {format: 1, seed, plugins, members: named.map(({member}) => member), tensors};
}

async function stored(tensor: tf.Tensor, name: string): Promise<StoredTensor> {
  const {dtype, shape} = tensor;
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') {
    return {dtype, shape, values: (await tensor.data()).slice() as StoredTensor['values']};
  }
  throw new RegularizerError({
    where: 'checkpoint',
    code: 'cannot-save',
    message: `the tensor ${name} is of type ${dtype}; states hold float32, int32 and bool`,
  });
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

/**
 * Makes tensors of one member's part; weights whose automatic names have changed are renamed. The tensors are in
 * `made`, which is filled as they are made.
 *
 * @throws RegularizerError with code `checkpoint-mismatch` or `bad-checkpoint`
 */
export function readMember(
  {tensors}: Checkpoint,
  member: MemberCheckpoint,
  weights: MemberCheckpoint['weights'],
  made: Map<string, tf.Tensor>,
): RestoredMember {
  const renamed = compareWeights(member.weights, weights);
  const tensorNamed = (name: string): tf.Tensor => {
    const known = made.get(name);
    if (known) return known;
    const found = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
    if (!found) return refuseBytes(`the tensor ${name} is missing`);
    const tensor = tf.keep(tf.tensor(found.values.slice(), [...found.shape], found.dtype));
    made.set(name, tensor);
    return tensor;
  };
  const decode = (value: unknown): StateTree => {
    if (Array.isArray(value)) return value.map(decode);
    if (typeof value !== 'object' || value === null) return value as StateTree;
    if ('$tensor' in value) return tensorNamed(String(value.$tensor));
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => [renamed.get(key) ?? key, decode(child)]),
    );
  };
  const marks = Object.entries(member.marks).map(([plugin, mark]) => [plugin, decode(mark) as Tensors[]]);
  return {
    state: decode(member.state) as MemberState,
    marks: Object.fromEntries(marks),
    final: (decode(member.final) as RestoredMember['final'] | null) ?? undefined,
  };
}

function compareWeights(
  saved: MemberCheckpoint['weights'],
  current: MemberCheckpoint['weights'],
): ReadonlyMap<string, string> {
  if (saved.length !== current.length) {
    refuseMember(`it holds ${saved.length} weights, but the model and its plugins have ${current.length}`);
  }
  return new Map(
    saved.map(({name, shape}, i) => {
      const now = current[i]!;
      if (shape.join() !== now.shape.join()) {
        refuseMember(
          `its weight ${name} has shape [${shape.join(', ')}], but ${now.name} has [${now.shape.join(', ')}]`,
        );
      }
      return [name, now.name];
    }),
  );
}

/**
 * Says that a checkpoint is not this trainer's.
 *
 * @throws RegularizerError always
 */
export function refuseMember(what: string): never {
  throw new RegularizerError({
    where: 'checkpoint',
    code: 'checkpoint-mismatch',
    message: `the checkpoint does not fit this trainer: ${what}`,
    hint: 'Make the trainer with the same model, optimizer, metrics, seed and list of regularizers.',
  });
}
