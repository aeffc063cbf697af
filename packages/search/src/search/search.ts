import {RegularizerError, type Technique} from '@regularizers/core';
import {deriveKey} from '@regularizers/random';
import {type Part, type PartChoice, partOf} from '../space/part.ts';
import {meanOf} from '../statistics/paired.ts';
import {type Outcome, reported} from '../study/records.ts';
import {openStudy} from '../study/study.ts';
import {tryAlone} from './alone.ts';
import {budgetOf, stageShares} from './budget.ts';
import {type FullSearchOptions, type SearchOptions, type SearchProgress, searchOptions} from './options.ts';
import {createPool, type Pool} from './pool.ts';
import {type Alone, bestAlone, curvesOf, familyOf, judge, rowsOf, type SearchResult} from './report.ts';
import {sentencesOf} from './sentences.ts';
import {
  bestOf,
  compose,
  errorOf,
  type Raced,
  race,
  type Stages,
  settle,
  spreadOfBest,
  tuneBaseline,
} from './stages.ts';
import {type Training, type TrainingOptions, trainingOf} from './training.ts';
import {nameOfTrial, type Trial, trialNamed} from './trial.ts';

/** Seeds more on which the best few are looked at again. */
const finalSeeds = 4;

/** Trials that this takes at most. */
const ofFinals = 7 * finalSeeds;

/**
 * Which regularizers help on your data, how strong, and how sure that is: a tuned baseline, each technique alone over its
 * strengths, compositions of what helped, and a report on seeds that the search has not trained on. Everything is chosen by
 * validation error; test error is only reported.
 *
 * Where `run` hands trials to other processes, `concurrency` of them are under way at once. With a `study` it can be ended at any moment, by its signal or by the end of the process, and gone on with by the same
 * call; several processes may work on one study.
 *
 * @throws RegularizerError before anything is trained for options that are none; with code `aborted` at the signal,
 *   `no-baseline` where the model can't be trained without any technique, `other-study` for a study of another search
 *
 * @example
 * ```ts
 * import {techniques as dropout} from '@regularizers/dropout';
 *
 * const {sentences} = await search({
 *   model: buildModel,
 *   data: {train: data, validation: {x: vx, y: vy}},
 *   loss,
 *   metrics: ['accuracy'],
 *   techniques: dropout.slice(0, 1),
 *   epochs: 1,
 *   trials: 10,
 * });
 * console.log(sentences.join('\n'));
 * ```
 */
export async function search(options: SearchOptions): Promise<SearchResult> {
  const full = searchOptions(options);
  const {parts, refused: unsuited, training} = await suited(full);
  const refused = [...unsuited];
  const clock = performance.now();
  const study = await openStudy(full.study, aboutOf(full, parts), nameOfSearch(full));
  const before = Math.max(0, ...[...study.state.outcomes.values()].map(({seconds}) => seconds));
  const secondsSoFar = (): number => before + (performance.now() - clock) / 1000;
  const raced: Raced[] = [];
  const seeds = seedsOf(full.seed, 'race', full.raceSeeds, 0);
  const more = seedsOf(full.seed, 'final', finalSeeds, 0);
  const reportSeeds = seedsOf(full.seed, 'report', full.reportSeeds, 1);
  const {folds} = full;
  /** In turn, over the search and over the report. */
  const foldOf = (seed: number): number | undefined => {
    const own = [[...seeds, ...more], reportSeeds].find((some) => some.includes(seed));
    return folds === undefined || !own ? undefined : own.indexOf(seed) % folds;
  };
  const best = bestSoFar(seeds);
  for (const [name, outcome] of study.state.outcomes) best.see(trialNamed(name), outcome);
  let stage: SearchProgress['stage'] = 'baseline';
  const pool = createPool({
    study,
    run: training.run,
    concurrency: full.concurrency,
    parts,
    foldOf,
    signal: full.signal,
    seconds: secondsSoFar,
    onOutcome: (trial, outcome) => {
      const {validation, seconds} = outcome;
      best.see(trial, outcome);
      full.onProgress?.({
        stage,
        trials: study.state.outcomes.size,
        seconds,
        last: {trial, validation},
        ...(best.found ? {best: best.found} : {}),
      });
    },
  });
  const stages: Stages = {
    pool,
    parts,
    settings: full.settings,
    seeds,
    seed: full.seed,
    strengths: full.strengths,
  };
  const {trials = Infinity, minutes = Infinity} = full;

  let alone: readonly Alone[] = [];
  const isLeft = budgetOf({
    study,
    pool,
    trials,
    minutes,
    seconds: secondsSoFar,
    afterwards: () => {
      const rows = full.rows === 'families' ? new Set(alone.map(familyOf)).size : alone.length;
      // Rows so far, baseline and winner, and those that leave a part out.
      return (rows + 6) * full.reportSeeds + ofFinals + full.afterwards;
    },
  });

  const tuned = await tuneBaseline(stages, (what, planned) =>
    isLeft(`baseline: ${what}`, stageShares.baseline, planned),
  );
  if (!Number.isFinite(errorOf(tuned.best))) throw noBaseline(pool, tuned.best, seeds);
  raced.push(...tuned.all);
  const spread = spreadOfBest(tuned.all, seeds.length);

  stage = 'alone';
  const tried = await tryAlone(stages, {
    baseline: tuned.best,
    spread,
    isLeft,
    ofFamilies: full.rows === 'families',
    tuned: tuned.tuned,
    onStep: (soFar) => {
      alone = soFar;
    },
  });
  ({alone} = tried);
  raced.push(...alone.flatMap(({curve, settings}) => [...curve, ...settings]));
  for (const {part, curve} of tried.failed) {
    raced.push(...curve);
    refused.push({name: part.name, why: whyNone(pool, curve, seeds)});
  }

  stage = 'together';
  const helped = alone.flatMap((one) => {
    const best = bestAlone(one);
    const isWhole = best?.errors.length === seeds.length;
    return best && isWhole && errorOf(best) < errorOf(tuned.best)
      ? [{part: one.part, curve: one.curve, best}]
      : [];
  });
  const made = await compose(stages, {baseline: tuned.best, known: raced, helped, spread}, (round) =>
    isLeft(`round ${round}`, stageShares.together),
  );
  raced.push(...made);
  const winner = await settle(stages, raced, tuned.best, more, spread);
  // What the winner's settings do by themselves is the baseline's, not the techniques'.
  const settings = Object.fromEntries(full.settings.map(({key}) => [key, winner.point[key]]));
  const baseline = bestOf([tuned.best, ...(await race(stages, [settings]))])!;

  stage = 'report';
  const candidates = {baseline: baseline.point, winner: winner.point, alone};
  const heldOut = folds === undefined ? 0 : 1 / (folds - 1);
  const judged = await judge(pool, rowsOf(candidates, parts, full.rows), {seeds: reportSeeds, heldOut});
  await study.decide(reported, () => true);
  return {
    ...judged,
    winner: winner.point,
    curves: curvesOf(alone),
    refused,
    untried: tried.untried.map(({name}) => name),
    untuned: full.settings.map(({key}) => key).filter((key) => !tuned.tuned.includes(key)),
    sentences: sentencesOf(judged, full.measure),
    trials: pool.asked,
    seeds: reportSeeds,
  };
}

