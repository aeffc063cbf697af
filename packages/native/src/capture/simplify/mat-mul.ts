import type {OpAttribute} from '../../backend.ts';
import type {RecordedOp} from '../recorder.ts';
import type {Rule} from './simplify.ts';
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
  const attributes = product.attributes.map(
    (attribute): OpAttribute => ({...attribute, name: names[attribute.name] ?? attribute.name}),
  );
  return [{...op, name: 'MatMul', attributes, inputs}];
};

/** The matrix, or the one that a batch of one was made of. */
function asMatrix(id: number, view: View): RecordedOp['inputs'][number] | undefined {
  if (rank(view, id) === 2) return id;
  const from = view.made(id, 'Reshape')?.inputs[0];
  const isBatchOfOne =
    from !== undefined && view.shape(id)?.join() === [1, ...(view.shape(from) ?? [])].join();
  return isBatchOfOne && rank(view, from) === 2 ? from : undefined;
}

function rank(view: View, id: number | undefined): number | undefined {
  return view.shape(id)?.length;
}
