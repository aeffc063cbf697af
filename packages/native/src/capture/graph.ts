import type {NativeBinding, OpAttribute} from '../backend.ts';
import {isWorthFusing, writeUpdate} from './fused.ts';
import type {RecordedConstant, RecordedUpdate, Recording} from './recorder.ts';
import type {AttributeProto, NodeProto, ShapeProto} from './saved-model.ts';

/** Attributes that tfjs-node leaves to TensorFlow's eager mode to infer from the first input. */
const inferredType: Readonly<Record<string, string>> = {ExpandDims: 'T'};

/** What writing a recording gave. */
export interface WrittenRecording {
  /** Names of the wanted tensors. */
  readonly names: readonly string[];
  /** The nodes of fused updates, which change variables. */
  readonly updates: readonly string[];
  /** Tensors that a fused update left in a variable, and the variable. */
  readonly inPlace: ReadonlyMap<number, string>;
}

/** Turns recordings into nodes, under a prefix of their own. */
export class GraphWriter {
  readonly nodes: NodeProto[] = [];
  readonly #binding: NativeBinding;
  readonly #scalars = new Map<number, string>();
  readonly #constants = new Map<RecordedConstant, string>();

  constructor(binding: NativeBinding) {
    this.#binding = binding;
  }

  /** A node; returns its name. */
  add(
    name: string,
    op: string,
    input: readonly string[],
    attr: Readonly<Record<string, AttributeProto>> = {},
  ): string {
    this.nodes.push({name, op, input, attr});
    return name;
  }

  placeholder(name: string, dtype: number, shape: readonly number[]): string {
    return this.add(name, 'Placeholder', [], {dtype: {type: dtype}, shape: {shape: shapeProto(shape)}});
  }

  /** A constant; one that is there already is not made again. */
  constant(name: string, constant: RecordedConstant): string {
    const known = this.#constants.get(constant);
    if (known !== undefined) return known;
    this.#constants.set(constant, name);
    const {shape, dtype, values} = constant;
    const tensorContent = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const tensor = {dtype, tensorShape: shapeProto(shape), tensorContent};
    return this.add(name, 'Const', [], {dtype: {type: dtype}, value: {tensor}});
  }

  /** A float constant of rank 0; equal ones are one node. */
  scalar(value: number): string {
    const name = this.#scalars.get(value) ?? `scalar_${this.#scalars.size}`;
    if (!this.#scalars.has(value)) {
      this.#scalars.set(value, name);
      this.constant(name, {shape: [], dtype: this.#binding.TF_FLOAT, values: Float32Array.of(value)});
    }
    return name;
  }

  /**
   * The ops that `wanted` needs, and their constants.
   *
   * @param known - names of the tensors that are not made by the recording
   * @param variables - numbers of tensors that are what a variable holds, and the variables
   * @returns the name of each wanted tensor; of one that an update left in its variable, a read of that
   */
  recording(
    prefix: string,
    {ops, constants, types, shapes}: Recording,
    known: ReadonlyMap<number, string>,
    variables: ReadonlyMap<number, string>,
    wanted: readonly number[],
  ): WrittenRecording {
    const names = new Map(known);
    const isFused = ({kind, slots, gradient}: RecordedUpdate): boolean =>
      slots.every((slot) => variables.has(slot)) && isWorthFusing(kind, shapes.get(gradient) ?? []);
    const updates = new Set(ops.flatMap(({update}) => (update && isFused(update) ? [update] : [])));
    const needed = neededOps(ops, updates, names, wanted);
    const nameOf = (id: number): string => {
      const name = names.get(id);
      if (name !== undefined) return name;
      const constant = constants.get(id);
      if (!constant) throw new Error(`tensor ${id} of the recording has no source`);
      const made = this.constant(`${prefix}const_${id}`, constant);
      names.set(id, made);
      return made;
    };
    const written = new Map<RecordedUpdate, string>();
    const inPlace = new Map<number, string>();
    for (const [at, {name, attributes, inputs, outputs, update}] of ops.entries()) {
      if (!needed.has(at)) continue;
      const node = `${prefix}${name}_${at}`;
      if (update && updates.has(update)) {
        if (written.has(update)) continue;
        const held = update.slots.map((slot) => variables.get(slot)!);
        const done = writeUpdate(this, this.#binding, node, update, held, nameOf);
        written.set(update, done);
        for (const [i, id] of update.results.entries()) {
          names.set(
            id,
            this.add(`${node}_read_${i}`, 'ReadVariableOp', [held[i]!, `^${done}`], {
              dtype: {type: this.#binding.TF_FLOAT},
            }),
          );
          inPlace.set(id, held[i]!);
        }
        continue;
      }
      const attr = this.#attributes(attributes);
      const left = inferredType[name];
      if (left) attr[left] ??= {type: types.get(inputs[0]!) ?? this.#binding.TF_FLOAT};
      this.add(node, name, inputs.map(nameOf), attr);
      for (const [i, id] of outputs.entries()) names.set(id, i === 0 ? node : `${node}:${i}`);
    }
    return {names: wanted.map(nameOf), updates: [...written.values()], inPlace};
  }

  #attributes(list: readonly OpAttribute[]): Record<string, AttributeProto> {
    return Object.fromEntries(
      list
        .filter(({value}) => value !== undefined && value !== null)
        .map((one) => [one.name, this.#attribute(one)]),
    );
  }

  #attribute({type, value}: OpAttribute): AttributeProto {
    const {TF_ATTR_BOOL, TF_ATTR_FLOAT, TF_ATTR_INT, TF_ATTR_SHAPE, TF_ATTR_STRING} = this.#binding;
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
}

/** Indices of the ops that the wanted tensors depend on; an update that is fused needs gradient and rate alone. */
function neededOps(
  ops: Recording['ops'],
  updates: ReadonlySet<RecordedUpdate>,
  known: ReadonlyMap<number, string>,
  wanted: readonly number[],
): ReadonlySet<number> {
  const producer = new Map<number, number>();
  for (const [at, {outputs}] of ops.entries()) for (const id of outputs) producer.set(id, at);
  const needed = new Set<number>();
  const waiting = [...wanted];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const at = known.has(id) ? undefined : producer.get(id);
    if (at === undefined || needed.has(at)) continue;
    needed.add(at);
    const {inputs, update} = ops[at]!;
    waiting.push(...(update && updates.has(update) ? [update.gradient, update.rate] : inputs));
  }
  return needed;
}

function shapeProto(shape: readonly number[]): ShapeProto {
  return {dim: shape.map((size) => ({size}))};
}
