import {type StepCall, scalarValues} from '@regularizers/core/execution';
import * as tf from '@tensorflow/tfjs-core';
import type {NativeBackend} from '../backend.ts';
import {typeNumber} from '../ops.ts';
import {blendsOf} from './blends.ts';
import {GraphWriter} from './graph.ts';
import {idOf} from './recorder.ts';
import {Session} from './session.ts';
import type {RecordedStep} from './step-recording.ts';
import {type Variable, Variables} from './variables.ts';
import {writeRecording} from './write-recording.ts';

/** The recorded step of one shape of batch. */
export interface CapturedShape extends Omit<RecordedStep, 'structure'> {
  /** What its nodes' names begin with, after their part's. */
  readonly name: string;
}

/** What the graph holds for one member. */
export interface GraphPart {
  /** What its nodes' names begin with. */
  readonly name: string;
  /** The state's tensors. */
  readonly leaves: readonly tf.Tensor[];
  readonly shapes: readonly CapturedShape[];
}

/** One step of one member. */
export interface GraphStep {
  readonly part: string;
  readonly shape: CapturedShape;
  readonly call: StepCall;
}

/** The captured shapes of members as one graph in one session, around the variables that hold their states. */
export class StepGraph {
  readonly #backend: NativeBackend;
  readonly #session: Session;
  readonly #leaves: ReadonlyMap<string, number>;

  constructor(backend: NativeBackend, parts: readonly GraphPart[]) {
    const writer = new GraphWriter(backend.binding);
    this.#backend = backend;
    this.#leaves = new Map(parts.map(({name, leaves}) => [name, leaves.length]));
    for (const part of parts) writePart(writer, backend, part);
    this.#session = new Session(backend.binding, writer.nodes);
  }

