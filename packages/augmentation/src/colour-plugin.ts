import type {Settings} from '@regularizers/core';
import {type ImageRegularizer, imagePlugin} from './image-plugin.ts';
import type {ImageOptions, PixelRange} from './options.ts';
import type {OpenShape} from './plan.ts';
import type {Recolouring} from './recolouring.ts';

/** A linear colour technique, its options read. */
interface ColourTechnique<Name extends string> {
  readonly name: Name;
  /** How much, or how often: at 0 nothing happens. */
  readonly settings: Settings;
  readonly amount: number;
  readonly range: PixelRange;
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
  {name, settings, amount, range, check, map}: ColourTechnique<Name>,
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
