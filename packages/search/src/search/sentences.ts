import type {ReportRow, SearchResult} from './report.ts';

type Measure = 'error' | 'loss';

/** The rows of a report as a person would say them: shares of wrong answers in points, losses as they are. */
export function sentencesOf(
  {rows, leftOut}: Pick<SearchResult, 'rows' | 'leftOut'>,
  measure: Measure,
): readonly string[] {
  const winner = rows.find(({name}) => name === 'winner');
  return [
    ...(winner
      ? []
      : [
          'Nothing that was tried was better than the baseline on validation examples, by a standard error or more.',
        ]),
    ...rows.map((row) => sentence(row, row.name === 'winner' ? 'The winner' : row.name, measure)),
    ...leftOut.map((row) => contribution(row, measure)),
  ];
}

function sentence({verdict}: ReportRow, who: string, measure: Measure): string {
  if (!verdict) return `${who}: no verdict, since training failed.`;
  const {word, smallest = 0, better, instances} = verdict;
  const unit = unitOf(measure);
  if (word === 'same') return `${who}: the same error as the baseline on each of ${instances} seeds.`;
  if (word === 'within chance') {
    return `${who}: within chance (${difference(verdict, measure)}; an effect of ${number(smallest, measure)}${unit} would have been found 4 times in 5).`;
  }
  const seeds = word === 'helps' ? better : instances - better;
  return `${who} ${word}: ${difference(verdict, measure)}${unit}, ${seeds} of ${instances} seeds.`;
}

/** What is worse when it is left out contributes. */
function contribution({name, verdict}: ReportRow, measure: Measure): string {
  const part = name.replace(/^without /, '');
  if (!verdict)
    return `What ${part} contributes to the winner is not known, since training failed without it.`;
  const by = difference(verdict, measure);
  if (verdict.word === 'same')
    return `The winner without ${part} has the same error on each of ${verdict.instances} seeds: nothing is lost without it.`;
  if (verdict.word === 'within chance') return `The winner without ${part}: within chance (${by}).`;
  return `The winner without ${part} is ${verdict.word === 'hurts' ? 'worse' : 'better'}: ${by}${unitOf(measure)}.`;
}

const unitOf = (measure: Measure): string => (measure === 'error' ? ' points' : '');

/** `−13.4 ± 0.9`: the mean and half of its interval. */
function difference(
  {mean, interval: [low, high]}: NonNullable<ReportRow['verdict']>,
  measure: Measure,
): string {
  return `${mean < 0 ? '−' : '+'}${number(Math.abs(mean), measure)} ± ${number((high - low) / 2, measure)}`;
}

/** Less than this is what rounding leaves of a difference of 0. */
const least = 1e-12;

function number(value: number, measure: Measure): string {
  const known = Math.abs(value) < least ? 0 : value;
  const shown = measure === 'error' ? 100 * known : known;
  return shown.toPrecision(Math.abs(shown) >= 10 ? 3 : 2);
}
