import {typeAttribute} from '../../ops.ts';
import type {RecordedOp} from '../recorder.ts';
import type {Rule} from './rule.ts';

/** From so many numbers on it is faster; TensorFlow's op for normal numbers is one op, but computes them one by one. */
const pays = 2 ** 14;

/** TensorFlow's bound for u₀, so that its logarithm is finite. */
const least = 1e-7;

const [float, complex] = ['float32', 'complex64'] as const;

/**
 * Many normal numbers by ops that compute several at a time: TensorFlow's own formula, √(−2 ln u₀)·(sin 2πu₁, cos
 * 2πu₁), of the same uniform numbers, to a rounding or two. A pair of them is taken for a complex number, which
 * parts and joins pairs without a copy of strided memory.
 */
export const normal: Rule = (op, view) => {
  const shape = view.shape(op.outputs[0]) ?? [];
  const size = shape.reduce((a, b) => a * b, 1);
  if (op.name !== 'StatelessRandomNormal' || size < pays || size % 2 !== 0) return undefined;
  const ops: RecordedOp[] = [];
  const add = (name: string, inputs: readonly number[], attributes = [typeAttribute('T', float)]): number => {
    const output = view.newTensor();
    ops.push({...op, name, attributes, inputs, outputs: [output]});
    return output;
  };
  const toPart = [typeAttribute('T', complex), typeAttribute('Tout', float)];
  const uniform = add('StatelessRandomUniform', op.inputs, [...op.attributes]);
  const pairs = add('Reshape', [uniform, view.integers([size / 2, 2])]);
  const complexes = add('Bitcast', [pairs], [typeAttribute('T', float), typeAttribute('type', complex)]);
  const bounded = add('Maximum', [add('Real', [complexes], toPart), view.number(least)]);
  const radius = add('Sqrt', [add('Mul', [add('Log', [bounded]), view.number(-2)])]);
  const angle = add('Mul', [add('Imag', [complexes], toPart), view.number(2 * Math.PI)]);
  const [first, second] = ['Sin', 'Cos'].map((name) => add('Mul', [add(name, [angle]), radius]));
  const toComplex = [typeAttribute('T', float), typeAttribute('Tout', complex)];
  const joined = add('Complex', [first!, second!], toComplex);
  const normals = add('Bitcast', [joined], [typeAttribute('T', complex), typeAttribute('type', float)]);
  const attributes = [typeAttribute('T', float)];
  return [...ops, {...op, name: 'Reshape', attributes, inputs: [normals, op.inputs[0]!]}];
};
