import {type StepCall, scalarValues} from '@regularizers/core/execution';
import type {Tensor} from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type {NativeBackend} from '../backend.ts';
import {GraphWriter} from './graph.ts';
import {idOf, type Recording} from './recorder.ts';
import {Session} from './session.ts';

/** Whose key an input of the graph is. */
export interface KeySource {
  readonly plugin: string;
  readonly purpose: string;
  readonly batch: number | undefined;
}

/** The recorded step of one shape of batch; tensors by the addon's numbers. */
export interface CapturedShape {
  /** Prefix of its nodes. */
  readonly name: string;
  readonly recording: Recording;
  readonly batch: readonly {readonly id: number; readonly shape: readonly number[]; readonly dtype: string}[];
  readonly state: readonly number[];
  /** Scalars and keys: `scalars:2`, `keys:0`. */
  readonly fed: ReadonlyMap<number, string>;
  readonly keys: readonly KeySource[];
  readonly scalars: number;
  /** The next state, leaf by leaf. */
  readonly next: readonly number[];
  readonly report: number;
}

/** All of a member's captured shapes as one graph in one session, around the variables that hold the state. */
export class StepGraph {
  readonly #backend: NativeBackend;
  readonly #session: Session;
  readonly #leaves: number;

  constructor(backend: NativeBackend, shapes: readonly CapturedShape[], leaves: readonly Tensor[]) {
    const writer = new GraphWriter(backend.binding);
    this.#backend = backend;
    this.#leaves = leaves.length;
    for (const [i, {shape, dtype}] of leaves.entries()) writeVariable(writer, backend, i, shape, dtype);
    const assigns = leaves.map((_, i) => `^write_${i}`);
    const done = {shape: [], dtype: backend.binding.TF_INT32, values: new Int32Array(1)};
    const nothing = writer.constant('nothing', done);
    writer.add('written', 'Identity', [nothing, ...assigns], {T: {type: backend.binding.TF_INT32}});
    for (const shape of shapes) writeShape(writer, backend, shape, leaves);
    this.#session = new Session(backend.binding, writer.nodes);
  }

  /** Sets the state. */
  write(leaves: readonly Tensor[]): void {
    const ids = leaves.map((leaf) => idOf(this.#backend, leaf));
    const names = leaves.map((_, i) => `value_${i}:0`).join();
    for (const {id} of this.#session.run(ids, names, 'written:0')) this.#backend.binding.deleteTensor(id);
  }

  /** The state as new tensors, kept. */
  read(): Tensor[] {
    const names = Array.from({length: this.#leaves}, (_, i) => `read_${i}:0`).join();
    return this.#session.run([], '', names).map((made) => tf.keep(this.#backend.createOutputTensor(made)));
  }

  /** Runs one step; the report is the caller's. */
  step({name, keys, scalars}: CapturedShape, call: StepCall, batch: readonly Tensor[]): tf.Tensor1D {
    const backend = this.#backend;
    const {binding} = backend;
    const made: number[] = [];
    const ids = batch.map((tensor) => idOf(backend, tensor));
    const names = batch.map((_, i) => `${name}batch_${i}:0`);
    const feed = (
      placeholder: string,
      shape: number[],
      dtype: number,
      values: Float32Array | Int32Array,
    ): void => {
      const id = binding.createTensor(shape, dtype, values);
      made.push(id);
      ids.push(id);
      names.push(placeholder);
    };
    feed(
      `${name}scalar_values:0`,
      [scalars],
      binding.TF_FLOAT,
      Float32Array.from(scalarValues(call.numbers)),
    );
    if (keys.length > 0) {
      const pairs = keys.flatMap(({plugin, purpose, batch}) => [...call.pair(plugin, purpose, batch)]);
      feed(`${name}key_values:0`, [keys.length, 2], binding.TF_INT32, Int32Array.from(pairs));
    }
    try {
      const [report] = this.#session.run(ids, names.join(), `${name}done:0`);
      return tf.keep(backend.createOutputTensor(report!)) as tf.Tensor1D;
    } finally {
      for (const id of made) binding.deleteTensor(id);
    }
  }

  close(): void {
    this.#session.close();
  }
}

function writeVariable(
  writer: GraphWriter,
  backend: NativeBackend,
  i: number,
  shape: readonly number[],
  dtype: Tensor['dtype'],
): void {
  const type = {type: typeNumber(backend, dtype)};
  const attr = {dtype: type, shape: {shape: {dim: shape.map((size) => ({size}))}}};
  writer.add(`state_${i}`, 'VarHandleOp', [], {
    ...attr,
    shared_name: {s: new TextEncoder().encode(`state_${i}`)},
  });
  writer.add(`read_${i}`, 'ReadVariableOp', [`state_${i}`], {dtype: type});
  writer.placeholder(`value_${i}`, type.type, shape);
  writer.add(`write_${i}`, 'AssignVariableOp', [`state_${i}`, `value_${i}`], {dtype: type});
}

function writeShape(
  writer: GraphWriter,
  backend: NativeBackend,
  {name, recording, batch, state, fed, keys, scalars, next, report}: CapturedShape,
  leaves: readonly Tensor[],
): void {
  const {TF_FLOAT, TF_INT32} = backend.binding;
  const known = new Map<number, string>();
  for (const [i, {id, shape, dtype}] of batch.entries()) {
    known.set(id, writer.placeholder(`${name}batch_${i}`, typeNumber(backend, dtype), shape));
  }
  for (const [i, id] of state.entries()) {
    const type = {type: typeNumber(backend, leaves[i]!.dtype)};
    known.set(id, writer.add(`${name}old_${i}`, 'ReadVariableOp', [`state_${i}`], {dtype: type}));
  }
  unpack(writer, `${name}scalar`, TF_FLOAT, [scalars]);
  if (keys.length > 0) unpack(writer, `${name}key`, TF_INT32, [keys.length, 2]);
  for (const [id, where] of fed) {
    const [kind, output] = where.split(':') as ['scalars' | 'keys', string];
    const node = kind === 'scalars' ? `${name}scalar` : `${name}key`;
    known.set(id, output === '0' ? node : `${node}:${output}`);
  }
  const variables = new Map(state.map((id, i) => [id, `state_${i}`]));
  const written = writer.recording(name, recording, known, variables, [report, ...next]);
  const [reportName, ...nextNames] = written.names;
  const assigns = written.updates.map((node) => `^${node}`);
  for (const [i, value] of nextNames.entries()) {
    const old = `${name}old_${i}`;
    // What a step leaves as it was, or an update has left in its place, needs no write.
    if (value === old || written.inPlace.get(next[i]!) === `state_${i}`) continue;
    const type = {type: typeNumber(backend, leaves[i]!.dtype)};
    assigns.push(
      `^${writer.add(`${name}new_${i}`, 'AssignVariableOp', [`state_${i}`, value, `^${old}`], {dtype: type})}`,
    );
  }
  writer.add(`${name}done`, 'Identity', [reportName!, ...assigns], {T: {type: TF_FLOAT}});
}

/** A placeholder for all values of one kind, and a node whose outputs are the single ones. */
function unpack(writer: GraphWriter, name: string, dtype: number, shape: readonly number[]): void {
  const values = writer.placeholder(`${name}_values`, dtype, shape);
  writer.add(name, 'Unpack', [values], {T: {type: dtype}, num: {i: shape[0]!}, axis: {i: 0}});
}

function typeNumber({binding}: NativeBackend, dtype: string): number {
  if (dtype === 'int32') return binding.TF_INT32;
  return dtype === 'bool' ? binding.TF_BOOL : binding.TF_FLOAT;
}
