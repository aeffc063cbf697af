import type {NativeBinding} from '../backend.ts';
import type {RecordedConstant} from './recorder.ts';
import type {AttributeProto, NodeProto, ShapeProto} from './saved-model.ts';

/** Collects the nodes of a graph. */
export class GraphWriter {
  readonly nodes: NodeProto[] = [];
  readonly binding: NativeBinding;
  readonly #scalars = new Map<number, string>();
  readonly #constants = new Map<RecordedConstant, string>();

  constructor(binding: NativeBinding) {
    this.binding = binding;
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
      this.constant(name, {shape: [], dtype: this.binding.TF_FLOAT, values: Float32Array.of(value)});
    }
    return name;
  }
}

/** A shape, as a graph has it. */
export function shapeProto(shape: readonly number[]): ShapeProto {
  return {dim: shape.map((size) => ({size}))};
}
