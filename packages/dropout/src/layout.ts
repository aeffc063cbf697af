import {describeValue, RegularizerError, type SiteInfo} from '@regularizers/core';

/** What values a technique can work on. */
export interface Layout {
  /** In words: `'images [batch, height, width, channels]'`. */
  readonly what: string;
  /** The smallest and the largest rank. */
  readonly ranks: readonly [least: number, most: number];
  /** What to do where a value has another one. */
  readonly hint: string;
}

/**
 * Checks that the values at a site have channels, and have them last.
 *
 * @throws RegularizerError with code `layout`
 */
export function checkLayout(
  where: string,
  {name, shape, config: {dataFormat}}: SiteInfo,
  {what, ranks: [least, most], hint}: Layout,
): void {
  const channelsFirst = dataFormat === 'channelsFirst';
  if (shape.length >= least && shape.length <= most && !channelsFirst) return;
  throw new RegularizerError({
    where,
    code: 'layout',
    message: `needs ${what}; ${name} has ${describeValue(shape)}${channelsFirst ? ', channels first' : ''}`,
    hint,
  });
}
