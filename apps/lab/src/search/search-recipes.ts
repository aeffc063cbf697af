import {type Progress, RegularizerError} from '@regularizers/core';
import {
  chosenParts,
  memoryStudy,
  type Point,
  partOf,
  type SearchProgress,
  type SearchResult,
  type StudyStorage,
  type StudyTrial,
  search,
  studySoFar,
  type TrialPlan,
} from '@regularizers/search';
import {endsAll} from '../compare.ts';
import {isOwn} from '../data/own/options.ts';
import {judges, judging} from '../examples/wrong-labels.ts';
import {parseRecipe, type Recipe} from '../recipe.ts';
import {createRegularizers, type RegularizerRecipe} from '../regularizers.ts';
import type {Measure} from '../report/rows.ts';
import type {Runner} from '../runner.ts';
import type {LabelReport} from '../wrong-labels.ts';
import {type SearchAxis, searchAxes} from './axes.ts';
import {regularizersOf, type SearchedFamilies, type SearchPart, searchParts} from './parts.ts';
import {searchSettings, withSettings} from './settings.ts';

/** What a search over recipes is told, and what it tells. */
export interface RecipeSearchOptions extends SearchedFamilies {
  /** Data, model, and the settings that the search begins with; its regularizers don't count. */
  readonly base: Recipe;
  /** Trains: in this process, in a browser, or by asking others. */
  readonly runner: Pick<Runner, 'label' | 'plugins' | 'preview' | 'run'>;
  /** Trials that it trains at once. @defaultValue 1 */
  readonly concurrency?: number;
  /** Trials, the report's apart; 10 or more. */
  readonly trials?: number | undefined;
  /** Minutes in all. */
  readonly minutes?: number | undefined;
  /** @defaultValue 0 */
  readonly seed?: number | undefined;
  /** Where it is kept. @defaultValue in memory */
  readonly study?: StudyStorage;
  readonly signal?: AbortSignal;
  /** A trial begins. */
  readonly onStart?: (trial: TrialPlan) => void;
  /** After each trial. */
  readonly onProgress?: (progress: SearchProgress) => void;
  /** After each step of a trial. */
  readonly onStep?: (progress: Progress) => void;
  /** Something that a person should hear of, as a sentence. */
  readonly onNotice?: (sentence: string) => void;
}

/** What a search over recipes comes to: plain JSON. */
export interface RecipeSearch extends SearchResult {
  readonly format: 'regularizers-lab search 1';
  readonly base: Recipe;
  readonly backend: string;
  readonly measure: Measure;
  /** The winner, for `lab run`. */
  readonly recipe: Recipe;
  /** What its points differ in. */
  readonly axes: readonly SearchAxis[];
  /** Labels of training examples that the winner's members out of bag disagree with; of data with classes. */
  readonly labels?: LabelReport;
  /** All trials, in the order in which they were done. */
  readonly history: readonly StudyTrial[];
}

/**
 * Searches for the regularizers that help on a recipe's data and model: see `search` of `@regularizers/search`.
 *
 * @throws RegularizerError as `search`, `searchParts` and `Runner.preview`
 *
 * @example
 * ```ts
 * const base = defaultRecipe({data: {name: 'moons'}});
 * const {sentences, recipe} = await searchRecipes({base, runner, minutes: 10});
 * ```
 */