/** The parts that the model and the data take. With a way to train of one's own, all of them. */
async function suited(
  options: FullSearchOptions,
): Promise<{parts: readonly Part[]; refused: SearchResult['refused']; training: Pick<Training, 'run'>}> {
  const all = options.techniques.map((one: Technique | PartChoice) =>
    partOf('technique' in one ? one : {technique: one}),
  );
  const twice = all.find(({name}, i) => all.findIndex((other) => other.name === name) < i);
  if (twice) {
    throw new RegularizerError({
      where: 'search',
      code: 'duplicate-name',
      message: `two techniques are called ${twice.name}`,
      hint: "Call one of them something else: {technique, name: 'another'}.",
    });
  }
  if (options.run) return {parts: all, refused: [], training: {run: options.run}};
  const {model, data, loss, metrics, optimizer, epochs, batchSize} = options;
  const given = {model, data, loss, metrics, optimizer, epochs, batchSize};
  const training = trainingOf(
    Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    ) as never as TrainingOptions,
  );
  await training.check([]);
  const parts: Part[] = [];
  const refused: {name: string; why: string}[] = [];
  for (const part of all) {
    try {
      await training.check([{name: part.name, technique: part.technique, options: part.options}]);
      parts.push(part);
    } catch (error) {
      if (!RegularizerError.isInstance(error)) throw error;
      refused.push({name: part.name, why: `[${error.where}] ${error.problem}`});
    }
  }
  return {parts, refused, training};
}

/** The point with the least error over all seeds of the search, as trials end. */
function bestSoFar(seeds: readonly number[]) {
  const known = new Map<string, Map<number, number>>();
  let found: SearchProgress['best'];
  return {
    see({point, seed}: Trial, {validation}: Outcome): void {
      if (validation === null || !seeds.includes(seed)) return;
      const name = nameOfTrial({point, seed: 0});
      const errors = known.get(name) ?? new Map<number, number>();
      known.set(name, errors.set(seed, validation));
      const error = meanOf([...errors.values()]);
      if (errors.size === seeds.length && error < (found?.error ?? Infinity)) found = {point, error};
    },
    get found(): SearchProgress['best'] {
      return found;
    },
  };
}

/** Seeds of the search are even, those of the report odd: none is both. */
const seedsOf = (seed: number, what: string, count: number, odd: 0 | 1): readonly number[] =>
  Array.from({length: count}, (_, i) => ((deriveKey(seed, 'search', what, i)[0] & 0x7ffffffe) | odd) >>> 0);

/** All that decides what is searched. */
const aboutOf = (
  {settings, trials, minutes, seed, raceSeeds, reportSeeds, strengths, folds, rows, about}: FullSearchOptions,
  parts: readonly Part[],
): string =>
  JSON.stringify({
    parts: parts.map(({name, technique, options, parameters}) => [name, technique.name, options, parameters]),
    settings,
    trials,
    minutes,
    seed,
    raceSeeds,
    reportSeeds,
    strengths,
    folds,
    rows,
    about,
  });

let searches = 0;

/** A name that no other search has: in one process they are counted. */
function nameOfSearch({study}: FullSearchOptions): string {
  searches += 1;
  return `${study.owner} ${searches}`;
}

/** Why nothing came of any of them. */
function whyNone(pool: Pool, raced: readonly Raced[], seeds: readonly number[]): string {
  const outcomes = raced.flatMap(({point}) => seeds.map((seed) => pool.outcomeOf({point, seed})));
  return (
    outcomes.find((outcome) => outcome?.failure !== undefined)?.failure ?? 'it takes none of the strengths'
  );
}

function noBaseline(pool: Pool, one: Raced, seeds: readonly number[]): RegularizerError {
  return new RegularizerError({
    where: 'search',
    code: 'no-baseline',
    message: `the model can't be trained without any technique: ${whyNone(pool, [one], seeds)}`,
    hint: 'Train it once by itself, and see what its settings have to be.',
  });
}
