import {typeAttribute} from '../../ops.ts';
import type {Rule} from './rule.ts';

/** Where the vectors of oneDNN's kernel begin to pay for setting it up, which takes 80 µs at each call. */
const worthSettingUp = 2 ** 16;

/** Softmax of few values: the exponential of log-softmax, a kernel of TensorFlow's own that begins at once. */
export const softmax: Rule = (op, view) => {
  if (op.name !== 'Softmax') return undefined;
  const size = view.shape(op.inputs[0])?.reduce((a, b) => a * b, 1) ?? worthSettingUp;
  if (size >= worthSettingUp) return undefined;
  const logarithm = view.newTensor();
  const attributes = [typeAttribute('T', 'float32')];
  return [
    {...op, name: 'LogSoftmax', outputs: [logarithm]},
    {...op, name: 'Exp', attributes, inputs: [logarithm]},
  ];
};
