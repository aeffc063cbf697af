import {checkKnown, checkNumber} from '@regularizers/core';
import {type ImageRegularizer, imagePlugin} from './image-plugin.ts';
import type {OpenShape} from './images.ts';
import {
  checkImageOptions,
  checkRange,
  type ImageOptions,
  type Interval,
  imageOptionNames,
} from './options.ts';
import type {Recolouring} from './recolouring.ts';

/** What says how much, or how often: at 0 nothing happens. */
type Amount = 'strength' | 'probability';

/** Options of a linear colour technique. */
type ColourOptions = ImageOptions & {readonly [amount in Amount]?: number} & {readonly range?: Interval};

/** A linear colour technique with one amount. */
interface ColourTechnique<Name extends string> {
  readonly name: Name;
  readonly amount: Amount;
  readonly otherwise: number;
  /** The largest amount. @defaultValue 1 */
  readonly max?: number;
  /** Refuses images that it is not for. */
  check?(shape: OpenShape): void;
  /** How maps of that amount are drawn. */
  map(amount: number, range: Interval): Recolouring['map'];
}

/**
 * The plugin of a linear colour technique.
 *
 * @throws RegularizerError if an option is out of range or unknown
 */
export function colourPlugin<Name extends string>(
  options: ColourOptions,
  {name, amount, otherwise, max = 1, check, map}: ColourTechnique<Name>,
): ImageRegularizer<Name> {
  const {[amount]: value = otherwise, range = [0, 1]} = options;
  checkKnown(name, options, ['name', amount, 'range', ...imageOptionNames]);
  checkImageOptions(name, options);
  checkNumber(name, amount, value, {min: 0, max});
  checkRange(name, range);
  return imagePlugin({
    kind: 'colouring',
    name,
    idle: value === 0,
    options,
    ...(check && {check}),
    recolouring: {range, map: map(value, range)},
  });
}
