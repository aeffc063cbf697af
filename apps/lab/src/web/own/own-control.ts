import type {MnistPart} from '../../data/mnist.ts';
import {sendError} from '../../sent-error.ts';
import type {Actions} from '../actions.ts';
import {type Draft, withOwn} from '../draft.ts';
import {wholeMnist} from '../mnist-parts.ts';
import type {OwnState, Store} from '../state.ts';
import type {News, Request} from '../worker/protocol.ts';
import {forgetData, type KeptData, listKept} from './kept-data.ts';

/** What data of the user's own needs of the page around it. */
export interface OwnSurroundings {
  edit(change: (draft: Draft) => Draft, what: string): void;
  /** Trains on the four files of MNIST, which the page does not keep. */
  takeMnist(files: Partial<Record<MnistPart, File>>): void;
  /** Asks the worker that reads files. */
  ask(request: Request): void;
  /** Has the form's recipe checked anew, by a worker that remembers no data. */
  again(): void;
}

/** Reads, keeps, chooses and removes data of the user's own. */
export interface OwnControl {
  readonly actions: Pick<Actions, 'keepFiles' | 'chooseOwn' | 'forgetOwn'>;
  hear(news: News): void;
}

export function ownControl(store: Store, {edit, takeMnist, ask, again}: OwnSurroundings): OwnControl {
  const change = (next: Partial<OwnState>): void => store.set({own: {...store.get().own, ...next}});
  const without = ({sha256}: KeptData): readonly KeptData[] =>
    store.get().own.kept.filter((one) => one.sha256 !== sha256);
  // Where there is no storage, whoever drops something is told.
  listKept().then(
    (kept) => change({kept: [...store.get().own.kept, ...kept]}),
    () => undefined,
  );

  function take(data: KeptData): void {
    change({kept: [data, ...without(data)], reading: undefined});
    // What a link was waiting for: its recipe stays as it is.
    if (store.get().draft.data['sha256'] === data.sha256) again();
    else choose(data);
    store.set({announcement: `${data.name} is read, and kept in this browser.`});
  }

  const choose = (data: KeptData): void =>
    edit((draft) => withOwn(draft, data.options), `choosing ${data.name}`);

  return {
    actions: {
      keepFiles(given) {
        const [first] = given;
        if (!first || store.get().own.reading !== undefined) return;
        const mnist = wholeMnist(given.map(({file}) => file));
        if (mnist) {
          change({refusal: undefined});
          takeMnist(mnist);
          return;
        }
        const name = first.path.replace(/\/.*/, '');
        change({
          reading: given.length > 1 && !first.path.includes('/') ? `${given.length} files` : name,
          refusal: undefined,
        });
        store.set({announcement: `Reading ${name}.`});
        ask({type: 'keep', given});
      },
      chooseOwn: choose,
      forgetOwn(data) {
        forgetData(data.sha256).then(
          () => {
            change({kept: without(data), refusal: undefined});
            store.set({announcement: `${data.name} is removed from this browser.`});
            again();
          },
          (error) => change({refusal: sendError(error)}),
        );
      },
    },
    hear(news) {
      if (news.type === 'kept') take(news.data);
      if (news.type === 'not-kept') change({reading: undefined, refusal: news.error});
      if (news.type === 'failed') change({reading: undefined});
    },
  };
}
