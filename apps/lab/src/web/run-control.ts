import type {Checkpoint} from '@regularizers/core';
import type {Recipe} from '../recipe.ts';
import {formatMeasure} from '../report/rows.ts';
import type {RunReport} from '../run.ts';
import type {SavedModel} from '../saved-model.ts';
import type {SentError} from '../sent-error.ts';
import type {Actions} from './actions.ts';
import {seedsOf} from './runs/baseline.ts';
import {freeColourAmong, withShown} from './runs/colours.ts';
import {isWhole, keyOf, rowsOf} from './runs/rows.ts';
import type {EndedRun, RunningRun} from './runs/run.ts';
import {withFreshSeeds} from './runs/seeds.ts';
import {thinned} from './runs/thinned.ts';
import {mostModels, mostRuns, type Store} from './state.ts';
import {remembering} from './undo.ts';
import {workerClient} from './worker/client.ts';
import type {News} from './worker/protocol.ts';

type RunActions = Pick<Actions, 'train' | 'trainSeeds' | 'stop' | 'showRow' | 'removeRow' | 'pin'> & {
  /** Trains some recipes, one after the other; nothing while one is training. */
  readonly trainAll: (recipes: readonly Recipe[]) => void;
};

const contextLost: SentError = {
  where: 'webgl',
  code: 'backend-lost',
  message: 'the browser took the WebGL context away, and the run with it',
  hint: 'The graphics card may have run out of memory: close other tabs, or take a smaller model. Then train again.',
};

/** What controls runs. */
export interface RunControl extends RunActions {
  /** Has the worker remember nothing; one that trains goes on to its end. */
  forget(): void;
}

