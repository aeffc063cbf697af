import type {SearchProgress, TrialPlan} from '@regularizers/search';

/** What each stage of a search does, as a sentence. */
export const stageSentences: Readonly<Record<SearchProgress['stage'], string>> = {
  baseline: 'The baseline: learning rate, schedule, length of training.',
  alone: 'Each technique alone.',
  together: 'Compositions of what helped.',
  report: 'The report, on seeds that nothing was chosen by.',
};

/** What is on in a trial, for a person: `l2 + dropout`. */
export const trialText = ({parts}: Pick<TrialPlan, 'parts'>): string =>
  parts.map(({name}) => name).join(' + ') || 'baseline';
