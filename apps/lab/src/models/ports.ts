import {RegularizerError, showShape} from '@regularizers/core';
import {input, layers, type SymbolicTensor} from '@tensorflow/tfjs-layers';
import {z} from 'zod';
import {type DataKind, type DataSet, sizeOf} from '../data/data-set.ts';

/** What a model is fed and what it must answer. */
export interface ModelPorts {
  /** Shape of one input, such as `[28, 28, 1]`. */
  readonly inputShape: readonly number[];
  readonly kind: DataKind;
  /** Classes, or values in one target. */
  readonly outputs: number;
}

/** The ports that fit a data set. */
export function portsOf(data: DataSet): ModelPorts {
  return {
    inputShape: data.inputShape,
    kind: data.kind,
    outputs: data.kind === 'classification' ? data.classes : sizeOf(data.targetShape),
  };
}

/** A layer's number of units or channels. */
export const width: z.ZodInt = z.int().min(1).max(4096);

/** Activations of hidden layers. */
export const activation = z.enum(['relu', 'elu', 'selu', 'tanh', 'sigmoid']);

/** The last layer, named `output`: probabilities of classes, or plain values. */
export function head({kind, outputs}: ModelPorts): layers.Layer {
  return layers.dense({
    name: 'output',
    units: outputs,
    activation: kind === 'classification' ? 'softmax' : 'linear',
  });
}

/** The input as one row of values per example; a layer named `flatten` where it isn't one already. */
export function flattened(value: SymbolicTensor): SymbolicTensor {
  return value.rank > 2 ? chain(value, layers.flatten({name: 'flatten'})) : value;
}

/** Applies layers one after the other. */
export function chain(from: SymbolicTensor, ...stack: readonly layers.Layer[]): SymbolicTensor {
  return stack.reduce((value, layer) => layer.apply(value) as SymbolicTensor, from);
}

/** The input, named `input`. */
export const inputOf = ({inputShape}: ModelPorts): SymbolicTensor =>
  input({name: 'input', shape: [...inputShape]});

/**
 * Refuses data that a model can't be built for.
 *
 * @param fits whether it can
 * @param needs what the model needs, such as `'pictures, [height, width, channels]'`
 * @throws RegularizerError with code `wrong-data`
 */
export function checkPorts(
  where: string,
  {inputShape, kind}: ModelPorts,
  fits: boolean,
  needs: string,
): void {
  if (fits) return;
  throw new RegularizerError({
    where,
    code: 'wrong-data',
    message: `this model needs ${needs}; received ${kind} of inputs of shape ${showShape(inputShape)}`,
  });
}
