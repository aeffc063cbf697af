import type {ReportRow} from '@regularizers/search';
import type {RecipeSearch} from '../search/search-recipes.ts';
import {formatMeasure, type Measure, sameText} from './rows.ts';

/** What a table of a search says of each row. */
export const searchHead = (measure: Measure): string[] => [
  '',
  `validation ${measure}`,
  `test ${measure}`,
  'difference',
  'verdict',
];

/** A row under {@link searchHead}; what leaves a part out is held against the winner. */
export function searchCells(
  {name, family, validation, test, verdict}: ReportRow,
  measure: Measure,
): readonly string[] {
  const shown = (value: number | null): string => (value === null ? 'failed' : formatMeasure(value, measure));
  return [
    family === undefined ? name : `${name} (${family})`,
    shown(validation),
    shown(test),
    verdict && verdict.word !== 'same' ? formatInterval(verdict, measure) : '',
    verdict ? (verdict.word === 'same' ? sameText(verdict.instances) : verdict.word) : '',
  ];
}

/** `−13.4 ± 0.9`: a difference and half of its interval, in points of an error, or as a loss is. */
function formatInterval(
  {mean, interval: [low, high]}: Pick<NonNullable<ReportRow['verdict']>, 'mean' | 'interval'>,
  measure: Measure,
): string {
  const shown = (value: number): string =>
    measure === 'error' ? (100 * value).toFixed(2) : value.toPrecision(3);
  return `${mean < 0 ? '−' : '+'}${shown(Math.abs(mean))} ± ${shown((high - low) / 2)}`;
}

/** What was found of wrong labels, in sentences. */
export function labelSentences({labels}: Pick<RecipeSearch, 'labels'>): readonly string[] {
  if (!labels) return [];
  const {suspects, judged, score} = labels;
  const share = (value: number): string => `${(100 * value).toFixed(0)} %`;
  return [
    `Labels: ${suspects.length} of ${judged} training examples are of another class, by members that have not been trained on them.`,
    ...(score
      ? [
          `Of these ${score.found} are wrong indeed: precision ${share(score.precision)}, recall ${share(score.recall)} of ${score.wrong} wrong ones.`,
        ]
      : []),
  ];
}
