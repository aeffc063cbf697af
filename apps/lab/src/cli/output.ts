// Node only: what commands read from and write to the terminal.
import type {Writable} from 'node:stream';
import type {Progress} from '@regularizers/core';
import {printable} from '@regularizers/core';
import {MultiBar, type SingleBar} from 'cli-progress';

/** A stream that may be a terminal. */
export type Output = Writable & {readonly isTTY?: boolean};

/** Where a command writes, and what ends it. */
export interface Terminal {
  /** Results. */
  readonly stdout: Output;
  /** News and complaints. */
  readonly stderr: Output;
  readonly signal: AbortSignal;
}

/** News of runs, as bars on a terminal and as a line per finished run elsewhere. */
export interface ProgressView {
  /** A run begins. */
  start(title: string): void;
  update(progress: Progress): void;
  /** A run has ended. */
  finish(line: string): void;
  /** Anything else worth a line. */
  say(line: string): void;
  close(): void;
}

/** A line of news, without what a terminal would obey in names. */
export function say({stderr}: Pick<Terminal, 'stderr'>, sentence: string): void {
  stderr.write(`${printable(sentence)}\n`);
}

/** Escape codes are for terminals, unless the user wants none. */
export function isColoured({isTTY}: Output): boolean {
  const {NO_COLOR: plain} = process.env;
  return Boolean(isTTY) && !plain;
}

/**
 * @param runs how many runs there will be
 * @param done how many of them are there already
 */
export function progressView(output: Output, runs: number, done = 0): ProgressView {
  return output.isTTY ? new Bars(output, runs, done) : new Lines(output);
}

class Lines implements ProgressView {
  readonly #output: Output;
  constructor(output: Output) {
    this.#output = output;
  }
  start(): void {}
  update(): void {}
  finish(line: string): void {
    this.say(line);
  }
  say(line: string): void {
    say({stderr: this.#output}, line);
  }
  close(): void {}
}

class Bars implements ProgressView {
  readonly #bars: MultiBar;
  readonly #total: SingleBar | undefined;
  readonly #current: SingleBar;

  constructor(output: Output, runs: number, done: number) {
    this.#bars = new MultiBar({
      stream: output as NodeJS.WriteStream,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      hideCursor: true,
      clearOnComplete: true,
      fps: 8,
    });
    if (runs > 1) {
      this.#total = this.#bars.create(
        runs,
        done,
        {},
        {format: '{bar} {value}/{total} runs, {duration_formatted}'},
      );
    }
    this.#current = this.#bars.create(1, 0, {title: '', epoch: ''}, {format: '{bar} {title}{epoch}'});
  }

  start(title: string): void {
    this.#current.update(0, {title, epoch: ''});
  }

  update({member, members, epoch, epochs, stepInEpoch, stepsPerEpoch = stepInEpoch}: Progress): void {
    const share = (member + (epoch - 1 + stepInEpoch / stepsPerEpoch) / epochs) / members;
    const which = members > 1 ? `, member ${member + 1}/${members}` : '';
    this.#current.update(share, {epoch: `${which}, epoch ${epoch}/${epochs}`});
  }

  finish(line: string): void {
    this.#total?.increment();
    this.say(line);
  }

  say(line: string): void {
    this.#bars.log(`${printable(line)}\n`);
    this.#bars.update();
  }

  close(): void {
    this.#bars.stop();
  }
}
