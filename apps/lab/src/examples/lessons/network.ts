// A multilayer perceptron of the lab's, in float64, with units left out: what lessons expect of one.
import type {Weights} from './training.ts';

type Layer = {readonly kernel: Float32Array; readonly bias: Float32Array};

const layerOf = (weights: Weights, name: string): Layer => ({
  kernel: weights.get(`${name}/kernel`)!.values,
  bias: weights.get(`${name}/bias`)!.values,
});

function dense({kernel, bias}: Layer, input: readonly number[]): readonly number[] {
  const units = bias.length;
  return Array.from(bias, (value, unit) =>
    input.reduce((sum, one, i) => sum + one * kernel[i * units + unit]!, value),
  );
}

/** The units of the first hidden layer, of rectified linear units. */
export const hiddenUnits = (weights: Weights, input: readonly number[]): readonly number[] =>
  dense(layerOf(weights, 'hidden1'), input).map((value) => Math.max(0, value));

/** The logarithms of the probabilities that the last layer makes of units. */
export function logProbabilities(weights: Weights, units: readonly number[]): readonly number[] {
  const logits = dense(layerOf(weights, 'output'), units);
  const highest = Math.max(...logits);
  const total = Math.log(logits.reduce((sum, one) => sum + Math.exp(one - highest), 0));
  return logits.map((one) => one - highest - total);
}
