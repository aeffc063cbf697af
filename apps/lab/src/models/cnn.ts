import {type LayersModel, layers, model} from '@tensorflow/tfjs-layers';
import {z} from 'zod';
import {parseOptions} from '../options.ts';
import {chain, checkPorts, head, inputOf, type ModelPorts, width} from './ports.ts';

/** Options of {@link cnn}. */
export const cnnSchema = z.strictObject({
  name: z.literal('cnn').default('cnn'),
  /** Channels of each convolution; the picture is halved after each. */
  channels: z.array(width).min(1).max(4).default([16, 32]),
  /** Units of the layer between the convolutions and the output. */
  units: width.default(64),
});

/** Options of {@link cnn}, defaults left out. */
export type CnnOptions = z.input<typeof cnnSchema>;

/**
 * A small convolutional network: per step a 3 × 3 convolution, batch normalization, relu and 2 × 2 max pooling
 * (`conv1`, `norm1`, `relu1`, `pool1`, …), then `hidden` and `output`.
 *
 * @throws RegularizerError with code `bad-option` or `wrong-data`
 */
export function cnn(ports: ModelPorts, options: CnnOptions = {}): LayersModel {
  const {channels, units} = parseOptions('cnn', cnnSchema, options);
  const [height = 0, breadth = 0] = ports.inputShape;
  const smallest = 2 ** channels.length;
  checkPorts(
    'cnn',
    ports,
    ports.inputShape.length === 3 && Math.min(height, breadth) >= smallest && ports.kind !== 'autoencoding',
    `pictures [height, width, channels] of at least ${smallest} × ${smallest}, and classes or values to predict`,
  );
  const input = inputOf(ports);
  const steps = channels.flatMap((filters, index) => [
    // No bias: batch normalization adds its own.
    layers.conv2d({name: `conv${index + 1}`, filters, kernelSize: 3, padding: 'same', useBias: false}),
    layers.batchNormalization({name: `norm${index + 1}`, momentum: 0.9}),
    layers.reLU({name: `relu${index + 1}`}),
    layers.maxPooling2d({name: `pool${index + 1}`, poolSize: 2}),
  ]);
  return model({
    name: 'cnn',
    inputs: input,
    outputs: chain(
      input,
      ...steps,
      layers.flatten({name: 'flatten'}),
      layers.dense({name: 'hidden', units, activation: 'relu'}),
      head(ports),
    ),
  });
}
