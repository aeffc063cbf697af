import {stringAttribute, typeAttribute} from '../../ops.ts';
import type {Rule} from './rule.ts';

/** A vector added to a product or a convolution: TensorFlow makes one kernel of these, and of the relu after it. */
export const biasAdd: Rule = (op, view) => {
  if (op.name !== 'Add' && op.name !== 'AddV2') return undefined;
  const [value, bias] = op.inputs as [number, number];
  const [size] = view.shape(bias) ?? [];
  const isBias = view.shape(bias)?.length === 1 && view.shape(value)?.at(-1) === size;
  if (!isBias || !view.made(value, 'MatMul', 'Conv2D')) return undefined;
  const attributes = [typeAttribute('T', 'float32'), stringAttribute('data_format', 'NHWC')];
  return [{...op, name: 'BiasAdd', attributes}];
};
