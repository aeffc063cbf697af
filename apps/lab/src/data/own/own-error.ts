import {RegularizerError} from '@regularizers/core';

/** Where in a table something is: rows count from 1, as a spreadsheet shows them, the header being the first. */
export interface Place {
  readonly row?: number;
  readonly column?: string;
}

/**
 * What is wrong with a file of the user's, and where.
 *
 * @param file its name
 * @param hint what to do about it
 */
export function ownError(
  code: string,
  file: string,
  message: string,
  {row, column, hint, cause}: Place & {readonly hint?: string; readonly cause?: unknown} = {},
): RegularizerError {
  const place = [
    file,
    ...(row === undefined ? [] : [`row ${row}`]),
    ...(column === undefined ? [] : [`column ${shown(column)}`]),
  ];
  return new RegularizerError({
    where: 'data',
    code,
    message: `${place.join(', ')}: ${message}`,
    ...(hint === undefined ? {} : {hint}),
    ...(cause === undefined ? {} : {cause}),
  });
}

const mostShown = 60;

/** A text of the user's in a message: in quotes, and not all of it where it is long. */
export const shown = (text: string): string =>
  JSON.stringify(text.length > mostShown ? `${text.slice(0, mostShown)}…` : text);

/** Names in a message, not all of them where they are many. */
export function listed(names: readonly string[], most = 20): string {
  const rest = names.length - most;
  const first = names.slice(0, most).map(shown).join(', ');
  return rest > 0 ? `${first} and ${rest} more` : first;
}
