/**
 * Which regularizers help, how strong, and how sure that is.
 *
 * @module @regularizers/search
 */

export {type Observation, type ProposeOptions, proposePoint} from './sampler/tpe.ts';
export type {Condition, IntervalParameter, Parameter, Point} from './space/parameter.ts';
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
