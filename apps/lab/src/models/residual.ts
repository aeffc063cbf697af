import {type LayersModel, layers, model, type SymbolicTensor} from '@tensorflow/tfjs-layers';
import {z} from 'zod';
import {parseOptions} from '../options.ts';
import {chain, checkPorts, head, inputOf, type ModelPorts, width} from './ports.ts';

/** Options of {@link residual}. */
export const residualSchema = z.strictObject({
  name: z.literal('residual').default('residual'),
  /** Channels of each block; a block with more than the one before halves the picture. */
  blocks: z.array(width).min(1).max(20).default([16, 16, 32, 32]),
});

/** Options of {@link residual}, defaults left out. */
export type ResidualOptions = z.input<typeof residualSchema>;

/**
 * A small residual network. Block k adds a branch (`blockK_conv1`, `blockK_norm1`, `blockK_relu1`, `blockK_conv2`,
 * `blockK_residual`, the branch's value) to its input, or to a 1 × 1 convolution of it, `blockK_shortcut`, where
 * sizes differ; then `blockK_add` and `blockK_relu`. Ends in `average` and `output`.
 *
 * K. He, X. Zhang, S. Ren, J. Sun, Deep Residual Learning for Image Recognition, CVPR 2016.
 *
 * @throws RegularizerError with code `bad-option` or `wrong-data`
 */
export function residual(ports: ModelPorts, options: ResidualOptions = {}): LayersModel {
  const {blocks} = parseOptions('residual', residualSchema, options);
  checkPorts(
    'residual',
    ports,
    ports.inputShape.length === 3 && ports.kind !== 'autoencoding',
    'pictures [height, width, channels], and classes or values to predict',
  );
  const input = inputOf(ports);
  let channels = blocks[0]!;
  let value = chain(
    input,
    layers.conv2d({name: 'stem_conv', filters: channels, kernelSize: 3, padding: 'same', useBias: false}),
    normalization('stem_norm'),
    layers.reLU({name: 'stem_relu'}),
  );
  blocks.forEach((filters, index) => {
    value = block(`block${index + 1}`, value, channels, filters);
    channels = filters;
  });
  return model({
    name: 'residual',
    inputs: input,
    outputs: chain(value, layers.globalAveragePooling2d({name: 'average'}), head(ports)),
  });
}

function block(name: string, input: SymbolicTensor, channels: number, filters: number): SymbolicTensor {
  const strides = filters > channels ? 2 : 1;
  const common = {filters, padding: 'same', useBias: false} as const;
  const branch = chain(
    input,
    layers.conv2d({...common, name: `${name}_conv1`, kernelSize: 3, strides}),
    normalization(`${name}_norm1`),
    layers.reLU({name: `${name}_relu1`}),
    layers.conv2d({...common, name: `${name}_conv2`, kernelSize: 3}),
    normalization(`${name}_residual`),
  );
  const shortcut =
    filters === channels
      ? input
      : chain(input, layers.conv2d({...common, name: `${name}_shortcut`, kernelSize: 1, strides}));
  const sum = layers.add({name: `${name}_add`}).apply([shortcut, branch]) as SymbolicTensor;
  return chain(sum, layers.reLU({name: `${name}_relu`}));
}

/** Forgets its moving statistics within tens of steps, because small data has few steps per epoch. */
const normalization = (name: string): layers.Layer => layers.batchNormalization({name, momentum: 0.9});
