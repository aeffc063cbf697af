import {typeAttribute} from '../../ops.ts';
import type {RecordedOp} from '../recorder.ts';
import type {Rule} from './rule.ts';
import type {View} from './view.ts';

/**
 * The gradient of relu as one op: dy · step(x), where TensorFlow.js makes step(x) of four ops,
 * select(isNaN(x), x, select(x > 0, 1, 0)). It is given relu's result rather than x, which has the same sign, so
 * that x is needed nowhere else and relu can be one kernel with what is before it.
 *
 * Where x is NaN the gradient is 0, not NaN: relu's result is NaN there, and so is the loss.
 */
export const reluGrad: Rule = (op, view) => {
  if (op.name !== 'Mul') return undefined;
  const [gradient, step] = op.inputs as [number, number];
  const x = steppedFrom(view.made(view.behindCasts(step), 'Select', 'SelectV2'), view);
  if (x === undefined || !view.haveSameShape(x, gradient)) return undefined;
  const relu = view.users(x).find(({name}) => name === 'Relu');
  const features = relu?.outputs[0] ?? x;
  const attributes = [typeAttribute('T', 'float32')];
  return [{...op, name: 'ReluGrad', attributes, inputs: [gradient, features]}];
};

/** x, if the op is the last one of step(x). */
function steppedFrom(outer: RecordedOp | undefined, view: View): number | undefined {
  const [nan, x, inner] = outer?.inputs ?? [];
  const [positive, one, zero] = view.made(inner, 'Select', 'SelectV2')?.inputs ?? [];
  const greater = view.made(positive, 'Greater');
  const isStep =
    x !== undefined &&
    view.made(nan, 'IsNan')?.inputs[0] === x &&
    greater?.inputs[0] === x &&
    view.isFilledWith(greater.inputs[1], 0) &&
    view.isFilledWith(one, 1) &&
    view.isFilledWith(zero, 0);
  return isStep ? x : undefined;
}
