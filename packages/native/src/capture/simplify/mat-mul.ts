import {sameShape} from '@regularizers/core';
import type {OpAttribute} from '../../backend.ts';
import type {RecordedOp} from '../recorder.ts';
import type {Rule} from './rule.ts';
import type {View} from './view.ts';

const names: Readonly<Record<string, string>> = {adj_x: 'transpose_a', adj_y: 'transpose_b'};

/**
 * A batched product that has no batch is a product of matrices, which TensorFlow fuses with what comes after it.
 * TensorFlow.js also makes batches of one: there the product takes the place of the reshape back to a matrix.
 */
export const matMul: Rule = (op, view) => {
  const product = op.name === 'Reshape' ? view.made(op.inputs[0], 'BatchMatMulV2') : op;
  if (product?.name !== 'BatchMatMulV2' || rank(view, op.outputs[0]) !== 2) return undefined;
  const inputs = product.inputs.map((id) => asMatrix(id, view));
  if (!inputs.every((id) => id !== undefined)) return undefined;
  if (isBetterInThreads([...inputs, op.outputs[0]!].map((id) => view.shape(id) ?? []))) return undefined;
  const attributes = product.attributes.map(
    (attribute): OpAttribute => ({...attribute, name: names[attribute.name] ?? attribute.name}),
  );
  return [{...op, name: 'MatMul', attributes, inputs}];
};

/**
 * TensorFlow runs a product in one thread if its matrices fit into the cache of one core, however long it takes; a
 * batched product it always spreads. That pays from about ten million multiplications on.
 */
function isBetterInThreads(shapes: readonly (readonly number[])[]): boolean {
  const sizes = shapes.map(([rows = 0, columns = 0]) => rows * columns);
  // (m·k) · (k·n) · (m·n) = (m·k·n)².
  const multiplications = Math.sqrt(sizes.reduce((a, b) => a * b));
  const bytes = 4 * sizes.reduce((a, b) => a + b);
  return multiplications >= 1e7 && bytes < 2 ** 21;
}

/** The matrix, or the one that a batch of one was made of. */
function asMatrix(id: number, view: View): RecordedOp['inputs'][number] | undefined {
  if (rank(view, id) === 2) return id;
  const from = view.made(id, 'Reshape')?.inputs[0];
  const [shape, inner] = [view.shape(id), view.shape(from)];
  return inner?.length === 2 && shape && sameShape(shape, [1, ...inner]) ? from : undefined;
}

function rank(view: View, id: number | undefined): number | undefined {
  return view.shape(id)?.length;
}
