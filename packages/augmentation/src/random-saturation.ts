import {checkKnown, checkNumber} from '@regularizers/core';
import {uniform} from '@regularizers/random';
import {type ImageRegularizer, imagePlugin} from './image-plugin.ts';
import {
  checkImageOptions,
  checkRange,
  type ImageOptions,
  type Interval,
  imageOptionNames,
} from './options.ts';
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
  const {name = 'randomSaturation' as Name, strength = 0.2, range = [0, 1]} = options;
  checkKnown(name, options, ['name', 'strength', 'range', ...imageOptionNames]);
  checkImageOptions(name, options);
  checkNumber(name, 'strength', strength, {min: 0, max: 1});
  checkRange(name, range);
  return imagePlugin({
    kind: 'colouring',
    name,
    idle: strength === 0,
    options,
    check: (shape) => checkRgb(name, shape),
    recolouring: {
      range,
      map: (batch, keys) =>
        saturationMap(uniform([batch], keys('factor'), {min: 1 - strength, max: 1 + strength})),
    },
  });
}
