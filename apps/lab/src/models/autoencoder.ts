import {type LayersModel, layers, model} from '@tensorflow/tfjs-layers';
import {z} from 'zod';
import {sizeOf} from '../data/data-set.ts';
import {parseOptions} from '../options.ts';
import {
  activation as activations,
  chain,
  checkPorts,
  flattened,
  inputOf,
  type ModelPorts,
  width,
} from './ports.ts';

/** Options of {@link autoencoder}. */
export const autoencoderSchema = z.strictObject({
  name: z.literal('autoencoder').default('autoencoder'),
  /** Units of each encoder layer, the last one the code; the decoder mirrors them. */
  encoder: z.array(width).min(1).max(6).default([128, 32]),
  /** Of the layers within; where all are linear, the code is a plane through the data. */
  activation: z.enum([...activations.options, 'linear']).default('relu'),
  /** Of the last layer: sigmoid for inputs in [0, 1], linear for any. */
  outputActivation: z.enum(['sigmoid', 'linear']).default('sigmoid'),
});

/** Options of {@link autoencoder}, defaults left out. */
export type AutoencoderOptions = z.input<typeof autoencoderSchema>;

/** A decoder kernel that can be its encoder kernel, transposed. */
export interface KernelTie {
  /** The weight that stays, such as `enc1/kernel`. */
  readonly source: string;
  /** The weight that becomes its transpose, such as `dec1/kernel`. */
  readonly target: string;
}

/**
 * A dense autoencoder, 784-128-32-128-784 on MNIST. Decoder layer `decK` undoes encoder layer `encK`, so their kernels
 * are each other's transposed shape: the order is `enc1`, `enc2`, …, `dec2`, `dec1`. Answers in the input's shape.
 *
 * @throws RegularizerError with code `bad-option` or `wrong-data`
 */
export function autoencoder(ports: ModelPorts, options: AutoencoderOptions = {}): LayersModel {
  const parsed = parseOptions('autoencoder', autoencoderSchema, options);
  checkPorts('autoencoder', ports, ports.kind === 'autoencoding', 'the input as target');
  const input = inputOf(ports);
  const encoder = parsed.encoder.map((units, index) =>
    layers.dense({name: `enc${index + 1}`, units, activation: parsed.activation}),
  );
  const inner = parsed.encoder
    .slice(0, -1)
    .map((units, index) => layers.dense({name: `dec${index + 2}`, units, activation: parsed.activation}));
  const last = layers.dense({
    name: 'dec1',
    units: sizeOf(ports.inputShape),
    activation: parsed.outputActivation,
  });
  const outputs = chain(flattened(input), ...encoder, ...inner.reverse(), last);
  return model({
    name: 'autoencoder',
    inputs: input,
    outputs:
      ports.inputShape.length > 1
        ? chain(outputs, layers.reshape({name: 'reshape', targetShape: [...ports.inputShape]}))
        : outputs,
  });
}

/** Which decoder kernel mirrors which encoder kernel, for tying them. */
export function autoencoderTies(options: AutoencoderOptions = {}): readonly KernelTie[] {
  const {encoder} = parseOptions('autoencoder', autoencoderSchema, options);
  return encoder.map((_, index) => ({source: `enc${index + 1}/kernel`, target: `dec${index + 1}/kernel`}));
}
