import type {GraphWriter} from './graph.ts';
import type {RecordedUpdate, Recording} from './recorder.ts';
import type {Variable, Variables} from './variables.ts';

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
function isWorthFusing(kind: RecordedUpdate['kind'], shape: readonly number[]): boolean {
  return kind !== 'adam' || shape.reduce((a, b) => a * b, 1) >= adamPays;
}

/**
 * The updates that are done in place, with the variables of their slots: each has those to itself, as a second one
 * would begin where the first has ended.
 */
export function fusedUpdates(
  {ops, shapes}: Recording,
  variables: Variables,
): ReadonlyMap<RecordedUpdate, readonly Variable[]> {
  const updates = new Set(ops.flatMap(({update}) => update ?? []));
  const slots = [...updates].flatMap((update) => update.slots);
  const mayChange = (slot: number): readonly Variable[] => {
    const variable = variables.of(slot);
    const isItsOwn = slots.indexOf(slot) === slots.lastIndexOf(slot);
    return variable && !variable.isKept && isItsOwn ? [variable] : [];
  };
  return new Map(
    [...updates].flatMap((update) => {
      const held = update.slots.flatMap(mayChange);
      const isFused =
        held.length === update.slots.length && isWorthFusing(update.kind, shapes.get(update.gradient) ?? []);
      return isFused ? [[update, held] as const] : [];
    }),
  );
}

/**
 * One update as TensorFlow's fused op on the variables.
 *
 * @param held - the variables of the update's slots
 * @param nameOf - the names of the gradient and the rate
 */
export function writeUpdate(
  writer: GraphWriter,
  name: string,
  {kind, constants, gradient, rate}: RecordedUpdate,
  variables: Variables,
  held: readonly Variable[],
  nameOf: (id: number) => string,
): void {
  const {op, inputs} = ops[kind];
  const operands = inputs.map((input) => {
    if (input === 'gradient') return nameOf(gradient);
    if (input === 'rate') return nameOf(rate);
    const value = input === 'zero' ? 0 : (constants[input] ?? 0);
    return writer.scalar(value);
  });
  const nesterov = op === 'ResourceApplyKerasMomentum' ? {use_nesterov: {b: kind === 'nesterov'}} : {};
  variables.update(name, op, held, operands, {T: {type: writer.binding.TF_FLOAT}, ...nesterov});
}
