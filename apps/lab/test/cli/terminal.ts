// A terminal for tests: what was written to it can be read.
import {Writable} from 'node:stream';
import type {Sources} from '../../src/cli/backends.ts';
import {main} from '../../src/cli/main.ts';

class Written extends Writable {
  text = '';
  readonly #onText: (text: string) => void;

  constructor(onText: (text: string) => void) {
    super();
    this.#onText = onText;
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    this.#onText(this.text);
    done();
  }
}

/** What a command is told. */
export interface Circumstances {
  /** It is told to end before it has begun. */
  readonly isInterrupted?: boolean;
  /** Ends the command once standard error holds this. */
  readonly interruptAt?: string;
  /** Sees standard error whenever something is added. */
  readonly onText?: (text: string) => void;
  /** Sees what was written so far whenever something is; `end` ends the command. */
  readonly onOutput?: (stdout: string, end: () => void) => void;
  readonly sources?: Partial<Sources>;
}

/** What a command came to. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in this process. */
export async function lab(
  words: readonly string[],
  {isInterrupted = false, interruptAt, onText, onOutput, sources}: Circumstances = {},
): Promise<Outcome> {
  const interruption = new AbortController();
  if (isInterrupted) interruption.abort();
  const stdout = new Written((text) => onOutput?.(text, () => interruption.abort()));
  const stderr = new Written((text) => {
    onText?.(text);
    if (interruptAt !== undefined && text.includes(interruptAt)) interruption.abort();
  });
  const noFiles = (): Promise<never> => Promise.reject(new Error('this test has no files'));
  const terminal = {stdout, stderr, signal: interruption.signal};
  const code = await main(words, terminal, {mnistBytes: noFiles, ...sources});
  return {code, stdout: stdout.text, stderr: stderr.text};
}
