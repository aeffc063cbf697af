import {InvalidArgumentError} from 'commander';

/** A whole number in [min, max], for commander. */
export const integer =
  (min: number, max: number = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max && text.trim() !== '') return value;
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    throw new InvalidArgumentError(`It must be a whole number ${range}.`);
  };

/** A number in [min, max], or above min, for commander. */
export const number =
  (min: number, max: number = Infinity) =>
  (text: string): number => {
    const value = Number(text);
    const isAbove = max === Infinity;
    if (text.trim() !== '' && (isAbove ? value > min : value >= min) && value <= max) return value;
    throw new InvalidArgumentError(
      `It must be a number ${isAbove ? `above ${min}` : `from ${min} to ${max}`}.`,
    );
  };

/** A finite number, for commander: whoever is given it knows its range. */
export function anyNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It must be a number.');
}

/** A text of at least one character, for commander. */
export const filled =
  (what: string) =>
  (text: string): string => {
    if (text.trim() !== '') return text;
    throw new InvalidArgumentError(`It must be ${what}.`);
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
