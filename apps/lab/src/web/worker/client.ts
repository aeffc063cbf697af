import type {Recipe} from '../../recipe.ts';
import type {MnistRequest, News, Request} from './protocol.ts';

/** A worker that is started when it is first needed, and again after it was ended. */
export interface WorkerClient {
  send(request: Request): void;
  /** Ends the worker, whatever it does. */
  end(): void;
}

/** @param onNews told everything that the worker says, and `failed` where it breaks down */
export function workerClient(name: string, onNews: (news: News) => void): WorkerClient {
  let worker: Worker | undefined;
  const start = (): Worker => {
    const started = new Worker(new URL('./worker.ts', import.meta.url), {type: 'module', name});
    started.addEventListener('message', ({data}: MessageEvent<News>) => {
      if (worker === started) onNews(data);
    });
    started.addEventListener('error', ({message}) => {
      if (worker !== started) return;
      worker = undefined;
      started.terminate();
      onNews({
        type: 'failed',
        error: {where: name, code: 'worker-failed', message: message || 'the worker could not be started'},
      });
    });
    return started;
  };
  return {
    send(request) {
      worker ??= start();
      worker.postMessage(request);
    },
    end() {
      worker?.terminate();
      worker = undefined;
    },
  };
}

/** Asks for plans of recipes, a moment after the last change and one at a time; only the last answer counts. */
export function planner(
  client: Pick<WorkerClient, 'send'>,
  delay = 250,
): {ask(recipe: Recipe, mnist: MnistRequest): number; forget(): void; answered(id: number): boolean} {
  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    ask(recipe, mnist) {
      const id = ++asked;
      clearTimeout(timer);
      timer = setTimeout(() => client.send({type: 'plan', id, recipe, mnist}), delay);
      return id;
    },
    /** What was asked is of no more interest, whether it was sent or not. */
    forget() {
      asked++;
      clearTimeout(timer);
    },
    /** True for the answer to the last question. */
    answered: (id) => id === asked,
  };
}

/** Asks which techniques don't suit a recipe's data and model; once for all recipes that have the same. */
export function misfitFinder(
  client: Pick<WorkerClient, 'send'>,
  mnist: () => MnistRequest,
): {ask(recipe: Recipe): void} {
  let last = '';
  return {
    ask(recipe) {
      const request = mnist();
      const key = JSON.stringify([recipe.data, recipe.model, request.version]);
      if (key === last) return;
      last = key;
      client.send({type: 'misfits', recipe, mnist: request});
    },
  };
}