/** Starts, follows and stops runs, one after the other. */
export function runControl(store: Store): RunControl {
  const worker = workerClient('trainer', onNews);
  /** The recipes that are still to be trained. */
  let queue: readonly Recipe[] = [];
  let asked = 0;
  /** The drawing that the worker knows of. */
  let shown: Float32Array | undefined;

  function onNews(news: News): void {
    const {running} = store.get();
    if (news.type === 'backend') store.set({backend: news.backend, speeds: news.speeds});
    if (news.type === 'lost') {
      // The worker is of no more use, whether it was training or not; the next run starts another one.
      worker.end();
      queue = [];
      if (running) fail(running, contextLost);
    }
    if (!running) return;
    if (news.type === 'phase') update(running, {phase: news.phase, ...sinceFor(news.phase)});
    if (news.type === 'progress') update(running, {progress: news.progress, progressAt: performance.now()});
    if (news.type === 'epochs') update(running, {history: thinned([...running.history, ...news.reports])});
    if (news.type === 'look') update(running, {look: news.look});
    if (news.type === 'trained') keepModel(running, news.checkpoint);
    if (news.type === 'saved') store.set({saved: withSaved(store.get().saved, running.id, news.models)});
    showDrawing();
    if (news.type === 'failed') fail(running, news.error);
    if (news.type === 'finished') finish(running, news.report, news.warmUp, news.data);
  }

  function update(running: RunningRun, change: Partial<RunningRun>): void {
    store.set({running: {...running, ...change}});
  }

  function finish(running: RunningRun, report: RunReport, warmUp: number | undefined, data: string): void {
    const {testError, measure, stopped, history} = report;
    const end = stopped ? `Stopped by ${stopped.by} in epoch ${stopped.epoch}` : 'Finished';
    keep({...running, history}, {report, warmUp, data});
    store.set({announcement: `${end}: test ${measure} ${formatMeasure(testError, measure)}.`});
    next();
  }

  function fail(running: RunningRun, failure: SentError): void {
    keep(running, {failure});
    store.set({failure, announcement: 'The run failed.'});
    next();
  }

  /** The newest, as many as a page may hold. */
  function keepModel({id, recipe}: RunningRun, checkpoint: Checkpoint): void {
    const models = [...store.get().models, [id, {recipe, checkpoint}] as const];
    store.set({models: new Map(models.slice(-mostModels))});
  }

  /** What is drawn now, for the model that trains to answer. */
  function showDrawing(): void {
    const {running, drawn} = store.get();
    if (!running || drawn?.picture === shown) return;
    shown = drawn?.picture;
    worker.send({type: 'show', picture: shown});
  }

  function keep({id, recipe, history, colour, look}: RunningRun, rest: Partial<EndedRun>): void {
    const {runs, backend, pinned} = store.get();
    const none = {report: undefined, failure: undefined, warmUp: undefined, data: undefined};
    const run: EndedRun = {
      id,
      recipe,
      history,
      look,
      backend,
      colour,
      shown: true,
      endedAt: Date.now(),
      ...none,
      ...rest,
    };
    const isEmpty = history.length === 0 && !rest.report && !rest.failure;
    store.set({running: undefined, runs: isEmpty ? runs : withRun(runs, run, pinned)});
  }

  function start(recipes: readonly Recipe[]): void {
    const {running, recipe, problem} = store.get();
    if (running) return;
    if (!recipe || problem) {
      store.set({
        announcement: `Nothing is trained: ${problem?.error.message ?? 'the recipe is not right yet'}.`,
      });
      return;
    }
    queue = recipes;
    asked = recipes.length;
    store.set({failure: undefined, announcement: 'Training starts.'});
    next();
  }

  function next(): void {
    const [recipe, ...rest] = queue;
    if (!recipe) return;
    queue = rest;
    const {runs, mnist, backendChoice = 'fastest'} = store.get();
    const key = keyOf({recipe, data: undefined, report: undefined, failure: undefined});
    const known = rowsOf(runs).find((row) => row.runs.some(isWhole) && isSameButSeed(row.recipe, recipe));
    store.set({
      running: {
        id: crypto.randomUUID(),
        key: known?.key ?? key,
        recipe,
        colour: known?.shown ? known.colour : freeColourAmong(runs),
        place: {index: asked - rest.length, of: asked},
        phase: 'preparing',
        stopping: false,
        progress: undefined,
        progressAt: undefined,
        trainingSince: undefined,
        history: [],
        look: undefined,
      },
    });
    worker.send({type: 'run', recipe, mnist, backend: backendChoice});
    // It may be another worker.
    shown = undefined;
    showDrawing();
  }

  return {
    forget() {
      if (!store.get().running) worker.end();
    },
    train() {
      const {recipe} = store.get();
      start(recipe ? [recipe] : []);
    },
    trainAll: start,
    trainSeeds() {
      const {recipe, runs} = store.get();
      const done = rowsOf(runs)
        .filter((row) => recipe && isSameButSeed(row.recipe, recipe))
        .flatMap(seedsOf);
      start(recipe ? withFreshSeeds(recipe, done) : []);
    },
    stop() {
      const {running} = store.get();
      if (!running) return;
      queue = [];
      if (!running.stopping) {
        worker.send({type: 'abort'});
        update(running, {stopping: true});
        return;
      }
      worker.end();
      keep(running, {});
      store.set({announcement: 'The run was cut off.'});
    },
    showRow(key, shown) {
      const {runs, pinned} = store.get();
      store.set({runs: withShown(runs, key, shown, pinned)});
    },
    removeRow({key, label}) {
      const {runs, past} = store.get();
      const removed = runs.filter((run) => keyOf(run) === key);
      store.set({
        runs: runs.filter((run) => !removed.includes(run)),
        past: remembering(past, {what: `the removal of ${label}`, removed}),
        announcement: `${label} is removed.`,
      });
    },
    pin(key) {
      const {pinned} = store.get();
      store.set({pinned: pinned === key ? undefined : key});
    },
  };
}

/** The runs with one more, in place of one of the same recipe and seed; no more of them than are kept. */
function withRun(runs: readonly EndedRun[], run: EndedRun, pinned: string | undefined): readonly EndedRun[] {
  const key = keyOf(run);
  const others = runs.filter((one) => keyOf(one) !== key || one.recipe.seed !== run.recipe.seed);
  return withShown([run, ...others].slice(0, mostRuns), key, true, pinned);
}

/** What is saved, with one run more; no more of them than are kept. */
const withSaved = (
  models: ReadonlyMap<string, readonly SavedModel[]>,
  id: string,
  trained: readonly SavedModel[],
): ReadonlyMap<string, readonly SavedModel[]> =>
  new Map([...models, [id, trained] as const].slice(-mostModels));

/** True for recipes that differ in their seed at most. */
function isSameButSeed({seed: _, ...one}: Recipe, {seed: __, ...other}: Recipe): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

const sinceFor = (phase: RunningRun['phase']): Partial<RunningRun> =>
  phase === 'training' ? {trainingSince: performance.now()} : {};
