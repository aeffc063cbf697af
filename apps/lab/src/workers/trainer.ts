// Node only: a process that trains what its parent sends, and ends with it.
import {type Progress, RegularizerError} from '@regularizers/core';
import {NativeError} from '@regularizers/native';
import type {FixedBackend} from '../cli/backend-names.ts';
import {openRunner, type Sources} from '../cli/backends.ts';
import {parseRecipe} from '../recipe.ts';
import type {Runner} from '../runner.ts';
import {type SentError, sendError} from '../sent-error.ts';
import type {Answer, Said, Task} from './task.ts';

/** A process that another one has started to speak with. */
export type Channel = Pick<NodeJS.Process, 'on' | 'send' | 'connected' | 'exit'>;

/**
 * `lab trainer`, which nobody types: trains one task after another, and ends the process when the parent ends, however it
 * ends, or at the signal: there is nothing to save.
 *
 * @throws RegularizerError with code `no-parent` where a person started it
 */
export async function trainerCommand(
  sources: Sources,
  signal: AbortSignal,
  channel: Channel,
): Promise<never> {
  if (!channel.send || !channel.connected) {
    throw new RegularizerError({
      where: 'trainer',
      code: 'no-parent',
      message: 'this is a part of lab search and lab worker, which start it',
    });
  }
  const answer = answering(sources);
  const say = (said: Said): void => void channel.send!(said);
  channel.on('message', (task) => {
    const onProgress = seldom((progress) => say({progress}));
    void answer(task as Task, onProgress).then(say);
  });
  await new Promise<void>((resolve) => {
    // A parent that was killed closes the channel, too.
    channel.on('disconnect', resolve);
    signal.addEventListener('abort', () => resolve(), {once: true});
  });
  return channel.exit(0);
}

/** Milliseconds between what is said of progress: more often nobody looks. */
const pause = 200;

/** Passes on what comes, but not more often than somebody looks. */
function seldom(tell: (progress: Progress) => void): (progress: Progress) => void {
  let last = -Infinity;
  return (progress) => {
    if (performance.now() - last < pause) return;
    last = performance.now();
    tell(progress);
  };
}

/** Answers tasks, one at a time, on a backend that stays for the next one. */
function answering(
  sources: Sources,
): (task: Task, onProgress: (progress: Progress) => void) => Promise<Answer> {
  let opened: {readonly backend: FixedBackend; readonly runner: Runner} | undefined;
  const runnerOf = async ({backend, recipe}: Task): Promise<Runner> => {
    if (opened?.backend === backend) return opened.runner;
    await opened?.runner.close();
    opened = undefined;
    const {runner} = await openRunner(backend, recipe, sources);
    opened = {backend, runner};
    return runner;
  };
  return async (task, onProgress) => {
    let runner: Runner;
    try {
      checkPlugins(task, sources);
      runner = await runnerOf(task);
    } catch (error) {
      return {refused: sendRefusal(error)};
    }
    try {
      const {look} = task;
      return {report: await runner.run(parseRecipe(task.recipe, sources.plugins), {onProgress, look})};
    } catch (error) {
      return {error: sendError(error)};
    }
  };
}

/** @throws RegularizerError with code `no-worker` */
function checkPlugins({plugins}: Task, sources: Sources): void {
  const missing = plugins.find((use) => !sources.plugins?.some((plugin) => plugin.use === use));
  if (missing === undefined) return;
  throw new RegularizerError({
    where: 'worker',
    code: 'no-worker',
    message: `the search uses the plugin ${missing}, which is not loaded here`,
    hint: `Start the worker with --plugin ${missing} as well.`,
  });
}

/** Why this process can't train: native's errors are of a kind of their own. */
function sendRefusal(error: unknown): SentError {
  if (!NativeError.isInstance(error)) return sendError(error);
  return {where: 'native', code: 'no-worker', message: error.message};
}
