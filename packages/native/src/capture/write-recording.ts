import type {NativeBinding, OpAttribute} from '../backend.ts';
import {fusedUpdates, writeUpdate} from './fused.ts';
import {type GraphWriter, shapeProto} from './graph.ts';
import type {RecordedUpdate, Recording} from './recorder.ts';
import type {AttributeProto} from './saved-model.ts';
import type {Variable, Variables} from './variables.ts';

/** Attributes that tfjs-node leaves to TensorFlow's eager mode to infer from the first input. */
const inferredType: Readonly<Record<string, string>> = {ExpandDims: 'T'};

/** What writing a recording gave. */
export interface WrittenRecording {
  /** Names of the wanted tensors. */
  readonly names: readonly string[];
  /** Tensors that a fused update left in a variable, and the variable. */
  readonly inPlace: ReadonlyMap<number, Variable>;
}

/**
 * Writes the ops of a recording that `wanted` needs, and their constants.
 *
 * @param prefix - what their names begin with
 * @param known - names of the tensors that are not made by the recording
 * @param variables - hold the tensors of the state
 * @returns the name of each wanted tensor; of one that an update left in its variable, a read of that
 */
export function writeRecording(
  writer: GraphWriter,
  prefix: string,
  recording: Recording,
  known: ReadonlyMap<number, string>,
  variables: Variables,
  wanted: readonly number[],
): WrittenRecording {
  const {binding} = writer;
  const {ops, constants, types} = recording;
  const names = new Map(known);
  const updates = fusedUpdates(recording, variables);
  const needed = whatIsNeeded(ops, updates, names, wanted);
  // All that is read of the old state is read before any update is written.
  for (const id of needed.tensors) {
    const variable = variables.of(id);
    if (variable) names.set(id, variables.read(`${prefix}old_${id}`, variable));
  }
  const nameOf = (id: number): string => {
    const name = names.get(id);
    if (name !== undefined) return name;
    const constant = constants.get(id);
    if (!constant) throw new Error(`tensor ${id} of the recording has no source`);
    const made = writer.constant(`${prefix}const_${id}`, constant);
    names.set(id, made);
    return made;
  };
  const written = new Set<RecordedUpdate>();
  const inPlace = new Map<number, Variable>();
  for (const [at, {name, attributes, inputs, outputs, update}] of ops.entries()) {
    if (!needed.ops.has(at)) continue;
    const node = `${prefix}${name}_${at}`;
    if (update && updates.has(update)) {
      if (written.has(update)) continue;
      written.add(update);
      const held = updates.get(update)!;
      writeUpdate(writer, node, update, variables, held, nameOf);
      for (const [i, id] of update.results.entries()) {
        names.set(id, variables.read(`${node}_read_${i}`, held[i]!));
        inPlace.set(id, held[i]!);
      }
      continue;
    }
    const attr = attributesOf(attributes, binding);
    const left = inferredType[name];
    if (left) attr[left] ??= {type: types.get(inputs[0]!) ?? binding.TF_FLOAT};
    writer.add(node, name, inputs.map(nameOf), attr);
    for (const [i, id] of outputs.entries()) names.set(id, i === 0 ? node : `${node}:${i}`);
  }
  return {names: wanted.map(nameOf), inPlace};
}

/**
 * Indices of the ops that the wanted tensors depend on, and all tensors on the way; an update that is fused needs
 * gradient and rate alone.
 */
function whatIsNeeded(
  ops: Recording['ops'],
  updates: ReadonlyMap<RecordedUpdate, unknown>,
  known: ReadonlyMap<number, string>,
  wanted: readonly number[],
): {readonly ops: ReadonlySet<number>; readonly tensors: ReadonlySet<number>} {
  const producer = new Map<number, number>();
  for (const [at, {outputs}] of ops.entries()) for (const id of outputs) producer.set(id, at);
  const needed = new Set<number>();
  const tensors = new Set<number>();
  const waiting = [...wanted];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    tensors.add(id);
    const at = known.has(id) ? undefined : producer.get(id);
    if (at === undefined || needed.has(at)) continue;
    needed.add(at);
    const {inputs, update} = ops[at]!;
    waiting.push(...(update && updates.has(update) ? [update.gradient, update.rate] : inputs));
  }
  return {ops: needed, tensors};
}

function attributesOf(list: readonly OpAttribute[], binding: NativeBinding): Record<string, AttributeProto> {
  return Object.fromEntries(
    list
      .filter(({value}) => value !== undefined && value !== null)
      .map((one) => [one.name, attributeOf(one, binding)]),
  );
}

function attributeOf({type, value}: OpAttribute, binding: NativeBinding): AttributeProto {
  const {TF_ATTR_BOOL, TF_ATTR_FLOAT, TF_ATTR_INT, TF_ATTR_SHAPE, TF_ATTR_STRING} = binding;
  if (type === TF_ATTR_SHAPE) return {shape: shapeProto(value as readonly number[])};
  if (type === TF_ATTR_STRING) return {s: new TextEncoder().encode(String(value))};
  if (type === TF_ATTR_INT) {
    return Array.isArray(value) ? {list: {i: value as number[]}} : {i: Number(value)};
  }
  if (type === TF_ATTR_FLOAT) {
    return Array.isArray(value) ? {list: {f: value as number[]}} : {f: Number(value)};
  }
  if (type === TF_ATTR_BOOL) {
    return Array.isArray(value) ? {list: {b: value as boolean[]}} : {b: Boolean(value)};
  }
  return {type: Number(value)};
}
