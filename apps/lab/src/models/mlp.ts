import {type LayersModel, layers, model} from '@tensorflow/tfjs-layers';
import {z} from 'zod';
import {parseOptions} from '../options.ts';
import {activation, chain, checkPorts, flattened, head, inputOf, type ModelPorts, width} from './ports.ts';

/** Options of {@link mlp}. */
export const mlpSchema = z.strictObject({
  name: z.literal('mlp').default('mlp'),
  /** Units of each hidden layer; of none, the model is linear. */
  hidden: z.array(width).max(10).default([256, 128]),
  activation: activation.default('relu'),
});

/** Options of {@link mlp}, defaults left out. */
export type MlpOptions = z.input<typeof mlpSchema>;

/**
 * A multilayer perceptron, 784-256-128-10 on MNIST: layers `hidden1`, `hidden2`, …, `output`. Without hidden layers
 * it is linear or softmax regression.
 *
 * @throws RegularizerError with code `bad-option` or `wrong-data`
 */
export function mlp(ports: ModelPorts, options: MlpOptions = {}): LayersModel {
  const parsed = parseOptions('mlp', mlpSchema, options);
  checkPorts('mlp', ports, ports.kind !== 'autoencoding', 'classes or values to predict');
  const input = inputOf(ports);
  const hidden = parsed.hidden.map((units, index) =>
    layers.dense({name: `hidden${index + 1}`, units, activation: parsed.activation}),
  );
  return model({name: 'mlp', inputs: input, outputs: chain(flattened(input), ...hidden, head(ports))});
}
