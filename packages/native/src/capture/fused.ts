import type {NativeBinding} from '../backend.ts';
import type {GraphWriter} from './graph.ts';
import type {RecordedUpdate} from './recorder.ts';

/** TensorFlow's op for each kind of update, and the order of its inputs after the variables. */
const ops = {
  sgd: {op: 'ResourceApplyGradientDescent', inputs: ['rate', 'gradient']},
  momentum: {op: 'ResourceApplyKerasMomentum', inputs: ['rate', 'gradient', 'momentum']},
  nesterov: {op: 'ResourceApplyKerasMomentum', inputs: ['rate', 'gradient', 'momentum']},
  // The correction is in the rate already: powers of zero leave it as it is.
  adam: {
    op: 'ResourceApplyAdam',
    inputs: ['zero', 'zero', 'rate', 'beta1', 'beta2', 'epsilon', 'gradient'],
  },
} as const satisfies Record<RecordedUpdate['kind'], {op: string; inputs: readonly string[]}>;

/**
 * TensorFlow's kernel of Adam hands out its work in pieces so small that it takes 40 µs for a bias of ten; the dozen
 * ops that it stands for take 8 there, and twice its time from here on.
 */
const adamPays = 2 ** 14;

/** Whether the fused op is faster than the ops of which the update was recorded. */
export function isWorthFusing(kind: RecordedUpdate['kind'], shape: readonly number[]): boolean {
  return kind !== 'adam' || shape.reduce((a, b) => a * b, 1) >= adamPays;
}

/**
 * One update as TensorFlow's fused op on the variables.
 *
 * @param variables - names of the variables of the update's slots
 * @param nameOf - the names of the gradient and the rate
 * @returns the node's name
 */
export function writeUpdate(
  writer: GraphWriter,
  binding: NativeBinding,
  name: string,
  {kind, constants, gradient, rate}: RecordedUpdate,
  variables: readonly string[],
  nameOf: (id: number) => string,
): string {
  const {op, inputs} = ops[kind];
  const operands = inputs.map((input) => {
    if (input === 'gradient') return nameOf(gradient);
    if (input === 'rate') return nameOf(rate);
    const value = input === 'zero' ? 0 : (constants[input] ?? 0);
    return writer.scalar(value);
  });
  const nesterov = op === 'ResourceApplyKerasMomentum' ? {use_nesterov: {b: kind === 'nesterov'}} : {};
  return writer.add(name, op, [...variables, ...operands], {T: {type: binding.TF_FLOAT}, ...nesterov});
}
