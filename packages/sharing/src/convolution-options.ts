import {describeValue, type OptionsWithDefaults, option, RegularizerError} from '@regularizers/core';
import {type ConvolutionGeometry, type ConvolutionOptions, convolutionGeometry} from './toeplitz.ts';

const length = option.integer({min: 1, about: 'Along one axis.'});
const lengths = option.list<readonly number[]>(length)({about: 'One per axis of inputShape.', least: 1});
const perAxis = option.oneOf<number | readonly number[]>(length, lengths);

/** The options that say what convolution it is. */
export const convolutionOptions: OptionsWithDefaults<ConvolutionOptions, 'strides' | 'padding'> = {
  inputShape: option.list<readonly number[]>(option.integer({min: 1, about: 'A length.'}))({
    about: 'Shape of one example: [length, channels] or [height, width, channels].',
    required: true,
    least: 2,
  }),
  kernelSize: perAxis({about: 'Extent of the kernel; one number stands for all axes.', required: true}),
  filters: option.integer({min: 1, about: 'Channels of the result.', required: true}),
  strides: perAxis({about: 'Steps of the kernel; one number stands for all axes.', default: 1}),
  padding: option.choice(['valid', 'same'], {
    default: 'valid',
    about: 'The kernel stays inside, or zeros lie around.',
  }),
};

/**
 * Checks the options of a convolution, and works out its sizes.
 *
 * @throws RegularizerError with code `out-of-range`, `unknown-choice` or `bad-shape`
 */
export function checkConvolution(where: string, options: ConvolutionOptions): ConvolutionGeometry {
  const {inputShape, kernelSize, strides = 1} = options;
  if (inputShape.length !== 2 && inputShape.length !== 3) {
    refuse(where, 'inputShape', 'must be [length, channels] or [height, width, channels]', inputShape);
  }
  const rank = inputShape.length - 1;
  for (const [option, value] of Object.entries({kernelSize, strides})) {
    if (typeof value === 'number' || value.length === rank) continue;
    refuse(where, option, `must be a number or hold ${rank}, one per axis of inputShape`, value);
  }
  const geometry = convolutionGeometry(options);
  if (geometry.axes.some(({output}) => output < 1)) {
    refuse(where, 'kernelSize', `must fit into inputShape ${describeValue(inputShape)}`, kernelSize);
  }
  return geometry;
}

function refuse(where: string, option: string, must: string, received: unknown): never {
  throw new RegularizerError({
    where,
    code: 'bad-shape',
    message: `${option} ${must}; received ${describeValue(received)}`,
    option,
    received,
  });
}
