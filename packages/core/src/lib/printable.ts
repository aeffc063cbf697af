import {describeValue} from './describe-value.ts';

/** What a terminal obeys, or what makes a line read other than it is written: control and bidirectional characters. */
const unprintable = /[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * Text that can be shown on a terminal wherever its parts come from. A name out of a recipe or a file may hold an escape
 * that clears the screen, renames the window or rewrites what was said before; such characters become what they are
 * called, `\u001b`. New lines and tabs stay.
 *
 * @param text - any text; of any other value at all, what {@link describeValue} says of it
 * @returns the text, without control characters
 */
export function printable(text: unknown): string {
  const shown = typeof text === 'string' ? text : describeValue(text);
  return shown.replace(unprintable, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
