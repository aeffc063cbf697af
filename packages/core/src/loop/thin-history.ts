import {checkAnswer} from '../answers/answer.ts';
import type {EpochReport} from '../regularizer.ts';
import type {FitOptions} from './options.ts';

/**
 * What a member keeps of its history.
 *
 * @throws RegularizerError with code `bad-answer` where that is anything but rows of it, in their order
 */
export function thinned(
  history: readonly EpochReport[],
  {thinHistory}: Pick<FitOptions, 'thinHistory'>,
): readonly EpochReport[] {
  if (!thinHistory) return history;
  const kept = thinHistory(history);
  checkAnswer(
    {name: 'fit', hook: 'thinHistory'},
    'rows of the history that it is given, in their order',
    kept,
    (rows) => (Array.isArray(rows) && areOf(history, rows) ? undefined : ''),
  );
  return kept;
}

function areOf(history: readonly EpochReport[], rows: readonly EpochReport[]): boolean {
  let at = -1;
  return rows.every((row) => {
    at = history.indexOf(row, at + 1);
    return at >= 0;
  });
}
