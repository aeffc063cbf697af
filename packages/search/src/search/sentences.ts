import type {ReportRow, SearchResult} from './report.ts';

/** The rows of a report as a person would say them. */
export function sentencesOf({rows, leftOut}: Pick<SearchResult, 'rows' | 'leftOut'>): readonly string[] {
  const winner = rows.find(({name}) => name === 'winner');
  return [
    ...(winner ? [] : ['Nothing that was tried had less validation error than the baseline.']),
    ...rows.map((row) => sentence(row, row.name === 'winner' ? 'The winner' : row.name)),
    ...leftOut.map((row) => contribution(row)),
  ];
}

function sentence({verdict}: ReportRow, who: string): string {
  if (!verdict) return `${who}: no verdict, since training failed.`;
  const {word, smallest, better, instances} = verdict;
  if (word === 'within chance') {
    return `${who}: within chance (${difference(verdict)}; an effect of ${share(smallest)} points would have been found 4 times in 5).`;
  }
  const seeds = word === 'helps' ? better : instances - better;
  return `${who} ${word}: ${difference(verdict)} points, ${seeds} of ${instances} seeds.`;
}

/** What is worse when it is left out contributes. */
function contribution({name, verdict}: ReportRow): string {
  const part = name.replace(/^without /, '');
  if (!verdict)
    return `What ${part} contributes to the winner is not known, since training failed without it.`;
  if (verdict.word === 'within chance')
    return `The winner without ${part}: within chance (${difference(verdict)}).`;
  return `The winner without ${part} is ${verdict.word === 'hurts' ? 'worse' : 'better'}: ${difference(verdict)} points.`;
}

/** `−13.4 ± 0.9`: the mean and half of its interval, in hundredths. */
function difference({mean, interval: [low, high]}: NonNullable<ReportRow['verdict']>): string {
  return `${mean < 0 ? '−' : '+'}${share(Math.abs(mean))} ± ${share((high - low) / 2)}`;
}

const share = (value: number): string => (100 * value).toPrecision(Math.abs(value) >= 0.1 ? 3 : 2);
