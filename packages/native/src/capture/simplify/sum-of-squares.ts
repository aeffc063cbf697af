import {typeAttribute} from '../../ops.ts';
import type {RecordedOp} from '../recorder.ts';
import type {Rule} from './rule.ts';
import type {View} from './view.ts';

/**
 * Σx², or Σx·(a·x) for a number a, in one pass over x and nothing stored: TensorFlow's L2Loss is ½Σx². Penalties are
 * such sums, over every weight at every step.
 */
export const sumOfSquares: Rule = (op, view) => {
  if (op.name !== 'Sum' || view.shape(op.outputs[0])?.length !== 0) return undefined;
  const found = squareOf(op.inputs[0], view);
  if (!found) return undefined;
  const attributes = [typeAttribute('T', 'float32')];
  const [half, whole] = [view.newTensor(), found.factor === undefined ? op.outputs[0]! : view.newTensor()];
  const ops: RecordedOp[] = [
    {...op, name: 'L2Loss', attributes, inputs: [found.x], outputs: [half]},
    {...op, name: 'Mul', attributes, inputs: [half, view.number(2)], outputs: [whole]},
  ];
  if (found.factor !== undefined) {
    ops.push({...op, name: 'Mul', attributes, inputs: [whole, found.factor]});
  }
  return ops;
};

/** x and a, if a tensor is x·(a·x), or x·x. */
function squareOf(
  id: number | undefined,
  view: View,
): {readonly x: number; readonly factor?: number} | undefined {
  const [x, other] = view.made(id, 'Mul')?.inputs ?? view.made(id, 'Square')?.inputs ?? [];
  if (x === undefined) return undefined;
  if (other === undefined || other === x) return {x};
  const [a, b] = view.made(other, 'Mul')?.inputs ?? [];
  const factor = a === x ? b : b === x ? a : undefined;
  return factor !== undefined && view.shape(factor)?.length === 0 ? {x, factor} : undefined;
}
