import {formatMeasure} from '../report/rows.ts';
import type {RunReport} from '../run.ts';
import type {SentError} from '../sent-error.ts';
import type {Actions} from './actions.ts';
import {labelOf} from './draft.ts';
import {type EndedRun, mostRuns, type RunningRun, type Store} from './state.ts';
import {workerClient} from './worker/client.ts';
import type {News} from './worker/protocol.ts';

type RunActions = Pick<Actions, 'train' | 'stop' | 'showRun' | 'removeRun'>;

const contextLost: SentError = {
  where: 'webgl',
  code: 'backend-lost',
  message: 'the browser took the WebGL context away, and the run with it',
  hint: 'The graphics card may have run out of memory: close other tabs, or take a smaller model. Then train again.',
};

/** Starts, follows and stops runs. */
export function runControl(store: Store): RunActions {
  const worker = workerClient('trainer', onNews);
  let lastId = 0;

  function onNews(news: News): void {
    const {running} = store.get();
    if (news.type === 'backend') store.set({backend: news.backend});
    if (news.type === 'lost') {
      // The worker is of no more use, whether it was training or not; the next run starts another one.
      worker.end();
      if (running) fail(running, contextLost);
    }
    if (!running) return;
    if (news.type === 'phase') update(running, {phase: news.phase, ...sinceFor(news.phase)});
    if (news.type === 'progress') update(running, {progress: news.progress, progressAt: performance.now()});
    if (news.type === 'epoch') update(running, {history: [...running.history, news.report]});
    if (news.type === 'failed') fail(running, news.error);
    if (news.type === 'finished') finish(running, news.report, news.warmUp);
  }

  function update(running: RunningRun, change: Partial<RunningRun>): void {
    store.set({running: {...running, ...change}});
  }

  function finish(running: RunningRun, report: RunReport, warmUp: number | undefined): void {
    const {testError, measure, stopped, history} = report;
    const end = stopped ? `Stopped by ${stopped.by} in epoch ${stopped.epoch}` : 'Finished';
    keep({...running, history}, {report, warmUp});
    store.set({announcement: `${end}: test ${measure} ${formatMeasure(testError, measure)}.`});
  }

  function fail(running: RunningRun, failure: SentError): void {
    keep(running, {failure});
    store.set({failure, announcement: 'The run failed.'});
  }

  function keep({id, recipe, history}: RunningRun, rest: Partial<EndedRun>): void {
    const {runs, backend} = store.get();
    const none = {report: undefined, failure: undefined, warmUp: undefined};
    const run = {id, recipe, history, backend, shown: true, ...none, ...rest};
    const isEmpty = history.length === 0 && !rest.report && !rest.failure;
    store.set({running: undefined, runs: isEmpty ? runs : [run, ...runs].slice(0, mostRuns)});
  }

  return {
    train() {
      const {recipe, running, mnist, problem} = store.get();
      if (running) return;
      if (!recipe || problem) {
        store.set({
          announcement: `Nothing is trained: ${problem?.error.message ?? 'the recipe is not right yet'}.`,
        });
        return;
      }
      store.set({
        failure: undefined,
        announcement: 'Training starts.',
        running: {
          id: ++lastId,
          recipe,
          phase: 'preparing',
          stopping: false,
          progress: undefined,
          progressAt: undefined,
          trainingSince: undefined,
          history: [],
        },
      });
      worker.send({type: 'run', recipe, mnist});
    },
    stop() {
      const {running} = store.get();
      if (!running) return;
      if (!running.stopping) {
        worker.send({type: 'abort'});
        update(running, {stopping: true});
        return;
      }
      worker.end();
      keep(running, {});
      store.set({announcement: 'The run was cut off.'});
    },
    showRun(id, shown) {
      store.set({runs: store.get().runs.map((run) => (run.id === id ? {...run, shown} : run))});
    },
    removeRun(id) {
      const run = store.get().runs.find((one) => one.id === id);
      if (run) store.set({announcement: `The run ${labelOf(run.recipe)} is removed.`});
      store.set({runs: store.get().runs.filter((run) => run.id !== id)});
    },
  };
}

const sinceFor = (phase: RunningRun['phase']): Partial<RunningRun> =>
  phase === 'training' ? {trainingSince: performance.now()} : {};
