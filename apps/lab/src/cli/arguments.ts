import {InvalidArgumentError} from 'commander';

/** A whole number of at least `min`, for commander. */
export const integer =
  (min: number) =>
  (text: string): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && text.trim() !== '') return value;
    throw new InvalidArgumentError(`It must be a whole number of at least ${min}.`);
  };

/** Words between commas, for commander. */
export function words(text: string): readonly string[] {
  const list = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (list.length > 0) return list;
  throw new InvalidArgumentError('It must be names between commas, such as l2,dropout.');
}
