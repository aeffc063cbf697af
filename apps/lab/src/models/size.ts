import {sizeOf} from '../data/data-set.ts';
import type {Recipe} from '../recipe-options.ts';
import type {ModelPorts} from './ports.ts';

/** How large a model is, known before it is built. */
export interface ModelSize {
  /** Numbers in all weights, trained or not. */
  readonly parameters: number;
  /** Numbers that the layers compute for one example, all layers together. */
  readonly values: number;
}

type Model = Recipe['model'];

/**
 * What a model will take, without building it. A recurrent layer counts the values of its gates at every step.
 *
 * @param model a parsed recipe's model
 * @param ports what it is fed and must answer
 */
export function modelSize(model: Model, ports: ModelPorts): ModelSize {
  switch (model.name) {
    case 'mlp':
      return dense([sizeOf(ports.inputShape), ...model.hidden, ports.outputs]);
    case 'autoencoder': {
      const mirrored = model.encoder.slice(0, -1).reverse();
      const ends = sizeOf(ports.inputShape);
      return dense([ends, ...model.encoder, ...mirrored, ends]);
    }
    case 'cnn':
      return cnn(model, ports);
    case 'residual':
      return residual(model, ports);
    case 'recurrent':
      return recurrent(model, ports);
  }
}

const sum = (parts: readonly ModelSize[]): ModelSize => ({
  parameters: parts.reduce((total, {parameters}) => total + parameters, 0),
  values: parts.reduce((total, {values}) => total + values, 0),
});

/** Dense layers with a bias, from the width of the input to that of the output. */
const dense = (widths: readonly number[]): ModelSize =>
  sum(widths.slice(1).map((units, index) => ({parameters: (widths[index]! + 1) * units, values: units})));

/** A convolution without a bias, the batch normalization after it, and the activation. */
const convolved = (kernel: number, from: number, to: number, pixels: number): ModelSize => ({
  parameters: kernel ** 2 * from * to + 4 * to,
  values: 3 * to * pixels,
});

function cnn({channels, units}: Extract<Model, {name: 'cnn'}>, {inputShape, outputs}: ModelPorts): ModelSize {
  let [height = 1, width = 1, from = 1] = inputShape;
  const steps = channels.map((to) => {
    const step = convolved(3, from, to, height * width);
    [height, width, from] = [Math.floor(height / 2), Math.floor(width / 2), to];
    return sum([step, {parameters: 0, values: height * width * to}]);
  });
  return sum([...steps, dense([height * width * from, units, outputs])]);
}

function residual(
  {blocks}: Extract<Model, {name: 'residual'}>,
  {inputShape, outputs}: ModelPorts,
): ModelSize {
  let [height = 1, width = 1, inputs = 1] = inputShape;
  let from = blocks[0]!;
  const parts = [convolved(3, inputs, from, height * width)];
  for (const to of blocks) {
    if (to > from) [height, width] = [Math.ceil(height / 2), Math.ceil(width / 2)];
    const pixels = height * width;
    const shortcut = to === from ? 0 : 1;
    parts.push(convolved(3, from, to, pixels), convolved(3, to, to, pixels), {
      parameters: shortcut * from * to,
      values: (1 + shortcut) * to * pixels,
    });
    from = to;
  }
  return sum([...parts, dense([from, outputs])]);
}

const gates = {lstm: 4, gru: 3, simple: 1} as const;

function recurrent(
  {cell, units, bidirectional}: Extract<Model, {name: 'recurrent'}>,
  {inputShape, outputs}: ModelPorts,
): ModelSize {
  // A picture is read row by row.
  const [steps = 1, ...rest] = inputShape;
  const ways = bidirectional ? 2 : 1;
  let from = sizeOf(rest);
  const layers = units.map((width) => {
    const perGate = (from + width + 1) * width;
    from = ways * width;
    return {parameters: ways * gates[cell] * perGate, values: ways * steps * (gates[cell] + 1) * width};
  });
  return sum([...layers, dense([from, outputs])]);
}
