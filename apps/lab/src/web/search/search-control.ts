import type {Recipe} from '../../recipe.ts';
import type {Actions} from '../actions.ts';
import type {SearchState, Store} from '../state.ts';
import {workerClient} from '../worker/client.ts';
import type {News} from '../worker/protocol.ts';

type SearchActions = Pick<Actions, 'setMinutes' | 'findWhatHelps' | 'stopSearch' | 'takeWinner'>;

/** What controls searches. */
export interface SearchControl extends SearchActions {
  /** Has the worker remember nothing; one that searches goes on to its end. */
  forget(): void;
}

/**
 * Starts, follows and stops searches for what helps, in a worker of their own.
 *
 * @param load puts a recipe into the form
 */
export function searchControl(store: Store, load: (recipe: Recipe) => void): SearchControl {
  const worker = workerClient('searcher', onNews);
  const change = (next: Partial<SearchState>): void => store.set({search: {...store.get().search, ...next}});

  function onNews(news: News): void {
    const {running} = store.get().search;
    if (!running) return;
    if (news.type === 'searching') change({running: {...running, news: news.news, at: performance.now()}});
    if (news.type === 'found') {
      change({running: undefined, found: news.found});
      store.set({announcement: `The search is done. ${news.found.sentences[0] ?? ''}`});
    }
    if (news.type === 'search-ended')
      end('The search was stopped. What it tried is kept: it goes on from there.');
    if (news.type === 'failed' || news.type === 'lost') {
      worker.end();
      change({running: undefined});
      store.set({
        announcement: 'The search failed.',
        failure:
          news.type === 'failed'
            ? news.error
            : {
                where: 'webgl',
                code: 'backend-lost',
                message: 'the browser took the WebGL context away, and the search with it',
                hint: 'What was tried is kept: search again to go on.',
              },
      });
    }
  }

  function end(announcement: string): void {
    change({running: undefined});
    store.set({announcement});
  }

  return {
    forget() {
      if (!store.get().search.running) worker.end();
    },
    setMinutes: (minutes) => change({minutes}),
    findWhatHelps() {
      const {recipe, problem, mnist, backendChoice = 'fastest', search} = store.get();
      if (search.running) return;
      const {minutes} = search;
      if (!recipe || problem || !(minutes > 0)) {
        store.set({
          announcement: `Nothing is searched: ${problem?.error.message ?? 'the recipe is not right yet'}.`,
        });
        return;
      }
      change({
        running: {minutes, since: performance.now(), at: performance.now(), stopping: false, news: undefined},
        found: undefined,
      });
      store.set({failure: undefined, announcement: 'The search begins.'});
      worker.send({type: 'search', recipe, minutes, mnist, backend: backendChoice});
    },
    stopSearch() {
      const {running} = store.get().search;
      if (!running) return;
      if (!running.stopping) {
        worker.send({type: 'abort'});
        change({running: {...running, stopping: true}});
        return;
      }
      worker.end();
      end('The search was cut off. What it tried is kept.');
    },
    takeWinner() {
      const {found} = store.get().search;
      if (!found) return;
      load(found.recipe);
      store.set({announcement: 'The winner is in the form.'});
    },
  };
}
