import {checkChoice, checkNumber, describeValue, RegularizerError} from '@regularizers/core';
import {type ConvolutionGeometry, type ConvolutionOptions, convolutionGeometry} from './toeplitz.ts';

/** The option names of a convolution. */
export const convolutionOptionNames = ['inputShape', 'kernelSize', 'filters', 'strides', 'padding'] as const;

/**
 * Checks the options of a convolution, and works out its sizes.
 *
 * @throws RegularizerError with code `out-of-range`, `unknown-choice` or `bad-shape`
 */
export function checkConvolution(where: string, options: ConvolutionOptions): ConvolutionGeometry {
  const {inputShape, kernelSize, filters, strides = 1, padding = 'valid'} = options;
  checkLengths(where, 'inputShape', inputShape);
  if (inputShape.length !== 2 && inputShape.length !== 3) {
    refuse(where, 'inputShape must be [length, channels] or [height, width, channels]', inputShape);
  }
  const rank = inputShape.length - 1;
  for (const [option, value] of Object.entries({kernelSize, strides})) {
    checkLengths(where, option, typeof value === 'number' ? [value] : value);
    if (typeof value === 'number' || value.length === rank) continue;
    refuse(where, `${option} must be a number or hold ${rank}, one per axis of inputShape`, value);
  }
  checkNumber(where, 'filters', filters, {min: 1, integer: true});
  checkChoice(where, 'padding', padding, ['valid', 'same']);
  const geometry = convolutionGeometry(options);
  if (geometry.axes.some(({output}) => output < 1)) {
    refuse(where, `kernelSize must fit into inputShape ${describeValue(inputShape)}`, kernelSize);
  }
  return geometry;
}

function checkLengths(where: string, option: string, lengths: unknown): void {
  if (!Array.isArray(lengths) || lengths.length === 0) {
    refuse(where, `${option} must be a list of integers`, lengths);
  } else {
    for (const length of lengths) checkNumber(where, option, length, {min: 1, integer: true});
  }
}

function refuse(where: string, message: string, received: unknown): never {
  throw new RegularizerError({
    where,
    code: 'bad-shape',
    message: `${message}; received ${describeValue(received)}`,
  });
}
