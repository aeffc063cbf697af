import {
  type SearchProgress,
  type SearchResult,
  type StudyTrial,
  stageShares,
  type TrialPlan,
} from '@regularizers/search';
import {formatSeconds} from '../report/rows.ts';

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** What each stage of a search does, as a sentence. */
export const stageSentences: Readonly<Record<SearchProgress['stage'], string>> = {
  baseline: `The baseline: learning rate, schedule, length of training; at most ${percent(stageShares.baseline)} of the budget.`,
  alone: `Each technique alone, at few strengths first; until ${percent(stageShares.alone)} of the budget is gone.`,
  together: 'Compositions of what helped.',
  report: 'The report, on seeds that nothing was chosen by.',
};

/** What is on in a trial, for a person: `l2 + dropout`. */
export const trialText = ({parts}: Pick<TrialPlan, 'parts'>): string =>
  parts.map(({name}) => name).join(' + ') || 'baseline';

/** Trials' time that a budget has for each technique where it comes to all: four at few strengths, and the other stages. */
const perTechnique = 12;

/** What the budget of a search did not come to, in sentences, and about which one would. */
export function reachSentences({
  untried,
  untuned,
  curves,
  history,
}: Pick<SearchResult, 'untried' | 'untuned' | 'curves'> & {
  readonly history: readonly Pick<StudyTrial, 'seconds'>[];
}): readonly string[] {
  const all = untried.length + curves.length;
  const seconds = (history.at(-1)?.seconds ?? 0) / Math.max(1, history.length);
  const minutes = Math.ceil((perTechnique * all * seconds) / 60);
  return [
    ...(untuned.length > 0
      ? [
          `There was no time to tune the baseline's ${untuned.map((key) => settingNames[key] ?? key).join(', ')}.`,
        ]
      : []),
    ...(untried.length > 0
      ? [
          `The budget did not reach ${untried.length} of ${all} techniques: ${untried.join(', ')}. A training takes ` +
            `${formatSeconds(seconds)} here: some ${minutes} minutes would reach all, and --only makes them fewer.`,
        ]
      : []),
  ];
}

const settingNames: Readonly<Record<string, string>> = {
  learningRate: 'learning rate',
  epochs: 'length of training',
};
