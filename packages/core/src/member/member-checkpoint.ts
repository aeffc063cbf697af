import * as tf from '@tensorflow/tfjs-core';
import type {Tensors} from '../info.ts';
import {RegularizerError} from '../lib/errors.ts';
import {sameShape, showShape} from '../lib/shapes.ts';
import {forEachTensor, mapTensors, type StateTree} from '../lib/tree.ts';
import {zip} from '../lib/zip.ts';
import type {Program} from '../plugins/program.ts';
import type {MemberState} from '../state/member-state.ts';
import {differenceFrom, type Structure, type TensorSpec} from '../state/structure.ts';
import type {Checkpoint, MemberCheckpoint} from './checkpoint.ts';
import {refuseBytes, type StoredTensor} from './codec.ts';
import type {KeptRun} from './kept.ts';

/** What {@link readMember} gives back. */
export interface RestoredMember {
  readonly state: MemberState;
  readonly marks: Readonly<Record<string, readonly Tensors[]>>;
  readonly final: readonly Tensors[] | undefined;
}

/**
 * Reads what was kept of members back from the device.
 *
 * @throws RegularizerError with code `cannot-save` for weights of a type that is not stored
 */
export async function makeCheckpoint(
  kept: readonly KeptRun[],
  seed: number,
  plugins: readonly string[],
): Promise<Checkpoint> {
  const tensors: Record<string, StoredTensor> = {};
  const members: MemberCheckpoint[] = [];
  for (const [index, one] of kept.entries()) {
    const names = new Map<tf.Tensor, string>();
    members.push(memberCheckpoint(one, index, names));
    for (const [tensor, name] of names) tensors[name] = await stored(tensor, name);
  }
  return {format: 2, seed, plugins, members, tensors};
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

function memberCheckpoint(
  {program, state, marks, final, ...rest}: KeptRun,
  index: number,
  names: Map<tf.Tensor, string>,
): MemberCheckpoint {
  // A key may hold a slash, as names of weights do, so that two paths may be one text.
  const used = new Set<string>();
  const unused = (path: string): string => {
    let name = path;
    for (let count = 2; used.has(name); count++) name = `${path}#${count}`;
    used.add(name);
    return name;
  };
  const encode = (tree: StateTree, prefix: string): unknown => {
    forEachTensor(tree, (tensor, path) => {
      // What a mark shares with the state is stored once.
      if (!names.has(tensor)) names.set(tensor, unused(`${index}/${prefix}/${path}`));
    });
    return mapTensors(tree, (tensor) => ({$tensor: names.get(tensor) ?? ''}));
  };
  const encodeSets = (sets: readonly Tensors[], prefix: string): readonly unknown[] =>
    sets.map((set, at) => encode(set, `${prefix}/${at}`));
  return {
    weights: program.weights.map(({name, shape}) => ({name, shape})),
    state: encode(state, 'state'),
    marks: Object.fromEntries(
      Object.entries(marks).map(([plugin, mark]) => [plugin, encodeSets(mark, `marks/${plugin}`)]),
    ),
    final: final ? encodeSets(final, 'final') : null,
    ...rest,
  };
}

/**
 * Makes tensors of one member's part, once its states are found to be of the structure that this trainer's have; weights
 * whose automatic names have changed are renamed. The tensors are in `made`, which is filled as they are made.
 *
 * @throws RegularizerError with code `checkpoint-mismatch` or `bad-checkpoint`
 */
export function readMember(
  {tensors}: Checkpoint,
  member: MemberCheckpoint,
  {structure, weights, plugins}: Program,
  made: Map<string, tf.Tensor>,
): RestoredMember {
  const renamed = compareWeights(member.weights, weights);
  const storedAt = (name: string): StoredTensor => {
    const tensor = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
    return tensor ?? refuseBytes(`the tensor ${name} is missing`);
  };
  const specAt = (leaf: unknown): TensorSpec | undefined =>
    isReference(leaf) ? storedAt(leaf.$tensor) : undefined;
  const decode = (value: unknown): StateTree => {
    if (Array.isArray(value)) return value.map(decode);
    if (typeof value !== 'object' || value === null) return value as StateTree;
    if (isReference(value)) return tensorNamed(value.$tensor);
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, decode(child)]));
  };
  const tensorNamed = (name: string): tf.Tensor => {
    const known = made.get(name);
    if (known) return known;
    const {values, shape, dtype} = storedAt(name);
    const tensor = tf.keep(tf.tensor(values.slice(), [...shape], dtype));
    made.set(name, tensor);
    return tensor;
  };
  const read = (what: string, saved: unknown, expected: Structure): StateTree => {
    const value = rename(saved, renamed);
    const difference = differenceFrom(expected, value, specAt);
    if (difference !== undefined) refuseMember(`${what} ${difference}`);
    return decode(value);
  };
  const readSets = (what: string, sets: readonly unknown[]): readonly Tensors[] =>
    sets.map((set) => read(what, set, structure.fields.weights) as Tensors);
  const state = read('it', member.state, structure) as MemberState;
  const marks = Object.entries(member.marks).map(([plugin, mark]) => {
    if (!plugins.some(({name}) => name === plugin))
      refuseMember(`${plugin}, which is not there, marked a state`);
    return [plugin, readSets(`the weights that ${plugin} marked`, mark)];
  });
  return {
    state,
    marks: Object.fromEntries(marks),
    final: member.final ? readSets('the weights that it ends with', member.final) : undefined,
  };
}

function isReference(value: unknown): value is {readonly $tensor: string} {
  return (
    typeof value === 'object' && value !== null && '$tensor' in value && typeof value.$tensor === 'string'
  );
}

/** The same tree, with those of its keys that are names of weights as they are now. */
function rename(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((child: unknown) => rename(child, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [names.get(key) ?? key, rename(child, names)]),
  );
}

function compareWeights(
  saved: MemberCheckpoint['weights'],
  current: MemberCheckpoint['weights'],
): ReadonlyMap<string, string> {
  if (saved.length !== current.length) {
    refuseMember(`it holds ${saved.length} weights, but the model and its plugins have ${current.length}`);
  }
  return new Map(
    zip(saved, current).map(([{name, shape}, now]) => {
      if (!sameShape(shape, now.shape)) {
        refuseMember(
          `its weight ${name} has shape ${showShape(shape)}, but ${now.name} has ${showShape(now.shape)}`,
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
