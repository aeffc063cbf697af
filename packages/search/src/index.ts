/**
 * Which regularizers help, how strong, and how sure that is.
 *
 * @module @regularizers/search
 */

export {type Observation, type ProposeOptions, proposePoint} from './sampler/tpe.ts';
export {stageShares} from './search/budget.ts';
export type {SearchOptions, SearchProgress} from './search/options.ts';
export type {ReportRow, SearchResult, StrengthCurve} from './search/report.ts';
export {search} from './search/search.ts';
export type {TrainingOptions} from './search/training.ts';
export type {RunTrial, Trial, TrialErrors, TrialPlan} from './search/trial.ts';
export {
  type Condition,
  type IntervalParameter,
  type Parameter,
  type Point,
  placeOf,
} from './space/parameter.ts';
export {
  type ChosenPart,
  chosenParts,
  type Part,
  type PartChoice,
  parametersOf,
  partOf,
} from './space/part.ts';
export {type PairedDifference, pairedDifference, proportionError} from './statistics/paired.ts';
export {type RaceOptions, survivors} from './statistics/race.ts';
export {
  type Verdict,
  type VerdictOptions,
  type VerdictRow,
  type VerdictWord,
  verdicts,
} from './statistics/verdicts.ts';
export {type StudySoFar, type StudyTrial, studySoFar} from './study/so-far.ts';
export {memoryStudy, type StudyStorage} from './study/storage.ts';
