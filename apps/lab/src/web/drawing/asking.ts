import {seenIn} from '../looks/seen.ts';
import type {PageState, Store} from '../state.ts';
import type {WorkerClient} from '../worker/client.ts';
import type {News} from '../worker/protocol.ts';
import {drawn, type Given, type Move} from './drawing.ts';

/** Asks the models that are shown what they take a drawing for: one question at a time, always of the latest. */
export interface Asking {
  move(move: Move): void;
  /** To be called after every change of the store: other models may be shown. */
  follow(): void;
  /** What the worker says. */
  hear(news: News): void;
  /** The worker was ended: another one knows nothing yet. */
  forget(): void;
}

/** @param client a worker that trains nothing meanwhile */
export function createAsking(store: Store, client: Pick<WorkerClient, 'send'>): Asking {
  /** What the worker has been told already. */
  let told = new Set<string>();
  /** The question that is under way. */
  let open: string | undefined;
  let asked = '';
  let id = 0;

  function ask(): void {
    const {drawing, models, mnist, camera} = store.get();
    const seen = seenIn(store.get()).filter(({look}) => look.pictures);
    const [first] = seen;
    const runs = seen.map((one) => one.id).filter((run) => models.has(run));
    const question = JSON.stringify([camera?.taken ?? drawing.strokes, runs, first?.recipe.data]);
    if (open !== undefined || question === asked) return;
    asked = question;
    const given = givenIn(store.get());
    if (!first || !given) {
      store.set({drawn: undefined});
      return;
    }
    for (const run of runs.filter((one) => !told.has(one))) {
      client.send({type: 'know', run, mnist, ...models.get(run)!});
      told.add(run);
    }
    open = question;
    client.send({type: 'draw', id: ++id, given, recipe: first.recipe, mnist, runs});
  }

  function forget(): void {
    told = new Set();
    open = undefined;
    asked = '';
  }

  return {
    move(move) {
      store.set({drawing: drawn(store.get().drawing, move)});
      ask();
    },
    follow: ask,
    forget,
    hear(news) {
      if (news.type === 'drawn' && news.id === id) {
        const {picture, answers, error} = news;
        open = undefined;
        // What was wiped away meanwhile has no answer any more.
        if (givenIn(store.get())) store.set({drawn: {picture, answers, error}});
        ask();
      }
      if (news.type === 'failed') forget();
    },
  };
}

/** What models are asked about: the camera's last picture where it is open, or else what is drawn. */
function givenIn({camera, drawing: {strokes}}: PageState): Given | undefined {
  if (camera) return camera.photo && {photo: camera.photo};
  return strokes.length > 0 ? {strokes} : undefined;
}