export async function searchRecipes(options: RecipeSearchOptions): Promise<RecipeSearch> {
  const {runner, concurrency, trials, minutes, seed, signal, onStart, onProgress, onStep, onNotice} = options;
  const base: Recipe = {...options.base, regularizers: []};
  const {study = memoryStudy()} = options;
  const {measure} = await runner.preview(base);
  const folds = isOwn(base.data) ? base.data.folds : undefined;
  const {parts, refused} = await suited(base, searchParts(base, options, runner.plugins), options);
  const recipeAt = ({
    point,
    parts: chosen,
    seed: own,
    fold,
  }: Pick<TrialPlan, 'point' | 'parts' | 'seed' | 'fold'>): Recipe =>
    parseRecipe(
      {
        ...withSettings(base, point),
        seed: own,
        data: onFold(base.data, fold),
        regularizers: regularizersOf(chosen, parts),
      },
      runner.plugins,
    );
  const result = await search({
    techniques: parts.map(({name, technique, options: fixed}) => ({name, technique, options: fixed})),
    settings: searchSettings(base),
    ...(folds === undefined ? {} : {folds}),
    rows: 'families',
    measure,
    about: JSON.stringify([base, runner.label]),
    study,
    ...(trials === undefined ? {} : {trials}),
    ...(minutes === undefined ? {} : {minutes}),
    // Members of the bag that judges labels are trained one after another.
    afterwards: measure === 'error' ? judges * (concurrency ?? 1) : 0,
    ...(seed === undefined ? {} : {seed}),
    ...(concurrency === undefined ? {} : {concurrency}),
    ...(signal ? {signal} : {}),
    ...(onProgress ? {onProgress} : {}),
    run: async (plan) => {
      onStart?.(plan);
      const report = await runner.run(recipeAt(plan), {signal: plan.signal, onProgress: onStep, onNotice});
      return {validation: report.validationError, test: report.testError};
    },
  });
  const found = (point: Point): Recipe =>
    recipeAt({point, seed: base.seed, parts: chosenParts(parts.map(partOf), point)});
  const labels = await judgedLabels(found(result.winner), measure, options);
  return {
    format: 'regularizers-lab search 1',
    ...result,
    refused: [...refused, ...result.refused],
    base,
    backend: runner.label,
    measure,
    recipe: found(result.winner),
    axes: searchAxes(searchSettings(base), parts),
    ...(labels ? {labels} : {}),
    history: (await studySoFar(study))?.trials ?? [],
  };
}

/**
 * Which labels are suspect to a bag of winners: in place of the winner's own ensemble, where it has one. Where the winner
 * takes no bag beside it, nothing is said.
 */
async function judgedLabels(
  winner: Recipe,
  measure: Measure,
  {runner, signal, onStep, onNotice}: RecipeSearchOptions,
): Promise<LabelReport | undefined> {
  if (measure !== 'error') return undefined;
  const isOfOne = (one: RegularizerRecipe): boolean =>
    createRegularizers([one], runner.plugins).every(({members = 1}) => members === 1);
  const regularizers = [...winner.regularizers.filter(isOfOne), judging];
  try {
    const recipe = parseRecipe(
      {...winner, regularizers, evaluation: {...winner.evaluation, wrongLabels: true}},
      runner.plugins,
    );
    const {labels} = await runner.run(recipe, {signal, onProgress: onStep, onNotice});
    return labels;
  } catch (error) {
    if (signal?.aborted || !RegularizerError.isInstance(error) || endsAll(error)) throw error;
    onNotice?.(`Labels were not judged: ${error.problem}`);
    return undefined;
  }
}

/** The data with another of its folds to validate on. */
const onFold = (data: Recipe['data'], fold: number | undefined): Recipe['data'] =>
  fold === undefined ? data : ({...data, fold} as Recipe['data']);

/** The parts that model and data take. */
async function suited(
  base: Recipe,
  all: readonly SearchPart[],
  {runner, signal}: Pick<RecipeSearchOptions, 'runner' | 'signal'>,
): Promise<{readonly parts: readonly SearchPart[]; readonly refused: SearchResult['refused']}> {
  const parts: SearchPart[] = [];
  const refused: {name: string; why: string}[] = [];
  for (const part of all) {
    if (signal?.aborted)
      throw new RegularizerError({where: 'search', code: 'aborted', message: 'ended by its signal'});
    const {name, technique, options} = part;
    try {
      const regularizers = regularizersOf([{name, technique, options}], [part]);
      await runner.preview(parseRecipe({...base, regularizers}, runner.plugins));
      parts.push(part);
    } catch (error) {
      if (!RegularizerError.isInstance(error) || endsAll(error)) throw error;
      refused.push({name, why: `[${error.where}] ${error.problem}`});
    }
  }
  return {parts, refused};
}
