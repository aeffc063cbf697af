// Node only: what commands read from and write to the terminal.
import type {Writable} from 'node:stream';
import type {Progress} from '@regularizers/core';
import {printable} from '@regularizers/core';
import {type GenericFormatter, MultiBar, type SingleBar} from 'cli-progress';
import stringWidth from 'string-width';
import {formatSeconds} from '../report/rows.ts';

/** A stream that may be a terminal. */
export type Output = Writable & {readonly isTTY?: boolean; readonly columns?: number};

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
  /** A run begins; others may be under way. */
  start(title: string): void;
  update(title: string, progress: Progress): void;
  /** How much of it is done, from 0 to 1, and what is being done: of what is no single run. */
  part(title: string, share: number, words: string): void;
  /** A run has ended. */
  finish(title: string, line: string): void;
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
  part(): void {}
  finish(_: string, line: string): void {
    this.say(line);
  }
  say(line: string): void {
    say({stderr: this.#output}, line);
  }
  close(): void {}
}

const usualColumns = 80;
/** Columns of a bar: a third of the line, for what it is of has to have room. */
const [leastBar, mostBar] = [8, 40];

/** A bar and what it is of, in one line of so many columns; what has no room is cut, and ends in `…`. */
export function barLine(share: number, text: string, columns: number = usualColumns): string {
  const room = columns - 1; // in the last column a cursor may be in the next line already
  const size = Math.min(mostBar, Math.max(leastBar, Math.floor(room / 3)));
  const done = Math.round(Math.min(1, Math.max(0, share)) * size);
  return `${'█'.repeat(done)}${'░'.repeat(size - done)} ${fitting(text, room - size - 1)}`;
}

const segmenter = new Intl.Segmenter();

/** The text, or as much of its beginning as so many columns hold: characters as people see them, some two columns wide. */
function fitting(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let cut = '';
  for (const {segment} of segmenter.segment(text)) {
    if (stringWidth(cut + segment) >= columns) break;
    cut += segment;
  }
  return `${cut}…`;
}

class Bars implements ProgressView {
  readonly #output: Output;
  readonly #bars: MultiBar;
  readonly #total: SingleBar | undefined;
  /** Those of runs under way, and of ended ones, to be taken by the next. */
  readonly #running = new Map<string, SingleBar>();
  readonly #idle: SingleBar[] = [];

  constructor(output: Output, runs: number, done: number) {
    this.#output = output;
    this.#bars = new MultiBar({
      stream: output as NodeJS.WriteStream,
      hideCursor: true,
      clearOnComplete: true,
      fps: 8,
      // Otherwise lines are cut by characters, which are not columns. Ours are never too long.
      linewrap: true,
    });
    if (runs > 1) {
      this.#total = this.#bars.create(
        runs,
        done,
        {},
        {
          format: (_, {progress, value, total, startTime}) => {
            const seconds = Math.round((Date.now() - startTime) / 1000);
            return barLine(progress, `${value}/${total} runs, ${formatSeconds(seconds)}`, output.columns);
          },
        },
      );
    }
  }

  start(title: string): void {
    const bar = this.#idle.pop() ?? this.#newBar();
    bar.update(0, {title: printable(title), epoch: ''});
    this.#running.set(title, bar);
  }

  #newBar(): SingleBar {
    // Of a long title the end is dropped, and never the epoch.
    const format: GenericFormatter = (_, {progress}, {title, epoch}: Payload) =>
      barLine(progress, `${epoch}${title}`, this.#output.columns);
    return this.#bars.create(1, 0, {title: '', epoch: ''}, {format});
  }

  update(title: string, progress: Progress): void {
    const {member, members, epoch, epochs, stepInEpoch, stepsPerEpoch = stepInEpoch} = progress;
    const share = (member + (epoch - 1 + stepInEpoch / stepsPerEpoch) / epochs) / members;
    const which = members > 1 ? `member ${member + 1}/${members}, ` : '';
    this.#running.get(title)?.update(share, {epoch: `${which}epoch ${epoch}/${epochs}: `});
  }

  part(title: string, share: number, words: string): void {
    this.#running.get(title)?.update(share, {epoch: `${printable(words)}: `});
  }

  finish(title: string, line: string): void {
    const bar = this.#running.get(title);
    this.#running.delete(title);
    if (bar) this.#idle.push(bar);
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

/** What a bar is of. */
interface Payload {
  readonly title: string;
  readonly epoch: string;
}
