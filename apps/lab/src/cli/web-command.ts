// Node only: the lab's page, bundled and served.

import {mnistFor} from '../headless/mnist-for.ts';
import {bundleLab, serve} from '../headless/server.ts';
import type {Sources} from './backends.ts';
import {say, type Terminal} from './output.ts';

/** What `lab web` is told. */
export interface WebCommandOptions {
  /** Where it listens. @defaultValue any port that is free */
  readonly port?: number;
}

/**
 * `lab web`: serves the page to this machine until the signal comes.
 *
 * @returns the exit code
 * @throws RegularizerError with code `cannot-bundle` if a plugin is not for the browser, or `port-taken`
 */
export async function webCommand(
  {port}: WebCommandOptions,
  terminal: Terminal,
  {mnistBytes, plugins = []}: Sources,
): Promise<number> {
  const files = await bundleLab(plugins);
  const server = await serve(files, {port, load: mnistFor(files, mnistBytes)});
  terminal.stdout.write(`${server.address}\n`);
  say(terminal, 'The page trains in your browser, on its graphics card. Ctrl-C ends this.');
  await new Promise<void>((resolve) => {
    if (terminal.signal.aborted) resolve();
    terminal.signal.addEventListener('abort', () => resolve(), {once: true});
  });
  await server.close();
  return 0;
}