  /** Sets members' states, by the names of their parts. */
  write(states: ReadonlyMap<string, readonly tf.Tensor[]>): void {
    const ids: number[] = [];
    const names: string[] = [];
    for (const [part, leaves] of states) {
      for (const [i, leaf] of leaves.entries()) {
        ids.push(idOf(this.#backend, leaf));
        names.push(`${part}value_${i}:0`);
      }
    }
    const written = [...states.keys()].map((part) => `${part}written:0`).join();
    for (const {id} of this.#session.run(ids, names.join(), written)) this.#backend.binding.deleteTensor(id);
  }

  /** Members' states as new tensors, kept. */
  read(parts: readonly string[]): ReadonlyMap<string, readonly tf.Tensor[]> {
    const named = parts.map((part) =>
      Array.from({length: this.#leaves.get(part)!}, (_, i) => `${part}read_${i}:0`),
    );
    const values = this.#session.run([], '', named.flat().join());
    let at = 0;
    const take = (): tf.Tensor => tf.keep(this.#backend.createOutputTensor(values[at++]!));
    return new Map(parts.map((part, i) => [part, named[i]!.map(take)]));
  }

  /** Runs steps of several members at once; the reports, in the same order, are the caller's. */
  step(steps: readonly GraphStep[]): tf.Tensor1D[] {
    const feed = new Feeder(this.#backend);
    try {
      for (const step of steps) feed.add(step);
      const outputs = steps.map(({part, shape}) => `${part}${shape.name}done:0`).join();
      const reports = this.#session.run(feed.ids, feed.names.join(), outputs);
      return reports.map((report) => tf.keep(this.#backend.createOutputTensor(report)) as tf.Tensor1D);
    } finally {
      feed.dispose();
    }
  }

  close(): void {
    this.#session.close();
  }
}

/** Collects what a run of the session is fed. */
class Feeder {
  readonly ids: number[] = [];
  readonly names: string[] = [];
  readonly #backend: NativeBackend;
  readonly #made: number[] = [];

  constructor(backend: NativeBackend) {
    this.#backend = backend;
  }

  add({part, shape, call}: GraphStep): void {
    const {TF_FLOAT, TF_INT32} = this.#backend.binding;
    const prefix = `${part}${shape.name}`;
    for (const [i, source] of call.batches.flatMap(({sources}) => sources).entries()) {
      this.ids.push(idOf(this.#backend, source));
      this.names.push(`${prefix}source_${i}:0`);
    }
    const lists = call.batches.flatMap(({indices}) => indices ?? []);
    for (const [i, list] of lists.entries()) {
      this.#make(`${prefix}indices_${i}:0`, [list.length], TF_INT32, list);
    }
    const numbers = Float32Array.from(scalarValues(call.numbers));
    this.#make(`${prefix}scalar_values:0`, [numbers.length], TF_FLOAT, numbers);
    if (shape.keys.length === 0) return;
    const pairs = shape.keys.flatMap(({plugin, purpose, batch}) => [...call.pair(plugin, purpose, batch)]);
    this.#make(`${prefix}key_values:0`, [shape.keys.length, 2], TF_INT32, Int32Array.from(pairs));
  }

  dispose(): void {
    for (const id of this.#made) this.#backend.binding.deleteTensor(id);
  }

  #make(name: string, shape: number[], dtype: number, values: Float32Array | Int32Array): void {
    const id = this.#backend.binding.createTensor(shape, dtype, values);
    this.#made.push(id);
    this.ids.push(id);
    this.names.push(name);
  }
}

function writePart(writer: GraphWriter, backend: NativeBackend, {name, leaves, shapes}: GraphPart): void {
  const {TF_INT32} = backend.binding;
  for (const [i, leaf] of leaves.entries()) writeVariable(writer, backend, name, i, leaf);
  const done = {shape: [], dtype: TF_INT32, values: new Int32Array(1)};
  const nothing = writer.constant(`${name}nothing`, done);
  const assigns = leaves.map((_, i) => `^${name}write_${i}`);
  writer.add(`${name}written`, 'Identity', [nothing, ...assigns], {T: {type: TF_INT32}});
  for (const shape of shapes) writeShape(writer, backend, name, shape, leaves);
}

function writeVariable(
  writer: GraphWriter,
  backend: NativeBackend,
  part: string,
  i: number,
  {shape, dtype}: tf.Tensor,
): void {
  const type = {type: typeNumber(backend.binding, dtype)};
  const state = `${part}state_${i}`;
  writer.add(state, 'VarHandleOp', [], {
    dtype: type,
    shape: {shape: {dim: shape.map((size) => ({size}))}},
    shared_name: {s: new TextEncoder().encode(state)},
  });
  writer.add(`${part}read_${i}`, 'ReadVariableOp', [state], {dtype: type});
  writer.placeholder(`${part}value_${i}`, type.type, shape);
  writer.add(`${part}write_${i}`, 'AssignVariableOp', [state, `${part}value_${i}`], {dtype: type});
}

function writeShape(
  writer: GraphWriter,
  backend: NativeBackend,
  part: string,
  {name, recording, sources, state, fed, keys, scalars, indices, next, report}: CapturedShape,
  leaves: readonly tf.Tensor[],
): void {
  const {TF_FLOAT, TF_INT32} = backend.binding;
  const prefix = `${part}${name}`;
  const known = new Map<number, string>();
  for (const [i, {id, shape, dtype}] of sources.entries()) {
    known.set(id, writer.placeholder(`${prefix}source_${i}`, typeNumber(backend.binding, dtype), shape));
  }
  unpack(writer, `${prefix}scalar`, TF_FLOAT, [scalars]);
  if (keys.length > 0) unpack(writer, `${prefix}key`, TF_INT32, [keys.length, 2]);
  for (const [i, count] of indices.entries()) writer.placeholder(`${prefix}indices_${i}`, TF_INT32, [count]);
  for (const [id, {kind, at}] of fed) {
    if (kind === 'indices') known.set(id, `${prefix}indices_${at}`);
    else known.set(id, at === 0 ? `${prefix}${kind}` : `${prefix}${kind}:${at}`);
  }
  const held = state.map(
    (id, i): Variable => ({
      handle: `${part}state_${i}`,
      dtype: typeNumber(backend.binding, leaves[i]!.dtype),
      isKept: next[i] === id,
    }),
  );
  const variables = new Variables(writer, new Map(state.map((id, i) => [id, held[i]!])));
  const blends = blendsOf(recording, state, next);
  const wanted = next.map((id, i) => {
    const blend = blends.get(i);
    if (blend) return [blend.difference, blend.rate];
    return held[i]!.isKept ? [] : [id];
  });
  const written = writeRecording(writer, prefix, recording, known, variables, [report, ...wanted.flat()]);
  const [reportName, ...names] = written.names;
  for (const [i, ids] of wanted.entries()) {
    const variable = held[i]!;
    const [value, rate] = names.splice(0, ids.length);
    // What a step leaves as it was, or an update has left in its place, needs no write.
    if (value === undefined || written.inPlace.get(next[i]!) === variable) continue;
    const type = {type: variable.dtype};
    const node = `${prefix}new_${i}`;
    if (rate === undefined) {
      variables.update(node, 'AssignVariableOp', [variable], [value], {dtype: type});
    } else {
      // The descent along a gradient, which it is not, is old − rate · difference in place.
      const opposite = writer.add(`${node}_rate`, 'Neg', [rate], {T: type});
      variables.update(node, 'ResourceApplyGradientDescent', [variable], [opposite, value], {T: type});
    }
  }
  const inputs = [reportName!, ...variables.updates.map((update) => `^${update}`)];
  writer.add(`${prefix}done`, 'Identity', inputs, {T: {type: TF_FLOAT}});
}

/** A placeholder for all values of one kind, and a node whose outputs are the single ones. */
function unpack(writer: GraphWriter, name: string, dtype: number, shape: readonly number[]): void {
  const values = writer.placeholder(`${name}_values`, dtype, shape);
  writer.add(name, 'Unpack', [values], {T: {type: dtype}, num: {i: shape[0]!}, axis: {i: 0}});
}
