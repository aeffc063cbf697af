import {spawn} from 'node:child_process';
import {NativeError} from '../errors.ts';

/** A program to run. */
export interface Command {
  /** Its name or path. */
  readonly program: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** The folder to run it in. */
  readonly cwd?: string;
  /** What to add to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends it, and everything that it started. */
  readonly signal?: AbortSignal | undefined;
  /** Is told what it writes. */
  readonly onOutput?: (text: string) => void;
}

/** How a program ended. */
export interface Outcome {
  /** Whether it ended with 0. */
  readonly ok: boolean;
  /** What it wrote on both of its outputs. */
  readonly output: string;
  /** Whether there is no such program. */
  readonly missing: boolean;
  /** The signal that ended it, e.g. `SIGILL`. */
  readonly signal: string | null;
}

/** Runs a program to its end. It rejects only when it is aborted. */
export type Runner = (command: Command) => Promise<Outcome>;

/**
 * Runs a program with Node's `spawn`, in a process group of its own where there are groups.
 *
 * @param command - the program
 * @returns how it ended
 * @throws NativeError `aborted`
 */
export const run: Runner = ({program, args, cwd, env, signal, onOutput}) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(aborted(signal));
    const detached = process.platform !== 'win32';
    const child = spawn(program, args, {
      cwd,
      detached,
      env: {...process.env, ...env},
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && program === 'npm',
    });
    let output = '';
    const take = (data: Buffer) => {
      output += data;
      onOutput?.(String(data));
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const kill = () => {
      try {
        process.kill(detached ? -child.pid! : child.pid!, 'SIGKILL');
      } catch {
        // it has just ended by itself
      }
    };
    signal?.addEventListener('abort', kill, {once: true});
    child.on('error', (error: NodeJS.ErrnoException) => {
      signal?.removeEventListener('abort', kill);
      resolve({ok: false, output: error.message, missing: error.code === 'ENOENT', signal: null});
    });
    child.on('close', (code, killedBy) => {
      signal?.removeEventListener('abort', kill);
      if (signal?.aborted) reject(aborted(signal));
      else resolve({ok: code === 0, output, missing: false, signal: killedBy});
    });
  });

/**
 * The error of a set-up that was stopped.
 *
 * @param signal - what stopped it
 * @returns the error
 */
export function aborted({reason}: AbortSignal): NativeError {
  return new NativeError('Set-up was stopped.', {
    code: 'aborted',
    hint: 'Nothing half made was left; run it again to go on.',
    cause: reason,
  });
}

/**
 * The end of a program's output, for an error message.
 *
 * @param output - what it wrote
 * @param lines - how many lines at most; @defaultValue 8
 * @returns the last lines that aren't empty
 */
export function lastLines(output: string, lines: number = 8): string {
  return output
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-lines)
    .join('\n');
}
