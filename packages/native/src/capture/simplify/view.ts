import {sameShape} from '@regularizers/core';
import {nativeBackend} from '../../backend.ts';
import type {RecordedConstant, RecordedOp, Recording} from '../recorder.ts';

/** Ops, those so far where they are still added, and what is known of their tensors. */
export class View {
  readonly ops: RecordedOp[] = [];
  readonly constants: Map<number, RecordedConstant>;
  readonly #recording: Recording;
  readonly #producers = new Map<number, RecordedOp>();
  #made = 0;
  readonly #users = new Map<number, RecordedOp[]>();

  constructor(recording: Recording) {
    this.#recording = recording;
    this.constants = new Map(recording.constants);
  }

  /** A view of all ops of a recording. */
  static of(recording: Recording): View {
    const view = new View(recording);
    for (const op of recording.ops) view.add(op);
    return view;
  }

  add(op: RecordedOp): void {
    this.ops.push(op);
    for (const id of op.outputs) this.#producers.set(id, op);
    for (const id of op.inputs) this.#users.set(id, [...(this.#users.get(id) ?? []), op]);
  }

  /** A number for a tensor that the recording has not. */
  newTensor(): number {
    this.#made += 1;
    return -this.#made;
  }

  /** A constant of rank 0 that the recording has not. */
  number(value: number): number {
    const dtype = nativeBackend().binding.TF_FLOAT;
    return this.#constant({shape: [], dtype, values: Float32Array.of(value)});
  }

  /** A constant list of integers that the recording has not. */
  integers(values: readonly number[]): number {
    const dtype = nativeBackend().binding.TF_INT32;
    return this.#constant({shape: [values.length], dtype, values: Int32Array.from(values)});
  }

  /** The op whose first output a tensor is, if it has one of these names. */
  made(id: number | undefined, ...names: readonly string[]): RecordedOp | undefined {
    const op = id === undefined ? undefined : this.#producers.get(id);
    return op && names.includes(op.name) && op.outputs[0] === id ? op : undefined;
  }

  /** The ops so far that a tensor goes into. */
  users(id: number): readonly RecordedOp[] {
    return this.#users.get(id) ?? [];
  }

  shape(id: number | undefined): readonly number[] | undefined {
    return id === undefined ? undefined : this.#recording.shapes.get(id);
  }

  /** Whether two tensors have one shape, which is known. */
  haveSameShape(a: number | undefined, b: number | undefined): boolean {
    const [one, other] = [this.shape(a), this.shape(b)];
    return one !== undefined && other !== undefined && sameShape(one, other);
  }

  isFloat(id: number | undefined): boolean {
    return this.#type(id) === nativeBackend().binding.TF_FLOAT;
  }

  /** The tensor behind casts to its own type, which do nothing. */
  behindCasts(id: number): number {
    const cast = this.made(id, 'Cast');
    const [from] = cast?.inputs ?? [];
    return from !== undefined && this.#type(from) === this.#type(id) ? this.behindCasts(from) : id;
  }

  /** A tensor is this number throughout: a constant, or filled with one. */
  isFilledWith(id: number | undefined, value: number): boolean {
    const fill = this.made(id, 'Fill');
    const filling = fill ? fill.inputs[1] : id;
    const constant = filling === undefined ? undefined : this.constants.get(filling);
    return constant?.values.every((one) => one === value) ?? false;
  }

  #type(id: number | undefined): number | undefined {
    return id === undefined ? undefined : this.#recording.types.get(id);
  }

  #constant(constant: RecordedConstant): number {
    const id = this.newTensor();
    this.constants.set(id, constant);
    return id;
  }
}
