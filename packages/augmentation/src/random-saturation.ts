import {uniform} from '@regularizers/random';
import {colourPlugin} from './colour-plugin.ts';
import type {ImageRegularizer} from './image-plugin.ts';
import type {ImageOptions, Interval} from './options.ts';
import {checkRgb, saturationMap} from './rgb.ts';

/** Options of {@link randomSaturation}. */
export interface RandomSaturationOptions extends ImageOptions {
  /** Largest change of the saturation to either side, in [0, 1]: factors in 1 − strength … 1 + strength. @defaultValue 0.2 */
  readonly strength?: number;
  /** The images' pixel range, which the result is clipped to. @defaultValue [0, 1] */
  readonly range?: Interval;
}

/**
 * Makes each RGB image of a batch greyer or more colourful by a factor f of its own, uniform on
 * 1 − strength … 1 + strength: clip(y + f·(x − y)), with y = 0.299·R + 0.587·G + 0.114·B. So torchvision defines it;
 * TensorFlow and Keras scale the S of HSV, which is not linear.
 *
 * @param options strength, pixel range, and which inputs are images
 * @throws RegularizerError if an option is out of range or unknown, or images have no three channels
 *
 * @example
 * ```ts
 * randomSaturation({strength: 0.4});
 * ```
 *
 * @see Howard 2013, section 2.1, https://arxiv.org/abs/1312.5402
 */
export function randomSaturation<const Name extends string = 'randomSaturation'>(
  options: RandomSaturationOptions & {readonly name?: Name} = {},
): ImageRegularizer<Name> {
  const {name = 'randomSaturation' as Name} = options;
  return colourPlugin(options, {
    name,
    amount: 'strength',
    otherwise: 0.2,
    check: (shape) => checkRgb(name, shape),
    map: (strength) => (batch, keys) =>
      saturationMap(uniform([batch], keys('factor'), {min: 1 - strength, max: 1 + strength})),
  });
}
