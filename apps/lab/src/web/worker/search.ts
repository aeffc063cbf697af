import type {SearchProgress, TrialPlan} from '@regularizers/search';
import {checksum} from '../../data/own/checksum.ts';
import {isOwn} from '../../data/own/options.ts';
import type {LoadOwn} from '../../data/own/own-data.ts';
import {parseRecipe, type Recipe} from '../../recipe.ts';
import type {Runner} from '../../runner.ts';
import {withFolds} from '../../search/folds.ts';
import {type RecipeSearch, searchRecipes} from '../../search/search-recipes.ts';
import {trialText} from '../../search/words.ts';
import {keptStudy} from '../search/kept-study.ts';
import type {SearchNews} from './protocol.ts';

const newsInterval = 100; // milliseconds between two news of a search

/** What a search in the page needs, and what it tells. */
export interface PageSearch {
  readonly base: Recipe;
  readonly minutes: number;
  readonly runner: Runner;
  readonly signal: AbortSignal;
  readonly onNews: (news: SearchNews) => void;
  /** After each step. */
  readonly onStep: () => void | Promise<void>;
}

/**
 * A recipe as a search takes it: of data of the user's own with what was found in it, small data in folds, as on the command
 * line.
 */
export async function searchBase(recipe: Recipe, load: LoadOwn): Promise<Recipe> {
  const {data} = recipe;
  if (!isOwn(data)) return {...recipe, regularizers: []};
  const {labelNoise, ...options} = data;
  const {options: found} = await load(options);
  return withFolds(parseRecipe({...recipe, data: {...found, labelNoise}, regularizers: []}));
}

/**
 * Searches for what helps. Its study is kept in this browser: one that was stopped goes on.
 *
 * @throws RegularizerError as `searchRecipes`
 */
export async function searchInPage({
  base,
  minutes,
  runner,
  signal,
  onNews,
  onStep,
}: PageSearch): Promise<RecipeSearch> {
  const about = JSON.stringify([base, minutes, runner.label, runner.plugins?.map(({use}) => use)]);
  const news = newsOf(onNews);
  return searchRecipes({
    base,
    minutes,
    runner,
    signal,
    study: keptStudy(await checksum(new TextEncoder().encode(about))),
    onStart: news.start,
    onProgress: news.progress,
    onStep,
  });
}

/** What is on in a point: the parts that are switched on. */
const partsOn = (point: object): readonly string[] =>
  Object.entries(point).flatMap(([name, value]) => (value === true ? [name] : []));

/** Trials of small models end hundreds of times in a second: not each is told. */
function newsOf(tell: (news: SearchNews) => void): {
  readonly start: (trial: TrialPlan) => void;
  readonly progress: (progress: SearchProgress) => void;
} {
  let now = '';
  let last = -Infinity;
  let baseline: number | undefined;
  return {
    start: (trial) => {
      now = trialText(trial);
    },
    progress: ({stage, trials, seconds, best}) => {
      if (stage === 'baseline') baseline = best?.error ?? baseline;
      if (performance.now() - last < newsInterval) return;
      last = performance.now();
      tell({
        stage,
        trials,
        seconds,
        now,
        baseline,
        best: best && {error: best.error, parts: partsOn(best.point)},
      });
    },
  };
}
