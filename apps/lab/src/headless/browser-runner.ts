// Node only: a runner that trains on WebGL in a Chromium that it drives.
import {type Checkpoint, decodeCheckpoint, encodeCheckpoint, RegularizerError} from '@regularizers/core';
import type {MnistBytes} from '../data/mnist.ts';
import {isOwn} from '../data/own/options.ts';
import type {LoadOwn} from '../data/own/own-data.ts';
import type {Recipe} from '../recipe.ts';
import type {LabPlugin} from '../regularizers.ts';
import type {RunHooks, Runner} from '../runner.ts';
import type {SavedModel} from '../saved-model.ts';
import {mnistFor} from './mnist-for.ts';
import {serveOwnData} from './own-for.ts';
import type {News, PageHandle, SentModel} from './protocol.ts';
import {bundlePage, serve} from './server.ts';
import {openSession, type Session} from './session.ts';
import type {PluginFile} from './with-plugins.ts';

/** What a browser runner needs from Node. */
export interface BrowserRunnerOptions {
  /** MNIST's files, read when a recipe asks for them. */
  readonly mnistBytes: () => Promise<MnistBytes>;
  /** Makes data of the user's own. */
  readonly own?: LoadOwn | undefined;
  /** What is loaded beside the lab's own packages. @defaultValue nothing */
  readonly plugins?: readonly (LabPlugin & PluginFile)[] | undefined;
  /** Ends whatever is under way, the browser with it, within two seconds. */
  readonly signal?: AbortSignal | undefined;
}

declare const lab: PageHandle;

/** How often in a row the browser is started again without getting any further. */
const mostRestarts = 3;

/** Milliseconds from the signal until the browser is ended, whatever it does. */
const patience = 1000;

const losses = new Set(['backend-lost', 'browser-ended']);
const startFailed = 'no-browser';

/** What one run is at: the hooks to tell, and where to go on if the browser is lost. */
interface Under {
  readonly hooks: RunHooks;
  last: string | undefined;
  /** Checkpoints since the browser was last started. */
  saved: number;
}

/**
 * Starts an installed Chromium without a window and trains in it, on WebGL: on the graphics card where there is one,
 * else on Chromium's own software renderer. Where the browser, its page or its graphics process ends, it starts
 * another one and goes on from the last epoch.
 *
 * @throws RegularizerError with code `no-browser` if there is no Chromium, or it does not start
 */
export async function browserRunner({
  mnistBytes,
  own,
  plugins = [],
  signal,
}: BrowserRunnerOptions): Promise<Runner> {
  const files = await bundlePage(plugins);
  const server = await serve(files);
  const loadMnist = mnistFor(files, mnistBytes);
  /** Puts the data files that a recipe needs where the page can fetch them. */
  const addData = async ({data}: Recipe): Promise<void> => {
    if (data.name === 'mnist') await loadMnist('/mnist/');
    if (own && isOwn(data)) await serveOwnData(files, data, own);
  };
  let session: Session | undefined;
  let label: string | undefined;
  let under: Under = idle();

  let ending: Promise<void> = Promise.resolve();
  /** Whoever comes second waits too. */
  const end = (): Promise<void> => {
    if (session) ending = session.close();
    session = undefined;
    return ending;
  };
  const hear = async (news: News): Promise<void> => {
    const {hooks} = under;
    switch (news.kind) {
      case 'epoch':
        return hooks.onEpoch?.(news.report);
      case 'progress':
        return hooks.onProgress?.(news.progress);
      case 'checkpoint':
        under.last = news.text;
        under.saved += 1;
        return hooks.onCheckpoint?.(async () => fromText(news.text));
      case 'trained':
        return hooks.onTrained?.(news.models.map(fromSent));
    }
  };
  const open = async (): Promise<Session> => {
    session ??= await openSession(server.address, hear, signal);
    label ??= session.label;
    if (signal?.aborted) throw aborted();
    return session;
  };
  /** One that has started once may be killed while it starts again. */
  const isLoss = (error: unknown): error is RegularizerError =>
    RegularizerError.isInstance(error) &&
    (losses.has(error.code) || (label !== undefined && error.code === startFailed));
  /** Asks until there is an answer, of other browsers where one is lost. */
  const insist = async <Value>(ask: (session: Session) => Promise<Value>): Promise<Value> => {
    for (let restarts = 0; ; ) {
      under.saved = 0;
      try {
        if (signal?.aborted) throw aborted();
        return await ask(await open());
      } catch (error) {
        if (signal?.aborted || !isLoss(error)) throw error;
        await end();
        restarts = under.saved > 0 ? 1 : restarts + 1;
        if (restarts > mostRestarts) throw gaveUp(error);
        under.hooks.onNotice?.(`${firstLine(error)}. The browser is started again; ${whereFrom(under)}.`);
      }
    }
  };
  const onAbort = (): void => {
    session?.abort();
    setTimeout(end, patience).unref();
  };
  const close = async (): Promise<void> => {
    signal?.removeEventListener('abort', onAbort);
    await end();
    await server.close();
  };

  signal?.addEventListener('abort', onAbort, {once: true});
  try {
    return {
      label: await insist(async ({label}) => label),
      plugins,
      close,
      async preview(recipe) {
        await addData(recipe);
        return insist((session) => session.ask((given) => lab.preview(given), recipe));
      },
      async run(recipe, hooks = {}) {
        await addData(recipe);
        const {from, signal: ownSignal} = hooks;
        const now: Under = {hooks, last: from && toText(from), saved: 0};
        const abort = (): void => session?.abort();
        ownSignal?.addEventListener('abort', abort, {once: true});
        under = now;
        try {
          return await insist((session) =>
            session.ask((given) => lab.run(given.recipe, given.asked), {
              recipe,
              asked: {from: now.last, models: hooks.onTrained !== undefined, look: hooks.look === true},
            }),
          );
        } finally {
          ownSignal?.removeEventListener('abort', abort);
          under = idle();
        }
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const fromSent = ({weights, ...rest}: SentModel): SavedModel => ({
  ...rest,
  weights: Buffer.from(weights, 'base64'),
});

const idle = (): Under => ({hooks: {}, last: undefined, saved: 0});

const toText = (checkpoint: Checkpoint): string =>
  Buffer.from(encodeCheckpoint(checkpoint)).toString('base64');

const fromText = (text: string): Checkpoint => decodeCheckpoint(Buffer.from(text, 'base64'));

function whereFrom({last}: Under): string {
  if (last === undefined) return 'the run begins anew';
  const {members} = fromText(last);
  const which = members.length > 1 ? ` of member ${members.length}` : '';
  return `the run goes on after epoch ${members.at(-1)!.position.epoch}${which}`;
}

const firstLine = ({message}: Error): string => message.split('\n')[0]!;

const aborted = (): RegularizerError =>
  new RegularizerError({where: 'webgl', code: 'aborted', message: 'the run was ended before it began'});

const gaveUp = (cause: RegularizerError): RegularizerError =>
  new RegularizerError({
    where: 'webgl',
    code: 'browser-failed',
    message: `the browser was lost ${mostRestarts + 1} times in a row without an epoch in between`,
    hint: 'If memory ran out, take a smaller model or batch; or use another backend.',
    cause,
  });
