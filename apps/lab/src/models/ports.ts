import {RegularizerError, showShape} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-layers';
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
export function head({kind, outputs}: ModelPorts): tf.layers.Layer {
  return tf.layers.dense({
    name: 'output',
    units: outputs,
    activation: kind === 'classification' ? 'softmax' : 'linear',
  });
}

/** The input as one row of values per example; a layer named `flatten` where it isn't one already. */
export function flattened(input: tf.SymbolicTensor): tf.SymbolicTensor {
  return input.rank > 2 ? chain(input, tf.layers.flatten({name: 'flatten'})) : input;
}

/** Applies layers one after the other. */
export function chain(input: tf.SymbolicTensor, ...layers: readonly tf.layers.Layer[]): tf.SymbolicTensor {
  return layers.reduce((value, layer) => layer.apply(value) as tf.SymbolicTensor, input);
}

/** The input, named `input`. */
export const inputOf = ({inputShape}: ModelPorts): tf.SymbolicTensor =>
  tf.input({name: 'input', shape: [...inputShape]});

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
