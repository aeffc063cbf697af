import {RegularizerError} from '@regularizers/core';
import type {SavedModel} from '../../saved-model.ts';
import {sendError} from '../../sent-error.ts';
import type {Actions} from '../actions.ts';
import type {RunRow} from '../runs/rows.ts';
import {fileNameOf} from '../share.ts';
import type {Store} from '../state.ts';
import type {News, Program, Request} from '../worker/protocol.ts';
import {copyText} from './clipboard.ts';
import {bytesOf, saveZip} from './files.ts';
import {modelFiles} from './model-files.ts';

/** What the user takes away: a program, a link, a trained model. */
export interface TakeAway {
  readonly actions: Pick<Actions, 'copyProgram' | 'saveProgram' | 'copyLink' | 'saveModel'>;
  hear(news: News): void;
}

/** The models of a row's newest run that has any: those of earlier visits are gone. */
export const modelsOf = (
  {runs}: Pick<RunRow, 'runs'>,
  saved: ReadonlyMap<string, readonly SavedModel[]>,
): readonly SavedModel[] | undefined =>
  runs
    .toSorted((one, other) => other.endedAt - one.endedAt)
    .flatMap(({id}) => {
      const found = saved.get(id);
      return found ? [found] : [];
    })[0];

/** @param ask asks the worker that writes programs */
export function takeAway(store: Store, ask: (request: Request) => void): TakeAway {
  const waiting = new Map<number, {resolve(program: Program): void; reject(error: RegularizerError): void}>();
  let asked = 0;

  /** The program of the form's recipe. */
  const program = (withData: boolean): Promise<Program> =>
    new Promise((resolve, reject) => {
      const {recipe, mnist, problem} = store.get();
      if (!recipe || problem) {
        reject(
          new RegularizerError(
            problem?.error ?? {where: 'recipe', code: 'no-recipe', message: 'the recipe is not right yet'},
          ),
        );
        return;
      }
      const id = ++asked;
      waiting.set(id, {resolve, reject});
      ask({type: 'code', id, recipe, mnist, withData});
    });

  /** Says what was done, where eyes and screen readers find it, or what is wrong. */
  async function doing(work: () => Promise<string>): Promise<void> {
    try {
      const taken = await work();
      store.set({taken, announcement: taken});
    } catch (error) {
      store.set({taken: undefined, failure: sendError(error)});
    }
  }

  const settle = (
    id: number,
    how: (one: {resolve(program: Program): void; reject(error: RegularizerError): void}) => void,
  ): void => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (one) how(one);
  };

  return {
    actions: {
      copyProgram: () =>
        doing(async () => {
          const written = program(false).then(({code}) => code);
          await copyText(written);
          return `Copied: ${(await written).split('\n').length} lines of TypeScript. What it reads comes with “Program”.`;
        }),
      saveProgram: () =>
        doing(async () => {
          const {code, file, files} = await program(true);
          await saveZip('train.zip', new Map([[file, bytesOf(code)], ...files]));
          return 'Saved: train.zip, the program and the data that it trains on.';
        }),
      copyLink: () =>
        doing(async () => {
          await copyText(Promise.resolve(location.href));
          const isOwn = store.get().draft.data['sha256'] !== undefined;
          return isOwn
            ? 'Copied: a link to this recipe. It names your data by its checksum, and doesn’t hold it.'
            : 'Copied: a link to this recipe.';
        }),
      saveModel: (row) =>
        doing(async () => {
          const models = modelsOf(row, store.get().saved);
          if (!models) {
            throw new RegularizerError({
              where: 'page',
              code: 'no-model',
              message: `the model of ${row.label} was trained in an earlier visit, and is not kept`,
              hint: 'Load its recipe and train it again: with the same seed it comes to the same.',
            });
          }
          const name = fileNameOf({name: row.recipe.name ?? row.label}).replace(/\.json$/, '-model.zip');
          await saveZip(name, modelFiles(models));
          return `Saved: ${name}, which tf.loadLayersModel reads once it is unpacked.`;
        }),
    },
    hear(news) {
      if (news.type === 'code') settle(news.id, ({resolve}) => resolve(news.program));
      if (news.type === 'no-code') settle(news.id, ({reject}) => reject(new RegularizerError(news.error)));
      if (news.type === 'failed') {
        for (const id of [...waiting.keys()])
          settle(id, ({reject}) => reject(new RegularizerError(news.error)));
      }
    },
  };
}
