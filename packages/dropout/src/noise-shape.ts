import {describeValue, type Option, option, RegularizerError, type SiteInfo} from '@regularizers/core';

/**
 * Which axes of a value share one draw: `null` draws for every position along an axis, `1` draws once and
 * broadcasts. `[null, 1, 1, null]` drops whole channels of an image.
 */
export type NoiseShape = readonly (number | null)[];

/** The shape to draw for a value of `shape`: its own size where the noise shape has `null`. */
export function resolveNoiseShape(shape: readonly number[], noiseShape: NoiseShape | undefined): number[] {
  return noiseShape ? shape.map((size, axis) => noiseShape[axis] ?? size) : [...shape];
}

/** The option `noiseShape`. */
export const noiseShapeOption: Option<NoiseShape> = option.list<NoiseShape>(
  option.oneOf<number | null>(
    option.nothing,
    option.integer({min: 1, about: 'So many draws along the axis.'}),
  )({
    about: 'null draws along the axis, 1 draws once and broadcasts.',
  }),
)({about: 'Axes that share one draw, the batch included.', otherwise: 'a draw per element', rare: true});

/**
 * Checks that a noise shape broadcasts to the value at each site: 1, null, or the size that the axis has.
 *
 * @throws RegularizerError with code `noise-shape`
 */
export function checkBroadcast(where: string, noiseShape: NoiseShape, sites: readonly SiteInfo[]): void {
  for (const {name, shape} of sites) {
    const fits =
      noiseShape.length === shape.length &&
      noiseShape.every((size, axis) => size === null || size === 1 || size === shape[axis]);
    if (fits) continue;
    throw new RegularizerError({
      where,
      code: 'noise-shape',
      message: `noiseShape ${describeValue(noiseShape)} does not broadcast to ${describeValue(shape)} at ${name}`,
      hint: 'Give one entry per axis, the batch included: null to draw along it, 1 to broadcast.',
      option: 'noiseShape',
      received: noiseShape,
    });
  }
}
