import {
  type Option,
  type OptionsOf,
  option,
  type PortInfo,
  type SelectorOption,
  type Settings,
} from '@regularizers/core';
import {type ImageRegularizer, imagePlugin} from './image-plugin.ts';
import {type ImageOptions, imageOptions, type PixelRange, type RangeOptions, rangeOption} from './options.ts';
import type {OpenShape} from './plan.ts';
import type {Recolouring} from './recolouring.ts';

/** The options that every technique of colours has. */
export const colourOptions: OptionsOf<RangeOptions & ImageOptions> & {
  readonly inputs: SelectorOption<PortInfo>;
} = {range: rangeOption, ...imageOptions};

/** How much is changed at the most, to either side. */
export function strengthOption(about: string): Option<number> & {readonly default: 0.2} {
  const search = {from: 0.05, to: 0.8, scale: 'linear'} as const;
  return option.number({min: 0, max: 1, default: 0.2, nothing: 0, about, search});
}

/** A linear colour technique, its options read. */
interface ColourTechnique<Name extends string> {
  readonly name: Name;
  /** How much, or how often: at 0 nothing happens. */
  readonly settings: Settings;
  readonly amount: number;
  /** The pixel range, where the user says it. */
  readonly range: PixelRange | undefined;
  /** Refuses images that it is not for. */
  check?(shape: OpenShape): void;
  readonly map: Recolouring['map'];
}

/**
 * The plugin of a linear colour technique.
 *
 * @throws RegularizerError if an option is out of range or unknown
 */
export function colourPlugin<Name extends string>(
  options: ImageOptions,
  {name, settings, amount, range = 'data', check, map}: ColourTechnique<Name>,
): ImageRegularizer<Name> {
  return imagePlugin({
    kind: 'colouring',
    name,
    settings: {...settings, range},
    idle: amount === 0,
    options,
    ...(check && {check}),
    range,
    recolouring: {map},
  });
}
